#!/usr/bin/env bash
# Sizes and speeds of RootBaler beside ROOT's own settings, SZ3, zfp and pcodec: tables and plots in out/bench.
# On FILE; without it on the HIGGS events that come with ROOT, on generated events, and on what is in DATA.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$RB_BUILD/env.sh"
work="$RB_TOP/out/bench"
. "$RB_TOP/scripts/measure.sh"

data="${DATA:-$RB_TOP/../shared/data}"
seconds="${SECONDS_EACH:-25}"
files="$work/files"
bounds="1e-2 1e-3 1e-4"
levels="1 3 9" # beside the default, at 1e-3 sigma
mkdir -p "$files"
python="$("$RB_TOP/scripts/bench_python.sh")"

bench() {
   local source="$1" name bound level ours
   name="$(basename "$source" .root)"
   say "$name: compressing at $bounds sigma, and at levels $levels"
   for bound in $bounds; do
      pair compress_once "$source" "$files/${name}_group_$bound.root" --bound "rel-sigma=$bound" --seconds "$seconds"
      pair compress_once "$source" "$files/${name}_single_$bound.root" --bound "rel-sigma=$bound" --mode single
   done
   for level in $levels; do
      pair compress_once "$source" "$files/${name}_level${level}_1e-3.root" --bound rel-sigma=1e-3 --level "$level" \
         --seconds "$seconds"
   done
   pairs_done
   say "$name: reading, writing, peers"
   for bound in $bounds; do
      ours="group=$files/${name}_group_$bound.root,single=$files/${name}_single_$bound.root"
      if [ "$bound" = 1e-3 ]; then
         for level in $levels; do ours+=",level $level=$files/${name}_level${level}_1e-3.root"; done
      fi
      macro settings.C "$source" "$bound" "$ours" "$work" >>"$work/peers.csv"
      macro dump.C "$source" "$work/columns" "$files/${name}_group_$bound.root"
      "$python" "$RB_TOP/benches/peers.py" "$work/columns" "$name" "$bound" >>"$work/peers.csv"
      rm -r "$work/columns"
   done
}

echo "file,bound,method,raw bytes,bytes,write MB/s,read MB/s,largest error / bound" >"$work/peers.csv"
if [ -n "${FILE:-}" ]; then
   [ -r "$FILE" ] || die "FILE=$FILE cannot be read: name a ROOT file"
   bench "$FILE"
else
   [ -e "$work/generated.root" ] || macro generate.C "$work/generated.root"
   bench "$ROOTSYS/$RB_HIGGS"
   bench "$work/generated.root"
   for name in cms_dimuon2010 nano_ttbar; do
      if [ -r "$data/$name.root" ]; then
         bench "$data/$name.root"
      else
         say "SKIPPED: $data/$name.root is not here (set DATA to the folder that has it)"
      fi
   done
fi
python3 "$RB_TOP/benches/report.py" "$work"
macro curves.C "$work"
say "Done: peers.csv, columns.csv, table.txt and *.png in $work"
