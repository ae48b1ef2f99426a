# Shared by bench.sh and evaluation.sh: compressed files that are kept, macros, two jobs at a time. Sourced, after $work
# is set.
# shellcheck shell=bash disable=SC2154

# compress_once SOURCE TARGET OPTION...: unless TARGET is there and younger than SOURCE and the program that wrote it
compress_once() {
   local source="$1" target="$2"
   shift 2
   [ "$target" -nt "$RB_BUILD/bin/rootbaler" ] && [ "$target" -nt "$source" ] && return
   # The report goes beside the file: sizes are read from there.
   rootbaler --json --quiet compress --force "$@" "$source" "$target" >"${target%.root}.json" ||
      die "$source could not be compressed with $*: see the line above"
}

# pair COMMAND...: in the background, two at a time; pairs_done waits for all, and ends the script if one failed
pair() {
   ("$@" || touch "$work/failed") &
   [ "$(jobs -rp | wc -l)" -lt 2 ] || wait -n
}
pairs_done() {
   wait
   [ ! -e "$work/failed" ] || { rm "$work/failed" && exit 1; }
}
trap 'jobs -p | xargs -r kill 2>/dev/null || true' EXIT

# macro FILE.C ARGUMENT...: all arguments are strings; what it prints goes to a log and, less ROOT's own lines, to
# stdout
macro() {
   local log call="$RB_TOP/benches/$1(" argument
   log="$work/log/$(basename "$1" .C).log"
   shift
   for argument in "$@"; do call+="\"$argument\","; done
   quiet "$log" "a macro failed" root -l -b -q "${call%,})"
   grep -v -e '^Processing' -e '^(int)' -e '^$' "$log" || true
}
