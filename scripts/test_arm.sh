#!/usr/bin/env bash
# Tests of the core in a program for 64-bit ARM, in an emulator: NEON's kernels, bounds, golden files written on x86-64.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

target=aarch64-unknown-linux-gnu
packages="gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static"
for program in aarch64-linux-gnu-gcc qemu-aarch64-static; do
   need "$program" "install a cross compiler and an emulator (Debian, Ubuntu: apt install $packages)"
done
need rustup "the standard library for ARM comes by it, from https://rustup.rs"
cd "$RB_TOP"
rustup target list --installed | grep -qx "$target" ||
   quiet "$RB_BUILD/log/arm.log" "Rust's standard library for ARM could not be had" rustup target add "$target"
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64-static -L /usr/aarch64-linux-gnu"
export CC_aarch64_unknown_linux_gnu=aarch64-linux-gnu-gcc
# all but the test of the C header, which is no different there
tests="--lib --test bound --test golden --test inference --test layout --test vectors"
# shellcheck disable=SC2086
cargo test -p rootbaler --target "$target" ${JOBS:+-j "$JOBS"} $tests ||
   die "a test of the core failed on ARM: see above"
