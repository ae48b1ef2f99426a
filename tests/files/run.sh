#!/usr/bin/env bash
# Files that were trouble once, and real ones, there and back: each is compressed lossless and within bounds (MODE, one
# of single and group), compared by a judge that knows nothing of us, packed anew, merged by hadd, and made an ordinary
# file again. A table of sizes and times is in out/files_MODE.txt. They are in SHARED (../shared), which not all
# checkouts have. Needs make build.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/common.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

shared="${SHARED:-$RB_TOP/../shared}"
if [ ! -d "$shared/cases" ] || [ ! -r "$shared/tools/judge/judge.cxx" ]; then
   echo "SKIPPED: $shared has no cases and no judge (name another folder with SHARED)"
   exit 0
fi
use_build_env
PATH="$RB_BUILD/bin:$PATH"
begin files
mode="${MODE:-single}"
options=(--mode "$mode")
[ "$mode" = single ] || options+=(--seconds "${TRAIN:-10}")
mkdir -p "$RB_TOP/out"
table="$RB_TOP/out/files_$mode.txt"
printf '%-28s %-9s %10s %10s %6s %8s\n' file bound before after ratio seconds >"$table"

# What the judge itself cannot read, or ROOT cannot in the original.
unjudged=" nooffsets colon allpix2 gohep nano_dy_SpecialTree "
# What is refused, and the words that say why.
declare -A refused=([rntuple_atlas_physlite]="is an RNTuple")

libraries=(Core RIO Tree TreePlayer Hist MathCore Net Physics Graf Matrix ROOTVecOps ROOTDataFrame Imt Thread)
judge="$work/judge"
g++ -O1 -std=c++17 -I"$ROOTSYS/include" "$shared/tools/judge/judge.cxx" -o "$judge" -L"$ROOTSYS/lib" \
   "${libraries[@]/#/-l}" -Wl,--unresolved-symbols=ignore-in-shared-libs -pthread

# judged ORIGINAL OTHER exact|1e-3
judged() {
   case "$unjudged" in *" $(basename "$1" .root) "*) return ;; esac
   "$judge" "$1" "$2" "$3" 0 >"$work/judgement" 2>/dev/null || true
   tail -n 1 "$work/judgement" | grep -q '^RESULT bad 0 ' || { grep '^BAD' "$work/judgement" | head -n 5; return 1; }
}

# as_small ORIGINAL OTHER: no larger by more than 0.5 % and 2 kB
as_small() {
   local before after
   before="$(stat -Lc %s "$1")" after="$(stat -c %s "$2")"
   [ $((after * 1000)) -le $((before * 1005 + 2048000)) ] || { echo "$before -> $after bytes"; return 1; }
}

quotient() { awk "BEGIN { printf \"%.$3f\", $1 / $2 }"; }

# compressed FILE BOUND SMALL, with a line in the table
compressed() {
   local start end before after
   start="$(date +%s%N)"
   rootbaler compress --quiet "${options[@]}" --bound "$2" "$1" "$3" || return
   end="$(date +%s%N)" before="$(stat -Lc %s "$1")" after="$(stat -c %s "$3")"
   printf '%-28s %-9s %10d %10d %6s %8s\n' "$(basename "$1" .root)" "${2#rel-sigma=}" "$before" "$after" \
      "$(quotient "$before" "$after" 2)" "$(quotient $((end - start)) 1000000000 1)" >>"$table"
}

# merged ORIGINAL SMALL exact|1e-3: as the original is, if ROOT can do that at all
merged() {
   rm -f "$work/merged.root" "$work/of_original.root"
   hadd -ff "$work/of_original.root" "$1" >/dev/null 2>&1 || return 0
   hadd -ff "$work/merged.root" "$2" >"$work/said" 2>&1 || { tail -n 3 "$work/said"; return 1; }
   judged "$work/of_original.root" "$work/merged.root" "$3"
}

there_and_back() { # there_and_back FILE BOUND exact|1e-3
   rm -f "$work/small.root" "$work/plain.root" "$work/packed.root"
   compressed "$1" "$2" "$work/small.root" &&
      as_small "$1" "$work/small.root" && judged "$1" "$work/small.root" "$3" &&
      rootbaler decompress --quiet "$work/small.root" "$work/plain.root" && judged "$1" "$work/plain.root" "$3" &&
      rootbaler repack --quiet "$work/small.root" "$work/packed.root" && judged "$1" "$work/packed.root" "$3" &&
      merged "$1" "$work/small.root" "$3"
}

is_refused() { # is_refused FILE WORDS
   ! rootbaler compress --quiet --mode single "$1" "$work/none.root" 2>"$work/said" && grep -q "$2" "$work/said" &&
      [ ! -e "$work/none.root" ]
}

for file in "$shared"/cases/*/*.root "$shared"/data/*.root "$shared"/data/real/*.root; do
   name="$(basename "$file" .root)"
   if [ -n "${refused[$name]:-}" ]; then
      check "$name is refused" is_refused "$file" "${refused[$name]}"
      continue
   fi
   check "$name lossless" there_and_back "$file" lossless exact
   check "$name within 1e-3 sigma" there_and_back "$file" rel-sigma=1e-3 1e-3
done
exit "$failed"
