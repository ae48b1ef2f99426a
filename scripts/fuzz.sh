#!/usr/bin/env bash
# Feeds the core with hostile bytes: the targets of tests/fuzz, two at a time (tests/fuzz/README.md).
# usage: fuzz.sh [SECONDS FOR EACH [TARGET...]]
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

seconds="${1:-60}"
shift || true
version=0.13.2
tools="$RB_CACHE/tools"
work="$RB_BUILD/fuzz"
fuzz="$RB_TOP/tests/fuzz"
# what it needs of the compiler is only in nightly ones, or where they are told to be
export RUSTC_BOOTSTRAP=1 PATH="$tools/bin:$PATH"
[ -z "${JOBS:-}" ] || export CARGO_BUILD_JOBS="$JOBS"
triple="$(rustc -vV | sed -n 's/^host: //p')"

cd "$RB_TOP"
if [ "$(cargo fuzz --version 2>/dev/null)" != "cargo-fuzz $version" ]; then
   quiet "$work/install.log" "cargo-fuzz could not be installed" \
      cargo install --quiet --locked --root "$tools" --target-dir "$CARGO_TARGET_DIR/tools" "cargo-fuzz@$version"
fi
quiet "$work/build.log" "the fuzz targets did not compile" \
   cargo fuzz build --fuzz-dir "$fuzz" --target-dir "$CARGO_TARGET_DIR/fuzz"
targets=("$@")
[ $# -gt 0 ] || mapfile -t targets < <(cargo fuzz list --fuzz-dir "$fuzz")

# What is found is kept in build/, and is where the next call begins.
run() {
   local target="$1" own="$work/corpus/$1"
   mkdir -p "$own" "$work/found"
   "$CARGO_TARGET_DIR/fuzz/$triple/release/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 \
      -artifact_prefix="$work/found/$target-" -print_final_stats=1 "$own" "$fuzz/corpus/$target" \
      >"$work/$target.log" 2>&1
}

report() {
   local target="$1"
   if [ "$2" != 0 ]; then
      tail -n 30 "$work/$target.log" >&2
      printf 'FOUND by %s: see %s\n' "$target" "$work/$target.log" >&2
      return 1
   fi
   awk -v target="$target" '/number_of_executed_units/ { runs = $2 }
      /ft:/ { ft = $0; sub(/.*ft: /, "", ft); sub(/ .*/, "", ft) }
      END { printf "    %-8s %9d runs, %6d features, nothing found\n", target, runs, ft }' "$work/$target.log"
}

say "Fuzzing for $seconds seconds each: ${targets[*]}"
failed=0
for ((i = 0; i < ${#targets[@]}; i += 2)); do
   pids=()
   for target in "${targets[@]:i:2}"; do
      run "$target" &
      pids+=($!)
   done
   for ((k = 0; k < ${#pids[@]}; k++)); do
      code=0
      wait "${pids[k]}" || code=$?
      report "${targets[i + k]}" "$code" || failed=1
   done
done
[ "$failed" = 0 ] ||
   die "fuzzing found something: what made it is in build/fuzz/found (tests/fuzz/README.md says what then)"
