#!/usr/bin/env bash
# The classic autoencoders beside the masked one, for docs/lab/autoencoders.md. SECONDS_EACH: CPU time of each training;
# the whole takes an hour. Needs the CMS files in DATA (../shared/data); what is not there is skipped loudly, and
# results then go to out/autoencoders, not to docs.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$RB_BUILD/env.sh"
work="$RB_TOP/out/autoencoders"
. "$RB_TOP/scripts/measure.sh"

data="${DATA:-$RB_TOP/../shared/data}"
figures="$RB_TOP/docs/evaluation"
tables=()
mkdir -p "$work"

# table NAME FILE PATTERN: the columns of the file whose names match
table() {
   local folder
   folder="$work/$(basename "$2" .root)"
   if [ ! -r "$2" ]; then
      say "SKIPPED: $2 is not here (set DATA to the folder that has it), and with it the table $1"
      figures="$work"
      return
   fi
   macro dump.C "$2" "$folder"
   tables+=("$1=$folder=$3")
}

table "dimuons" "$data/cms_dimuon2010.root" 'Events_(.*)'
table "jets" "$data/nano_qcd.root" 'Events_(Jet_.*)'
table "HIGGS" "$ROOTSYS/$RB_HIGGS" '(?:sig|bkg)_tree_(?!Type)(.*)'

say "training on ${#tables[@]} tables"
python3 "$RB_TOP/benches/autoencoders/compare.py" "$figures/autoencoders.csv" --seconds "${SECONDS_EACH:-40}" \
   "${tables[@]}"
macro evaluation/autoencoders.C "$figures"
[ "$figures" = "$work" ] || python3 "$RB_TOP/benches/evaluation/tables.py" "$RB_TOP/docs/lab/autoencoders.md" "$figures"
