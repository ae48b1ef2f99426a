#!/usr/bin/env bash
# Builds the plugin for other releases of ROOT that PyPI has, runs the tests with ROOT in each, and prints a line for
# each (the table in docs/COMPATIBILITY.md). Needs make build; takes some 15 minutes and 1.5 GB for each, which are
# freed again.
# usage: test_roots.sh [VERSION_ON_PYPI]...; TESTS=REGEX chooses tests (ctest -R)
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ $# -gt 0 ] || set -- 0.1a8 0.1a9 0.1a10 0.1a12
unset PYTHONPATH # pip would take what is there for installed
work="$(mktemp -d "${TMPDIR:-/tmp}/rootbaler-roots.XXXXXX")"
trap 'rm -rf "$work"' EXIT
need_space "$work" 2000
logs="$RB_BUILD/log"
mkdir -p "$logs"
results=()

# refused_by_another BUILD: what the ROOT of the checkout says to a plugin that was built for another release. Its
# libraries come first, or the plugin would bring those of its own ROOT along, which the linker refuses before the
# plugin says a word.
refused_by_another() {
   local log own
   own="$(rootsys)"
   log="$(ROOTSYS="$own" LD_LIBRARY_PATH="$1/lib:$own/lib" \
      "$own/bin/root.exe" -l -b -q -n -e 'gSystem->Load("libRootBaler")' 2>&1)" || true
   grep 'it was built for ROOT' <<<"$log" || echo "no refusal by the ROOT of this checkout, but: $log"
}

# test_one VERSION: prints what came of it
test_one() {
   local version="$1" venv="$work/venv" build="$work/build" log="$logs/root_$1.log" root release
   "$RB_VENV/bin/python" -m venv "$venv"
   if ! "$venv/bin/python" -m pip install --disable-pip-version-check --only-binary=:all: \
      "root==$version" numpy >"$log" 2>&1; then
      echo "no package for this Python"
      return
   fi
   root="$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib") + "/ROOT")')"
   release="ROOT $("$root/bin/root-config" --version)"
   (
      unset CMAKE_PREFIX_PATH LD_LIBRARY_PATH PYTHONPATH ROOT_INCLUDE_PATH
      export ROOTSYS="$root" VIRTUAL_ENV="$venv" PATH="$root/bin:$venv/bin:$RB_VENV/bin:$PATH"
      if ! cmake -S "$RB_TOP" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >>"$log" 2>&1; then
         echo "$release: refused by CMake: $(grep -m 1 -A 3 'Could NOT find' "$log" | tr -s ' \n' ' ')"
      elif ! cmake --build "$build" ${JOBS:+-j "$JOBS"} >>"$log" 2>&1; then
         echo "$release: does not compile: $(grep -m 1 'error' "$log")"
      else
         ctest --test-dir "$build" --output-on-failure ${TESTS:+-R "$TESTS"} >>"$log" 2>&1 || true
         echo "$release: $(grep 'tests passed' "$log")" \
            "$(sed -n '/tests FAILED:/,/Errors/ s/^\t *[0-9]* - \([^ ]*\).*/\1/p' "$log" | tr '\n' ' ')"
         [ "$release" = "ROOT $("$(rootsys)/bin/root-config" --version)" ] || refused_by_another "$build"
      fi
   )
}

for version in "$@"; do
   say "root==$version"
   results+=("root==$version: $(test_one "$version")")
   echo "${results[-1]}"
   rm -rf "${work:?}"/*
done
printf '\n'
printf '%s\n' "${results[@]}"
