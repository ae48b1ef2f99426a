#!/usr/bin/env bash
# How long RootBaler takes to write and read FILE at BOUND (HIGGS at 1e-3 sigma), at LEVELS and in mode single, beside
# ROOT's own settings; then how reading scales with threads, on generated EVENTS (some clusters for each thread).
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$RB_BUILD/env.sh"

without_noise() { grep -v -e '^Processing' -e '^(int)' -e '^$' || true; }

file="${FILE:-$ROOTSYS/$RB_HIGGS}"
bound="${BOUND:-rel-sigma=1e-3}"
work="$RB_TOP/out/speed"
[ -r "$file" ] || die "FILE=$file cannot be read: name a ROOT file"
mkdir -p "$work"

files="single=$work/single.root"
say "Compressing $file at $bound"
rootbaler compress --quiet --force "$file" "$work/single.root" ${TREE:+--tree "$TREE"} --bound "$bound" --mode single
for level in ${LEVELS:-1 5 9}; do
   rootbaler compress --quiet --force "$file" "$work/level$level.root" ${TREE:+--tree "$TREE"} --bound "$bound" \
      --mode group --level "$level" --seconds "${SECONDS_TO_TRAIN:-60}"
   files="$files level$level=$work/level$level.root"
done
say "Speeds"
root -l -b -q "$RB_TOP/benches/speed.C(\"$file\",\"$files\",\"$work\",${ROUNDS:-5})" |
   without_noise | tee "$work/table.txt"

say "Threads"
root -l -b -q "$RB_TOP/benches/generate.C(\"$work/events.root\",${EVENTS:-800000})" | without_noise
rootbaler compress --quiet --force "$work/events.root" "$work/group.root" --bound "$bound" --mode group \
   --seconds "${SECONDS_TO_TRAIN:-60}"
rootbaler decompress --force "$work/group.root" "$work/zstd.root" >/dev/null # the same values and clusters
root -l -b -q "$RB_TOP/benches/threads.C(\"zstd=$work/zstd.root group=$work/group.root\",${ROUNDS:-5})" |
   without_noise | tee "$work/threads.txt"
rm "$work"/*.root
