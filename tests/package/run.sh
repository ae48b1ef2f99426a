#!/bin/sh
# Installs the package to a folder of its own and builds the user's program beside it against that alone:
# run.sh <cmake> <build folder of the plugin> <scratch folder>. ROOT is on the paths, the plugin is not.
set -u
unset CMAKE_PREFIX_PATH # may name another ROOT
here=$(cd "$(dirname "$0")" && pwd)
cmake=$1
build=$2
rm -rf "$3"
mkdir -p "$3" && cd "$3" || exit 1

step() { # step COMMAND...: the log is shown on failure
   "$@" >log 2>&1 && return
   cat log
   echo "FAILED: $*"
   exit 1
}
clean() { if grep -E '^(Error|Warning|SysError|Fatal)' log; then echo "FAILED: messages from $1"; exit 1; fi; }

step "$cmake" --install "$build" --prefix "$PWD/prefix"
step "$cmake" -S "$here" -B user -DCMAKE_PREFIX_PATH="$PWD/prefix"
grep -q "RootBaler_DIR:PATH=$PWD/prefix/" user/CMakeCache.txt || { echo "FAILED: another RootBaler was found"; exit 1; }
step "$cmake" --build user
step user/simulate out.root
cat log
clean simulate

# The program finds the library by itself; readers find it on the library path.
LD_LIBRARY_PATH=$PWD/prefix/lib step root.exe -l -b -q -n "$here/check.C(\"out.root\",200000)"
clean check.C

# As a part of another project, of which it takes no name and to which it gives no tests. Only configured: it would be
# compiled a second time.
mkdir part
cat >part/CMakeLists.txt <<END
cmake_minimum_required(VERSION 3.20)
project(Whole LANGUAGES CXX)
add_subdirectory($here/../.. rootbaler)
add_executable(simulate $here/simulate.cxx)
target_link_libraries(simulate PRIVATE RootBaler::RootBaler)
END
step "$cmake" -S part -B part/build
if [ -e part/build/rootbaler/tests ]; then echo "FAILED: tests of a part"; exit 1; fi

# Another version of ROOT is refused before anything is compiled.
mkdir -p other/bin
ln -s "$ROOTSYS/lib" "$ROOTSYS/include" other/
ln -s "$ROOTSYS"/bin/* other/bin/
rm other/bin/root-config
printf '#!/bin/sh\ncase $1 in --version) echo 6.30.00 ;; esac\n' >other/bin/root-config
chmod +x other/bin/root-config
if ROOTSYS=$PWD/other "$cmake" -S "$here" -B refused -DCMAKE_PREFIX_PATH="$PWD/prefix" >log 2>&1; then
   echo "FAILED: ROOT 6.30 was accepted"; exit 1
fi
tr -s ' \n' ' ' <log | grep -q 'was built for ROOT .* is of ROOT 6\.30\.00' || # CMake breaks lines
   { cat log; echo "FAILED: no message about the version"; exit 1; }
cd .. && rm -rf "$3"
echo "PASSED: package"
