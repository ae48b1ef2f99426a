#!/usr/bin/env bash
# Runs tests under the compilers' sanitizers and Miri. What this machine lacks is skipped, and said so.
# usage: sanitize.sh [core|boundary|threads|plugin|plugin_threads]...
#   core            the core's tests under AddressSanitizer, with overflow checks
#   boundary        its C boundary in Miri, or else under valgrind
#   threads         its tests with threads under ThreadSanitizer
#   plugin          tests with ROOT under AddressSanitizer and UndefinedBehaviorSanitizer
#   plugin_threads  those with threads of our own under ThreadSanitizer
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# sanitizers are options of nightly compilers, or of such as are told to be; for all else it would compile everything
# anew
nightly=(env RUSTC_BOOTSTRAP=1)
triple="$(rustc -vV | sed -n 's/^host: //p')"
sources="$(rustc --print sysroot)/lib/rustlib/src/rust/library"
# Tests of pieces that start, read and write in several threads; one of them runs each test in threads of its own.
threaded=(--test session_read --test session_write --test session_capi --test capi)
with_root='root_(bounds|group|group_imt|single|damaged|damaged_group|clone|hadd_group|parallel_unzip|kinds_group|'
with_root+='kinds_damaged|counts|foreign|keys|names|snapshot_imt|missing_branch|circular)$'
# With ROOT's own tasks it sees races everywhere: it does not know how oneTBB orders them, which is not compiled for it.
with_threads='root_transcode$'

skip() { printf 'SKIPPED: %s\n' "$*"; }

component() { # NAME "how it is seen": rustup brings it where it can
   eval "$2" >/dev/null 2>&1 && return
   command -v rustup >/dev/null && rustup component add "$1" >/dev/null 2>&1
   eval "$2" >/dev/null 2>&1
}

test_core() { # SANITIZER ARGUMENTS...
   local sanitizer="$1"
   shift
   "${nightly[@]}" RUSTFLAGS="-Zsanitizer=$sanitizer -Cforce-frame-pointers=yes" \
      cargo test -p rootbaler --target "$triple" --target-dir "$CARGO_TARGET_DIR/$sanitizer" ${JOBS:+-j "$JOBS"} "$@"
}

sanitize_core() {
   say "The core's tests under AddressSanitizer, with overflow checks"
   test_core address --lib --tests || die "AddressSanitizer or a test has something to say: see above"
}

sanitize_boundary() {
   say "The core's C boundary in Miri"
   if component miri "cargo miri --version" && component rust-src "test -d '$sources'"; then
      "${nightly[@]}" MIRIFLAGS=-Zmiri-disable-isolation \
         cargo miri test -p rootbaler --test capi --target-dir "$CARGO_TARGET_DIR/miri" ||
         die "Miri has something to say: see above"
      return
   fi
   skip "this Rust has no Miri (rustup toolchain install nightly --component miri,rust-src)"
   if ! command -v valgrind >/dev/null; then
      skip "nor is there valgrind in its place"
      return
   fi
   say "The core's C boundary under valgrind in its place"
   # not undefined values: compilers compute the power of a bound that is none, and leave it
   local runner="valgrind -q --error-exitcode=9 --undef-value-errors=no --leak-check=full"
   runner+=" --errors-for-leak-kinds=definite"
   env "CARGO_TARGET_$(tr 'a-z-' 'A-Z_' <<<"$triple")_RUNNER=$runner" \
      cargo test -p rootbaler ${JOBS:+-j "$JOBS"} --test capi --test session_capi ||
      die "valgrind or a test has something to say: see above"
}

sanitize_threads() {
   say "The core's tests with threads under ThreadSanitizer"
   if ! component rust-src "test -d '$sources'"; then
      skip "this Rust has no sources of its standard library (rustup component add rust-src)," \
         "without which every lock" \
         "in it looks like a race"
      return
   fi
   test_core thread -Zbuild-std "${threaded[@]}" || die "ThreadSanitizer or a test has something to say: see above"
}

# A plugin of its own; ROOT is as it is, so that the sanitizer's library has to be there before it.
build_plugin() { # FOLDER SANITIZERS
   cargo build --release -p rootbaler ${JOBS:+-j "$JOBS"} || die "the core did not compile"
   quiet "$1/configure.log" "CMake could not configure the plugin" \
      cmake -S "$RB_TOP" -B "$1" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_PREFIX_PATH="$ROOTSYS" \
      -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_CXX_FLAGS="-fsanitize=$2 -fno-omit-frame-pointer -fno-sanitize-recover=all"
   cmake --build "$1" ${JOBS:+-j "$JOBS"} || die "the plugin did not compile: see the lines above"
}

runtime() { # LIBRARY: of the compiler, if it has it
   local path
   path="$("${CXX:-c++}" -print-file-name="$1")"
   [ -e "$path" ] && readlink -f "$path"
}

ctest_with() { # FOLDER TESTS LIBRARIES
   # without randomised addresses, for which older sanitizers have no room
   LD_PRELOAD="$3" setarch -R ctest --test-dir "$1" -R "$2" --output-on-failure --no-tests=error
}

sanitize_plugin() {
   say "Tests with ROOT under AddressSanitizer and UndefinedBehaviorSanitizer"
   local folder="$RB_BUILD/address" address undefined
   if ! address="$(runtime libasan.so)" || ! undefined="$(runtime libubsan.so)"; then
      skip "the C++ compiler has no libasan.so or libubsan.so"
      return
   fi
   use_build_env
   build_plugin "$folder" address,undefined
   # ROOT keeps what it makes to the end, and so do its interpreter and ours
   export ASAN_OPTIONS="detect_leaks=0:detect_odr_violation=0:alloc_dealloc_mismatch=0:halt_on_error=1"
   export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
   ctest_with "$folder" "$with_root" "$address $undefined" ||
      die "a sanitizer or a test has something to say: see above"
}

sanitize_plugin_threads() {
   say "Tests with ROOT and threads under ThreadSanitizer"
   local folder="$RB_BUILD/thread"
   if ! runtime libtsan.so >/dev/null; then
      skip "the C++ compiler has no libtsan.so"
      return
   fi
   use_build_env
   build_plugin "$folder" thread
   # loaded before all else it breaks the shells that ROOT and the tests start
   export ROOT_EXE="$folder/root.exe"
   "${CXX:-c++}" -std=c++17 -fsanitize=thread -isystem "$ROOTSYS/include" "$RB_TOP/tests/root/instrumented_root.cxx" \
      -o "$ROOT_EXE" -L"$ROOTSYS/lib" -lCore -lRint -Wl,-rpath,"$ROOTSYS/lib" \
      -Wl,--unresolved-symbols=ignore-in-shared-libs || die "ROOT's program did not compile"
   export TSAN_OPTIONS="suppressions=$RB_TOP/tests/root/thread.supp:history_size=4"
   ctest_with "$folder" "$with_threads" "" || die "ThreadSanitizer or a test has something to say: see above"
}

cd "$RB_TOP"
for part in "${@:-}"; do
   case "$part" in
   core | boundary | threads | plugin | plugin_threads) "sanitize_$part" ;;
   "") for each in core boundary threads plugin plugin_threads; do ("sanitize_$each") || failed=1; done ;;
   *) die "sanitize.sh knows core, boundary, threads, plugin and plugin_threads, not $part" ;;
   esac
done
[ -z "${failed:-}" ] || die "see above"
