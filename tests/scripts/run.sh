#!/usr/bin/env bash
# The scripts that make calls, where they meet what a user does: two shells at a time, Ctrl-C, odd names. Needs make
# build.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/common.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

begin scripts

number() { stat -c '%i %Y' "$1"; } # of the file, and when it was written

env_is_written_once() {
   local first
   "$RB_TOP/scripts/write_env.sh" "$work/prefix"
   first="$(number "$work/prefix/env.sh")"
   "$RB_TOP/scripts/write_env.sh" "$work/prefix"
   [ "$(number "$work/prefix/env.sh")" = "$first" ] && [ "$(ls -A "$work/prefix")" = env.sh ]
}

# A shell that reads the old one goes on reading it: the new one is another file.
env_is_replaced_as_a_whole() {
   local first
   mkdir -p "$work/old"
   echo "old" >"$work/old/env.sh"
   first="$(number "$work/old/env.sh")"
   exec 3<"$work/old/env.sh"
   "$RB_TOP/scripts/write_env.sh" "$work/old"
   [ "$(cat <&3)" = old ] && [ "$(number "$work/old/env.sh")" != "$first" ] && [ "$(ls -A "$work/old")" = env.sh ]
}

# says CODE TEXT COMMAND...: ends with this exit code and says this
says() {
   local code=0 wanted="$1" text="$2"
   shift 2
   "$@" >"$work/said" 2>&1 || code=$?
   cat "$work/said"
   [ "$code" = "$wanted" ] && grep -q "$text" "$work/said"
}

install_is_refused_before_the_build() {
   says 2 "where to?" make -C "$RB_TOP" install && ! grep -q "==> Core" "$work/said"
}

# shellcheck disable=SC2088 # it shall not expand here
home_is_understood() {
   HOME="$work" "$RB_TOP/scripts/install.sh" --check '~/installed' && [ -d "$work/installed" ] && [ ! -e '~' ]
}

# pip ends with 1 at Ctrl-C, as if it had failed.
ctrl_c_is_no_failure() {
   mkdir -p "$work/checkout/.venv/bin"
   cp -r "$RB_TOP/scripts" "$RB_TOP/requirements.txt" "$RB_TOP/Cargo.toml" "$work/checkout"
   printf '#!/bin/bash\ntrap "exit 1" INT\n[ "$1" = -m ] || exit 0\nkill -INT 0\nsleep 5\n' \
      >"$work/checkout/.venv/bin/python"
   chmod +x "$work/checkout/.venv/bin/python"
   # In a session of its own, so that this one is not interrupted; a job in the background would ignore the signal, and
   # no shell can undo that.
   says 130 "interrupted" setsid --wait env --default-signal=INT "$work/checkout/scripts/setup.sh" &&
      ! grep -q "network" "$work/said"
}

a_space_in_the_path_is_said() {
   mkdir -p "$work/with space/scripts"
   cp "$RB_TOP"/scripts/* "$work/with space/scripts"
   says 127 "space in the path" "$work/with space/scripts/build.sh" core
}

check "env.sh is written once" env_is_written_once
check "env.sh is replaced as a whole" env_is_replaced_as_a_whole
check "make install without PREFIX is refused before it builds" install_is_refused_before_the_build
check "a ~ in quotes is the home folder" home_is_understood
check "a ~ of another user is refused" says 1 "whole path" "$RB_TOP/scripts/install.sh" --check '~nobody/x'
check "Ctrl-C while pip works is no failure of the network" ctrl_c_is_no_failure
check "a space in the path is said" a_space_in_the_path_is_said
exit "$failed"
