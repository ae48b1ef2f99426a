#!/usr/bin/env bash
# Files that were trouble once, and real ones, there and back: each is compressed lossless and within bounds, compared
# by a judge that knows nothing of us, and made an ordinary file again. They are in SHARED (../shared), which not all
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

there_and_back() { # there_and_back FILE BOUND exact|1e-3
   rm -f "$work/small.root" "$work/plain.root"
   rootbaler compress --quiet --mode single --bound "$2" "$1" "$work/small.root" &&
      as_small "$1" "$work/small.root" && judged "$1" "$work/small.root" "$3" &&
      rootbaler decompress --quiet "$work/small.root" "$work/plain.root" && judged "$1" "$work/plain.root" "$3"
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
