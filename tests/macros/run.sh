#!/usr/bin/env bash
# The macros and env.sh as a user meets them, on the HIGGS events that come with ROOT. Needs make build.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/common.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

begin macros
macros="$RB_TOP/root_macros"
higgs="$(rootsys)/$RB_HIGGS"
here="$(dirname "${BASH_SOURCE[0]}")"

# with_env COMMAND...: in a clean environment that sourced env.sh, as in a user's new shell
with_env() {
   env -i HOME="$HOME" PATH=/usr/bin:/bin PYTHONWARNINGS="$PYTHONWARNINGS" \
      bash -c '. "$0" && "$@"' "$RB_BUILD/env.sh" "$@"
}

# plain_root COMMAND...: ROOT alone, no trace of the plugin
plain_root() {
   env -i HOME="$HOME" PATH="$(rootsys)/bin:/usr/bin:/bin" "$@"
}

# fails TEXT COMMAND...: passes if the command fails with this text
fails() {
   local text="$1"
   shift
   ! "$@" >"$work/fails" 2>&1 || return 1
   grep -q "$text" "$work/fails" || { cat "$work/fails"; return 1; }
}

sourced_twice() {
   with_env bash -c '. "$0"; before=$PATH; . "$0"; [ "$PATH" = "$before" ]' "$RB_BUILD/env.sh"
}

check "env.sh puts rootbaler on the path" with_env bash -c 'command -v rootbaler && rootbaler --version'
check "env.sh puts ROOT 6.40 on the path" with_env bash -c 'root-config --version | grep -q "^6\.40"'
check "env.sh twice is env.sh once" sourced_twice

write="$macros/write_compressed"
check "write_compressed.C with bounds alone" with_env root -l -b -q "$write.C(\"$work/w.root\")"
check "what it wrote keeps its bounds" with_env root -l -b -q "$here/written.C(\"$work/w.root\")"
# keeps FILE COMMAND...: passes if the command refuses to write FILE, which stays as it is
keeps() {
   local before
   before="$(md5sum "$1")"
   fails "exists" with_env "${@:2}" && [ "$(md5sum "$1")" = "$before" ]
}
check "write_compressed.C replaces no file" keeps "$work/w.root" root -l -b -q "$write.C(\"$work/w.root\")"
check "write_compressed.py replaces no file" keeps "$work/w.root" python3 "$write.py" "$work/w.root"
check "train_and_compress.C replaces no file" keeps "$work/w.root" root -l -b -q \
   "$macros/train_and_compress.C(\"$higgs\",\"sig_tree\",\"$work/w.root\",\"$work/no.model\")"
check "train_and_compress.py replaces no file" keeps "$work/w.root" \
   python3 "$macros/train_and_compress.py" "$higgs" sig_tree "$work/w.root" "$work/no.model"
check "analysis.C replaces no file" keeps "$work/w.root" root -l -b -q "$macros/analysis.C(\"$higgs\",\"$work/w.root\")"
check "write_compressed.py with bounds alone" with_env python3 "$write.py" "$work/wpy.root"
check "what it wrote keeps its bounds" with_env root -l -b -q "$here/written.C(\"$work/wpy.root\")"
check "train a model on it" with_env rootbaler train "$work/w.root" --bound abs=0.01 --seconds 5 -o "$work/jets.model"
check "write_compressed.C with the model" with_env root -l -b -q "$write.C(\"$work/wm.root\",\"$work/jets.model\")"
check "what it wrote keeps the model's bounds" with_env root -l -b -q "$here/written.C(\"$work/wm.root\",0.01)"
check "write_compressed.py with the model" with_env python3 "$write.py" "$work/wpym.root" "$work/jets.model"
check "what it wrote keeps the model's bounds" with_env root -l -b -q "$here/written.C(\"$work/wpym.root\",0.01)"
check "write_compressed.C fails without its model" \
   fails "none.model" with_env root -l -b -q "$write.C(\"$work/x.root\",\"$work/none.model\")"

echo "this is no ROOT file" >"$work/text.root"
check "analysis.C fails on a file that is not ROOT's" \
   fails "not a readable ROOT file" \
   with_env root -l -b -q "$macros/analysis.C(\"$work/text.root\",\"$work/x.root\")"
check "analysis.C fails on a file that is not there" \
   fails "not a readable ROOT file" with_env root -l -b -q "$macros/analysis.C(\"$work/none.root\",\"$work/x.root\")"

check "train for a few seconds" with_env rootbaler train "$higgs" --bound abs=0.01 --seconds 5 -o "$work/model"
check "compress" with_env rootbaler compress "$higgs" "$work/small.root" --model "$work/model"
check "decompress" with_env rootbaler decompress "$work/small.root" "$work/plain.root"
check "analysis.C on the original" plain_root root -l -b -q "$macros/analysis.C(\"$higgs\",\"$work/h0.root\")"
check "analysis.C on the compressed file" \
   with_env root -l -b -q "$macros/analysis.C(\"$work/small.root\",\"$work/h1.root\")"
check "analysis.C on the decompressed file without the plugin" \
   plain_root root -l -b -q "$macros/analysis.C(\"$work/plain.root\",\"$work/h2.root\")"
check "histograms: compressed and decompressed agree, the original nearly" \
   plain_root root -l -b -q "$here/same_histograms.C(\"$work/h0.root\",\"$work/h1.root\",\"$work/h2.root\")"
check "evaluate.C draws all plots" with_env root -l -b -q \
   "$macros/evaluate.C(\"$higgs\",\"$work/small.root\",\"$work/evaluation\",\"$work/plain.root\")"
mkdir "$work/broken"
touch "$work/broken/libASImage.so"
no_images() {
   with_env bash -c 'LD_LIBRARY_PATH="$0:$LD_LIBRARY_PATH" rootbaler evaluate "$@"' "$work/broken" \
      "$higgs" "$work/small.root" -o "$work/pdf_only" 2>&1 | tee "$work/said"
   [ "$(grep -c "the plots are PDF only" "$work/said")" = 1 ] && [ -s "$work/pdf_only/plots/compare.pdf" ]
}
check "evaluate says so where ROOT can write no PNG" no_images
for plot in m_bb.png m_wwbb.png m_j1j2.png compare.pdf error_sig_tree.png error_bkg_tree.png error_distribution.pdf; do
   check "plot $plot" test -s "$work/evaluation/plots/$plot"
done

for tree in sig_tree bkg_tree; do
   check "train_and_compress.C writes $tree with the model" with_env root -l -b -q \
      "$macros/train_and_compress.C(\"$higgs\",\"$tree\",\"$work/$tree.root\",\"$work/model\")"
   check "train_and_compress.py writes the same file" \
      with_env python3 "$macros/train_and_compress.py" "$higgs" "$tree" "$work/py_$tree.root" "$work/model"
   check "what PyROOT wrote keeps the bounds of what the macro wrote" \
      with_env rootbaler verify "$work/$tree.root" "$work/py_$tree.root"
done
check "hadd merges both" with_env hadd "$work/both.root" "$work/sig_tree.root" "$work/bkg_tree.root"
check "the merged file keeps its bounds" with_env rootbaler verify "$higgs" "$work/both.root"
exit "$failed"
