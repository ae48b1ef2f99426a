#!/usr/bin/env bash
# All tests: Rust (core, CLI, trainer) and ROOT (CTest).
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

use_build_env
cd "$RB_TOP"
say "Tests of the core (with overflow checks)"
cargo test -p rootbaler ${JOBS:+-j "$JOBS"} || die "a test of the core failed: see above"
say "Tests of the format: the golden files, decoded by a program that was written from docs/FORMAT.md alone"
PYTHONPATH=tests "$RB_VENV/bin/python" -m independent_reader tests/golden ||
   die "a golden file does not decode: see above"
say "Tests of the CLI"
# These two in release mode and one by one, as they were built: nothing is compiled a second time.
cargo test --release -p rootbaler-cli ${JOBS:+-j "$JOBS"} || die "a test of the CLI failed: see above"
say "Tests of the trainer"
LD_LIBRARY_PATH="$LD_LIBRARY_PATH:$LIBTORCH/lib" \
   cargo test --release -p rootbaler-train --target-dir "$RB_TRAINER_TARGET" ${JOBS:+-j "$JOBS"} ||
   die "a test of the trainer failed: see above"
say "Tests with ROOT"
ctest --test-dir "$RB_BUILD/cmake" -j "${JOBS:-2}" --output-on-failure --no-tests=error ||
   die "a test with ROOT failed: see above"
say "Tests of the macros"
tests/macros/run.sh || die "a test of the macros failed: see above"
say "Tests of the scripts"
tests/scripts/run.sh || die "a test of the scripts failed: see above"
say "README.md, line by line"
"$RB_VENV/bin/python" tests/readme/run.py . || die "a line of README.md failed: see above"
say "All tests passed"
