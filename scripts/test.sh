#!/usr/bin/env bash
# All tests: Rust (core, CLI, trainer) and ROOT (CTest).
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

use_build_env
cd "$RB_TOP"
say "Tests of the core (with overflow checks)"
cargo test -p rootbaler ${JOBS:+-j "$JOBS"} || die "a test of the core failed: see above"
say "Tests of the CLI and the trainer"
# In release mode, so that the binding to libtorch is not compiled a second time.
LD_LIBRARY_PATH="$LD_LIBRARY_PATH:$LIBTORCH/lib" \
   cargo test --release -p rootbaler-cli -p rootbaler-train ${JOBS:+-j "$JOBS"} || die "a test of the CLI or the trainer failed: see above"
say "Tests with ROOT"
ctest --test-dir "$RB_BUILD/cmake" --output-on-failure --no-tests=error || die "a test with ROOT failed: see above"
say "Tests of the macros"
tests/macros/run.sh || die "a test of the macros failed: see above"
say "All tests passed"
