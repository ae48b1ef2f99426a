#!/usr/bin/env bash
# Makes the Python environment of the peers, .venv-bench, and prints its interpreter. What cannot be installed is
# skipped.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

venv="$RB_TOP/.venv-bench"
wanted="$RB_TOP/benches/requirements.txt"
if [ ! "$venv/complete" -nt "$wanted" ]; then
   "$RB_VENV/bin/python" -m venv "$venv"
   grep -v '^#' "$wanted" | while read -r requirement; do
      "$venv/bin/pip" install --quiet --disable-pip-version-check "$requirement" >&2 ||
         say "SKIPPED: $requirement cannot be installed, and its peers are left out: check the network" >&2
   done
   touch "$venv/complete"
fi
echo "$venv/bin/python"
