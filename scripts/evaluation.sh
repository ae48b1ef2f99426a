#!/usr/bin/env bash
# The figures and tables of docs/EVALUATION.md, on files compressed here. SECONDS_EACH: how long each training may take.
# Needs the CMS and LHCb files in DATA (../shared/data); what is not there is skipped loudly.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$RB_BUILD/env.sh"

data="${DATA:-$RB_TOP/../shared/data}"
seconds="${SECONDS_EACH:-30}"
work="$RB_TOP/out/evaluation"
figures="$RB_TOP/docs/evaluation"
macros="$RB_TOP/benches/evaluation"
bounds="1e-2,1e-3,1e-4,bits10,bits12"
scan="3e-1,1e-1,3e-2,1e-2,3e-3,1e-3,1e-4"
mkdir -p "$work/group" "$work/single" "$figures"

# compress FILE MODE BOUND: into out/evaluation/MODE, unless it is there and younger than the program that wrote it
compress() {
   local source="$1" mode="$2" bound="$3" spec="rel-sigma=$3" target
   [[ "$bound" == bits* ]] && spec="bits=${bound#bits}"
   target="$work/$mode/$(basename "$source" .root)_$bound.root"
   [ "$target" -nt "$RB_BUILD/bin/rootbaler" ] && [ "$target" -nt "$source" ] && return
   # The report goes beside the file: sizes are read from there.
   rootbaler --json --quiet compress --force --mode "$mode" --seconds "$seconds" --bound "$spec" "$source" \
      "$target" >"${target%.root}.json" || die "$source could not be compressed at $bound: see the line above"
}

# macro NAME ARGUMENT...: all arguments are strings
macro() {
   local name="$1" call="$macros/$1.C(" argument
   shift
   for argument in "$@"; do call+="\"$argument\","; done
   quiet "$work/log/$(basename "$name").log" "$name.C failed" root -l -b -q "${call%,})"
}

# have FILE: says so loudly if it is not there
have() {
   [ -r "$1" ] && return
   say "SKIPPED: $1 is not here (set DATA to the folder that has it), and with it $2"
   return 1
}

# all FILE: at all bounds, two at a time; group mode for the studies, branch by branch for the scan of bounds
all() {
   local bound
   say "$(basename "$1"): compressing at $bounds and, branch by branch, at $scan"
   (
      trap 'jobs -p | xargs -r kill || true' EXIT
      for bound in ${bounds//,/ }; do
         compress "$1" group "$bound" &
         [ "$(jobs -rp | wc -l)" -lt 2 ] || wait -n || exit 1
      done
      while [ -n "$(jobs -rp)" ]; do wait -n || exit 1; done
      for bound in ${scan//,/ }; do compress "$1" single "$bound"; done
   ) || exit 1
   files+="${files:+,}$1"
}

files=""
for study in dimuon:cms_dimuon2010 jets:nano_ttbar lhcb:lhcb_b2hhh_phasespace; do
   source="$data/${study#*:}.root" name="${study%:*}"
   have "$source" "$name.C" || continue
   all "$source"
   say "$name.C"
   macro "$name" "$source" "$work/group" "$figures" "$bounds"
done

higgs="$ROOTSYS/$RB_HIGGS"
all "$higgs"
say "classifier.py"
folders=("ORIGINAL=$work/columns/higgs_0")
macro ../dump "$higgs" "$work/columns/higgs_0"
for bound in ${bounds//,/ }; do
   macro ../dump "$work/group/Higgs_data_$bound.root" "$work/columns/higgs_$bound"
   folders+=("$bound=$work/columns/higgs_$bound")
done
# With more threads than one, sums are taken in another order and the last digits change.
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python3 "$macros/classifier.py" "$figures" "${folders[@]}"
macro roc "$figures"

say "errors.C, visible.C"
macro errors "$files" "$work/group" "$figures" 1e-3
macro visible "$files" "$work/single" "$figures" "$scan"

say "docs/EVALUATION.md"
python3 "$macros/tables.py" "$RB_TOP/docs/EVALUATION.md" "$figures" "$work/group"
