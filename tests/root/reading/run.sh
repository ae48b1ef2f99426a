#!/bin/sh
# Runs one test of reading, on files in group and in single mode: run.sh <test> <scratch folder> <folder of inputs.sh>.
# ROOT and the plugin are on the paths already. Exit code 77: skipped.
set -u
here=$(cd "$(dirname "$0")" && pwd)
test=$1
mkdir -p "$2/$test" && cd "$2/$test" || exit 1
in=$3
. "$here/../processes.sh"

case $test in http | xrootd) . "$here/server.sh" ;; esac
for mode in group single; do
   file=$in/$mode.root
   case $test in
   draw | scan | reader | address | processor | forks | entrylist | index | cache | bulk)
      quiet "$test.C" "\"$file\"" ;;
   frame) # what Snapshot writes can be read without the plugin, and is what was read
      rm -f one.root two.root
      quiet frame.C "\"$file\""
      without_plugin quiet ../same.C "\"one.root\",\"$in/truth_$mode.root\""
      without_plugin quiet ../same.C "\"two.root\",\"$in/truth_$mode.root\",true" ;;
   chain) quiet chain.C "\"$file,$in/other.root,$in/ordinary.root\"" ;;
   race) quiet race.C "\"$file,$in/other.root,$file,$in/single.root\",10" ;;
   friends) quiet friends.C "\"$file\",\"$in/other.root\"" ;;
   growing)
      rm -f x.root
      root.exe -l -b -q -n "$here/growing.C(\"x.root\",\"$mode\",\"$here/..\")" </dev/null >writer 2>&1 &
      macro growing.C '"x.root"'
      wait $! || fail "the writer: $(cat writer)"
      # ROOT complains when it meets the list of keys while it is being written.
      if grep -E 'Error in <(RootBaler|TBasket|TBranch)' log; then fail "errors from reading a growing tree"; fi ;;
   decompressed) quiet ../same.C "\"$in/truth_$mode.root\",\"$file\"" ;;
   numpy) [ $mode = single ] || command_line python3 "$here/frames.py" "$in/ordinary.root" "$file" "$in/single.root" ;;
   http | xrootd) quiet remote.C "\"$url/$mode.root\"" ;;
   *) fail "no test $test" ;;
   esac
done
echo "PASSED: $test"
