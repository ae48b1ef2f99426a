#!/usr/bin/env bash
# Is a new build as fast as an old one? Runs benches/speed.C with both in turn, PAIRS times (15), on the same FILE
# (HIGGS) with the same model; prints the medians of new/old for writing and reading and fails above LIMIT.
# usage: [FILE=mine.root] [TREE=Events] [BOUND=rel-sigma=1e-3] [MODEL=kind.model] [PAIRS=15] [ROUNDS=3]
#        compare_builds.sh OLD NEW [LIMIT=1.03]
# OLD and NEW are checkouts that were built, or prefixes of `make install`.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ $# -ge 2 ] || die "usage: compare_builds.sh OLD NEW [LIMIT], each a checkout that was built or a prefix"

limit="${3:-1.03}"
pairs="${PAIRS:-15}"
bound="${BOUND:-rel-sigma=1e-3}"
work="$RB_TOP/out/compare"
mkdir -p "$work"

prefix_of() {
   local dir
   for dir in "$1/build" "$1"; do
      [ ! -e "$dir/env.sh" ] || { (cd "$dir" && pwd) && return; }
   done
   die "neither $1/build/env.sh nor $1/env.sh exists: build it first (make build)"
}
old="$(prefix_of "$1")"
new="$(prefix_of "$2")"

# with PREFIX COMMAND...: in that build's environment alone
with() {
   local prefix="$1"
   shift
   (set +u && export LD_LIBRARY_PATH="" && . "$prefix/env.sh" && OMP_WAIT_POLICY=passive OMP_NUM_THREADS=1 "$@")
}

file="${FILE:-$(with "$old" sh -c 'echo "$ROOTSYS"')/$RB_HIGGS}"
[ -r "$file" ] || die "FILE=$file cannot be read: name a ROOT file"

# each build reads a codec object of its own form, but the model is the same
model="${MODEL:-$work/old.model}"
if [ -z "${MODEL:-}" ]; then
   say "Training on $file with the old build"
   with "$old" rootbaler train --quiet --force "$file" -o "$model" ${TREE:+--tree "$TREE"} --bound "$bound"
fi
compress() { # compress old|new PREFIX
   say "Compressing $file with the $1 build"
   local of=(rootbaler compress --quiet --force ${TREE:+--tree "$TREE"} "$file")
   with "$2" "${of[@]}" "$work/$1_single.root" --bound "$bound" --mode single
   with "$2" "${of[@]}" "$work/$1_group.root" --model "$model"
}
compress old "$old"
compress new "$new"

measure() { # measure old|new PREFIX: a line "old METHOD BYTES WRITE READ" for each method
   local files="single=$work/$1_single.root group=$work/$1_group.root"
   with "$2" root -l -b -q \
      "$RB_TOP/benches/speed.C(\"$file\",\"$files\",\"$work\",${ROUNDS:-3})" |
      awk -v build="$1" '/^(ROOT 505|single|group) / {
         print build, $1 == "ROOT" ? "zstd" : $1, $(NF-4), $(NF-3), $(NF-1)
      }'
}

: >"$work/times.txt"
for pair in $(seq "$pairs"); do
   say "Pair $pair of $pairs"
   # the first of two runs may be helped or held up by what ran before: each build is first as often
   if [ $((pair % 2)) = 1 ]; then
      measure old "$old" >>"$work/times.txt" && measure new "$new" >>"$work/times.txt"
   else
      measure new "$new" >>"$work/times.txt" && measure old "$old" >>"$work/times.txt"
   fi
done
rm "$work"/*.root

# zstd is not ours: its ratio tells how far chance alone goes
python3 - "$work/times.txt" "$limit" "$pairs" <<'END'
import statistics, sys

runs = {}
for line in open(sys.argv[1]):
    build, method, size, write, read = line.split()
    runs.setdefault((method, build), []).append((int(size), float(write), float(read)))
limit, worst = float(sys.argv[2]), 0.0
print(f"{'':8s} {'bytes old':>12s} {'new':>12s} {'write new/old':>14s} {'read new/old':>14s}")
for method in ("zstd", "single", "group"):
    old, new = runs.get((method, "old"), []), runs.get((method, "new"), [])
    if len(old) != int(sys.argv[3]) or len(new) != len(old):
        sys.exit(f"error: {method} was not measured in every run: see the lines above")
    ratios = [statistics.median(n[i] / o[i] for o, n in zip(old, new)) for i in (1, 2)]
    print(f"{method:8s} {old[0][0]:12d} {new[0][0]:12d} {ratios[0]:14.3f} {ratios[1]:14.3f}")
    worst = max(worst, *ratios) if method != "zstd" else worst
print(f"medians of {len(old)} pairs; at most {limit} is allowed")
sys.exit(worst > limit)
END
