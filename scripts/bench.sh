#!/usr/bin/env bash
# Sizes and speeds of RootBaler beside ROOT's own settings and pcodec, for FILE at BOUND (HIGGS at 1e-3 sigma).
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$RB_BUILD/env.sh"

file="${FILE:-$ROOTSYS/$RB_HIGGS}"
bound="${BOUND:-rel-sigma=1e-3}"
work="$RB_TOP/out/bench"
[ -r "$file" ] || die "FILE=$file cannot be read: name a ROOT file"
mkdir -p "$work"
quiet "$RB_BUILD/log/pip_bench.log" "pip could not install pcodec: check the network" \
   "$RB_VENV/bin/python" -m pip install --disable-pip-version-check -r "$RB_TOP/benches/requirements.txt"

for mode in group single; do
   say "Compressing $file at $bound, mode $mode"
   # Mode group trains a network for this file.
   rootbaler compress --quiet --force "$file" "$work/$mode.root" ${TREE:+--tree "$TREE"} --bound "$bound" --mode "$mode"
done
say "Sizes and speeds"
{
   root -l -b -q "$RB_TOP/benches/settings.C(\"$file\",\"$work/group.root\",\"$work/single.root\",\"$work\")" |
      grep -v -e '^Processing' -e '^(int)' -e '^$'
   python3 "$RB_TOP/benches/pcodec_size.py" "$work/columns"
} | tee "$work/table.txt"
rm -r "$work/columns" "$work"/*.root
