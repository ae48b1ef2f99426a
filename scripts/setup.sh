#!/usr/bin/env bash
# Checks what must be on the machine and makes .venv with ROOT, CMake and ninja in pinned versions; without ROOT where
# another one is named (make ROOTSYS=/path).
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

check_machine() {
   [ -n "$other" ] || [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
      die "ROOT's PyPI package is built for x86_64 Linux, this is $(uname -s) $(uname -m): name a ROOT of your own by" \
         "make ROOTSYS=/path, or use such a machine or a container"
   need g++ "install a C++ compiler (Debian, Ubuntu: apt install g++)"
   need cargo "install Rust from https://rustup.rs, then open a new shell"
   local wanted have
   wanted="$(sed -n 's/^rust-version *= *"\(.*\)"/\1/p' "$RB_TOP/Cargo.toml")"
   have="$(rustc --version | awk '{ print $2 }')"
   [ "$(printf '%s\n' "$wanted" "$have" | sort -V | head -n 1)" = "$wanted" ] ||
      die "Rust $have is too old, $wanted or newer is needed: run rustup update"
   echo '#include <filesystem>
int main() { return std::filesystem::path("a").empty(); }' |
      g++ -std=c++17 -fsyntax-only -x c++ - 2>/dev/null ||
      die "g++ cannot compile C++17 with its standard headers: install g++ 9 or newer" \
         "(Debian, Ubuntu: apt install g++ libc6-dev)"
}

# Prints the first Python that will do; PYTHON=... goes before the usual names.
find_python() {
   local name found=""
   for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.10 python3.14}; do
      command -v "$name" >/dev/null 2>&1 || continue
      found="$name $("$name" -c 'import platform; print(platform.python_version())' 2>/dev/null || true)"
      "$name" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null || continue
      "$name" -c 'import venv, ensurepip' 2>/dev/null ||
         die "$found has no venv module: install it (Debian, Ubuntu: apt install python3-venv), or name another" \
            "Python with make PYTHON=..."
      echo "$name"
      return
   done
   die "Python 3.10 to 3.14 is needed, found ${found:-none}: install one, or name it with make PYTHON=/path/to/python3"
}

# Whether the ROOT that was named is one, of this machine.
check_root() {
   [ -x "$other/bin/root-config" ] && [ -x "$other/bin/rootcling" ] ||
      die "ROOTSYS=$other holds no ROOT with bin/root-config and bin/rootcling: name the folder that thisroot.sh names"
   say "ROOT $("$other/bin/root-config" --version) in $other"
   PYTHONPATH="$(root_modules "$other")" LD_LIBRARY_PATH="$(root_libraries "$other")" ROOTSYS="$other" \
      python3 -c 'import ROOT' 2>/dev/null ||
      say "NOTE: $(command -v python3) does not find the module ROOT of it," \
         "so that tests and macros in Python will fail:" \
         "put the Python that it is made for on the PATH"
}

other="$(other_root)"
check_machine
[ -z "$other" ] || check_root
python="$(find_python)"
need_space "$RB_VENV" 2000
if [ ! -x "$RB_VENV/bin/python" ]; then
   say "Python environment .venv ($("$python" --version))"
   quiet "$RB_BUILD/log/venv.log" "the virtual environment could not be made: remove .venv and try again" \
      "$python" -m venv "$RB_VENV"
fi
install_wanted() { # from the list on its standard input
   quiet "$RB_BUILD/log/pip.log" \
      "pip could not install requirements.txt: check the network (or PIP_INDEX_URL), then run make again" \
      "$RB_VENV/bin/python" -m pip install --disable-pip-version-check --only-binary=:all: -r /dev/stdin
}
if [ -n "$other" ]; then
   say "CMake and ninja into .venv"
   grep -v '^root==' "$RB_TOP/requirements.txt" | install_wanted
   touch "$RB_VENV/tools"
   exit 0
fi
say "ROOT, CMake and ninja into .venv (downloads about 300 MB the first time)"
install_wanted <"$RB_TOP/requirements.txt"
"$RB_VENV/bin/python" - >"$RB_BUILD/log/root.log" 2>&1 <<'PY' || die "ROOT does not start: see $RB_BUILD/log/root.log"
import ROOT
print(ROOT.gROOT.GetVersion())
assert ROOT.gInterpreter.ProcessLine("1 + 1;") == 2
PY
touch "$RB_VENV/complete"
