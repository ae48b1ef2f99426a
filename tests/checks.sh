#!/usr/bin/env bash
# To be sourced by tests that are a list of named checks: a folder to work in, and how each check went. They end with
# exit "$failed".
# shellcheck disable=SC2034 # those who source it read failed

# begin NAME: $work is an empty folder that is gone in the end
begin() {
   work="$(mktemp -d "${TMPDIR:-/tmp}/rootbaler-$1.XXXXXX")"
   trap 'rm -rf "$work"' EXIT
   failed=0
}

# check NAME COMMAND...: passes if the command succeeds
check() {
   local name="$1"
   shift
   if "$@" >"$work/log" 2>&1; then
      echo "ok    $name"
   else
      echo "FAIL  $name"
      tail -n 15 "$work/log"
      failed=1
   fi
}
