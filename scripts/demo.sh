#!/usr/bin/env bash
# The main job from beginning to end: train, compress, decompress, one unchanged analysis on all three files, plots.
# FILE, TREE and BOUND say on what; without them, the HIGGS events that come with ROOT at 1e-3 sigma.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$RB_BUILD/env.sh"

file="${FILE:-$ROOTSYS/$RB_HIGGS}"
bound="${BOUND:-rel-sigma=1e-3}"
macros="$RB_TOP/root_macros"
out="$RB_TOP/out/demo"
[ -r "$file" ] || die "FILE=$file cannot be read: name a ROOT file, e.g. make demo FILE=\$HOME/x.root"
rm -rf "$out"
mkdir -p "$out/histograms" "$out/plots"

# run_macro LOG MACRO ARGUMENT...: all arguments are strings
run_macro() {
   local log="$1" call="$2(" argument
   shift 2
   for argument in "$@"; do call+="\"$argument\","; done
   quiet "$out/log/$log" "$log failed" root -l -b -q "${call%,})"
}

say "1/5 Training and compressing $file at $bound"
ln -sfn "$(cd "$(dirname "$file")" && pwd)/$(basename "$file")" "$out/original.root"
rootbaler compress "$file" "$out/compressed.root" ${TREE:+--tree "$TREE"} --bound "$bound" --train

say "2/5 Decompressing to a plain ROOT file"
rootbaler decompress "$out/compressed.root" "$out/decompressed.root"

say "3/5 The same analysis.C on the three files"
axes=""
for name in original compressed decompressed; do
   run_macro "analysis_$name.log" "$macros/analysis.C" "$out/$name.root" "$out/histograms/$name.root" ${axes:+"$axes"}
   axes="$out/histograms/original.root"
   grep -h "histograms$" "$out/log/analysis_$name.log" | sed "s|$out/|    |"
done

say "4/5 Every value against its bound, and the errors in units of it"
rootbaler evaluate --quiet "$out/original.root" "$out/compressed.root" -o "$out"

say "5/5 Histograms before and after, with ratio panels"
run_macro compare.log "$macros/compare.C" "$out/histograms/original.root" \
   "$out/histograms/compressed.root" "$out/plots" \
   "$out/histograms/decompressed.root"

size() { stat -Lc %s "$1"; }
before="$(size "$out/original.root")" after="$(size "$out/compressed.root")"
say "Done: $before bytes became $after, model included (ratio $(awk "BEGIN { printf \"%.2f\", $before / $after }"))"
echo "    files   $out/*.root"
echo "    table   $out/table.txt, table.csv, table.json"
if compgen -G "$out/plots/*.png" >/dev/null; then
   echo "    plots   $out/plots/*.png, compare.pdf, error_distribution.pdf"
else
   echo "    plots   $out/plots/compare.pdf, error_distribution.pdf"
   echo "            (no PNG: ROOT cannot load its image library; Debian, Ubuntu: apt install libsm6 libxext6)"
fi
