# Shared by the scripts: where things are, progress lines, one-line errors. Sourced, never run.
# shellcheck shell=bash disable=SC2034
set -euo pipefail
unset CDPATH

RB_TOP="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
RB_VENV="$RB_TOP/.venv"
RB_BUILD="$RB_TOP/build"
RB_CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/rootbaler"
RB_HIGGS=tutorials/machine_learning/data/Higgs_data.root
# A user's own target folder would hide the core library from CMake.
export CARGO_TARGET_DIR="$RB_TOP/target"
# The trainer's dependencies ask for other features of crates that the core uses too, and the core's library files have
# no hash in their names: in one folder each of the two builds would throw away the other's, every time.
RB_TRAINER_TARGET="$CARGO_TARGET_DIR/trainer"
# ROOT warns at every start of PyROOT that its PyPI package is young; we know.
export PYTHONWARNINGS="ignore::UserWarning${PYTHONWARNINGS:+,$PYTHONWARNINGS}"

say() { printf '==> %s\n' "$*"; }
die() {
   printf 'error: %s\n' "$*" >&2
   exit 1
}

# Programs that end in their own way at Ctrl-C, as pip does, would look as if they had failed.
trap 'printf "\n"; say interrupted >&2; exit 130' INT

# need PROGRAM "what to do if it is missing"
need() { command -v "$1" >/dev/null 2>&1 || die "$1 was not found: $2"; }

# quiet LOG "what to do if it fails" COMMAND...: the output goes to LOG, and its end is shown only on failure
quiet() {
   local log="$1" hint="$2"
   shift 2
   mkdir -p "$(dirname "$log")"
   if ! "$@" >"$log" 2>&1; then
      tail -n 15 "$log" >&2
      die "$hint (whole log: $log)"
   fi
}

# need_space DIR MEGABYTES: a full disk half-way through is harder to understand than this line
need_space() {
   local dir="$1" free
   while [ ! -d "$dir" ]; do dir="$(dirname "$dir")"; done
   free="$(df -Pm "$dir" | awk 'NR == 2 { print $4 }')"
   [ "$free" -ge "$2" ] ||
      die "$1 needs $2 MB of disk space, and only $free MB are free: make room, or set XDG_CACHE_HOME or TMPDIR to" \
         "another disk"
}

# The ROOT of make ROOTSYS=/path, else the one that the plugin was built for before; nothing for the package in .venv.
other_root() { printf '%s' "${RB_ROOTSYS-$(cat "$RB_BUILD/rootsys" 2>/dev/null || true)}"; }

# The folder of the ROOT to build for and to run with.
rootsys() {
   local other
   other="$(other_root)"
   if [ -n "$other" ]; then
      echo "$other"
   else
      "$RB_VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib") + "/ROOT")'
   fi
}

# root_libraries ROOTSYS: the folder of its libraries. The package's root-config names one that the package does not
# have.
root_libraries() {
   local libraries
   libraries="$("$1/bin/root-config" --libdir)"
   [ -d "$libraries" ] || libraries="$1/lib"
   echo "$libraries"
}

# root_modules ROOTSYS: where Python finds its module.
root_modules() { if [ -e "$1/__init__.py" ]; then dirname "$1"; else root_libraries "$1"; fi; }

# What cargo, CMake and the tests find ROOT and libtorch by. The same for every call: cargo builds anew when it changes.
use_build_env() {
   ROOTSYS="$(rootsys)"
   LIBTORCH="$("$RB_TOP/scripts/libtorch.sh")"
   export ROOTSYS LIBTORCH LIBTORCH_CXX11_ABI=1 ROOTBALER_PREFIX="$RB_BUILD"
   if [ -n "$(other_root)" ]; then # the Python that it is made for goes before ours, which has CMake and ninja
      export PATH="$ROOTSYS/bin:$PATH:$RB_VENV/bin"
      PYTHONPATH="$(root_modules "$ROOTSYS")${PYTHONPATH:+:$PYTHONPATH}"
      export PYTHONPATH
   else
      export PATH="$ROOTSYS/bin:$RB_VENV/bin:$PATH"
   fi
   LD_LIBRARY_PATH="$RB_BUILD/lib:$(root_libraries "$ROOTSYS")${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
   export LD_LIBRARY_PATH
   # One thread that sleeps when idle: OpenMP's spinning ones starve their neighbours.
   export OMP_WAIT_POLICY=passive OMP_NUM_THREADS=1
}
