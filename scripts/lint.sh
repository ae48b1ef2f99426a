#!/usr/bin/env bash
# Lints of all Rust code; needs make build.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

use_build_env
cd "$RB_TOP"
# In release mode, so that the binding to libtorch is not compiled a second time.
cargo clippy --release --workspace --all-targets ${JOBS:+-j "$JOBS"} -- -D warnings
