#!/bin/sh
# Runs one test of moving, on files in group and in single mode: run.sh <test> <scratch folder> <folder of inputs.sh>.
# ROOT and the plugin are on the paths already. Exit code 77: skipped.
set -u
here=$(cd "$(dirname "$0")" && pwd)
test=$1
mkdir -p "$2/$test" && cd "$2/$test" || exit 1
in=$3
. "$here/../processes.sh"
model=$here/../group.rbm
other=$in/other.root
ordinary=$in/ordinary.root

same() { quiet ../same.C "\"$1\",\"$2\"${3:-}"; }       # same result sources [more arguments]
kept() { quiet kept.C "\"$1\",\"$2\""; }                # kept file ours|group|root
close() { quiet ../within.C "\"$1\"${2:-}"; }           # close file [, entries]: every value within its bound
merge() { # merge 'flags' result files...: hadd, which may only say that it has to recompress, and what is $expected
   flags=$1
   result=$2
   shift 2
   # shellcheck disable=SC2086
   hadd $flags "$result" "$@" >log 2>&1 || { cat log; fail "hadd $flags $*"; }
   if grep -E '^(Error|Warning|SysError)' log | grep -v -e 'different compression settings' -e "${expected:-^$}"; then
      fail "messages from hadd $flags $*"
   fi
}
plain_copy() { # a file that others must be able to read: bit by bit what was decompressed, without the plugin
   without_plugin macro ../same.C "\"$1\",\"$2\"${3:-}"
   kept "$1" root
}

for mode in group single; do
   file=$in/$mode.root
   truth=$in/truth_$mode.root
   rm -f ./*.root
   case $test in
   hadd) # baskets are copied as they are
      for flags in '-f -ff' '-f -fk' '-f -ff -j 2'; do
         merge "$flags" m.root "$file" "$file" "$file"
         same m.root "$file,$file,$file"
      done
      if [ $mode = single ]; then kept m.root ours; else kept m.root group; fi
      close m.root ,60000 ;;
   hadd_models) # the models of all files come along, whichever is first
      for flags in -ff -fk; do
         merge "-f $flags" m.root "$file" "$other"
         same m.root "$file,$other"
         merge "-f $flags" m.root "$other" "$file" "$in/single.root"
         same m.root "$other,$file,$in/single.root"
         kept m.root ours
      done
      close m.root ,60000 ;;
   hadd_recompress) # hadd's own default is zlib
      for flags in -f -f505 '-f -O' '-f404 -j 2'; do
         merge "$flags" m.root "$file" "$file"
         plain_copy m.root "$truth,$truth"
      done
      merge -f505 m.root "$file" "$other"
      plain_copy m.root "$truth,$in/truth_other.root"
      merge '-f -fk505' m.root "$file" "$file" # not what its help says, and the same for ROOT's own settings
      plain_copy m.root "$truth,$truth" ;;
   hadd_ordinary) # in an ordinary file's place nothing is lost; in ours the bound holds for all
      for flags in -ff -f505; do
         merge "-f $flags" m.root "$ordinary" "$file"
         plain_copy m.root "$ordinary,$truth"
      done
      merge '-f -f505' m.root "$file" "$ordinary"
      plain_copy m.root "$truth,$ordinary" ;;
   directories) # the codec's key is at the top, whatever folder the tree is in
      quiet directories.C "\"$file\",\"$other\",\"d.root\""
      merge '-f -ff' m.root d.root d.root
      for tree in one/t one/two/u; do
         quiet ../within.C "\"d.root\",20000,\"$tree\""
         quiet ../within.C "\"m.root\",40000,\"$tree\""
      done ;;
   rootls)
      command_line rootls -l "$file"
      said 1 '^RootBaler::Codec .*RootBalerCodec_'
      merge '-f -ff' m.root "$file" "$file" # one cycle of the tree
      command_line rootls -t m.root
      said 1 '"c4/F"' ;;
   rootcp) # a fast clone
      merge '-f -ff' one.root "$file" # one cycle of the tree: of several, rootcp copies one and says that it exists
      command_line rootcp one.root:t c.root
      same c.root "$file"
      kept c.root ours ;;
   rooteventselector) # fills anew, with the setting of -c
      command_line rooteventselector -f 3000 -l 8999 "$file:t" e.root
      plain_copy e.root "$truth" ,true
      command_line rooteventselector -c 505 -s 'c0>0' "$file:t" f.root
      plain_copy f.root "$truth" ,true ;;
   rootslimtree) # fills anew, so a branch that others are coded with may go
      command_line rootslimtree -e c0 "$file:t" s.root
      plain_copy s.root "$truth" ',false,"c0"' ;;
   clone_fast) # baskets are copied as they are, whatever the file's setting
      for setting in 6605 505; do
         quiet clone.C "\"$file\",\"c.root\",$setting,\"fast\""
         same c.root "$file"
         kept c.root ours
      done
      close c.root ;;
   clone_slow)
      quiet clone.C "\"$file\",\"d.root\",505,\"\""
      plain_copy d.root "$truth" ;;
   clone_dropped) # a fast clone leaves out c0: what was coded with its help gives one clear error
      macro clone.C "\"$file\",\"c.root\",6605,\"fast\",\"c0\""
      if [ $mode = single ]; then
         same c.root "$truth" ',false,"c0"'
      else
         macro ../missing.C '"c.root","c4",""'
         said 1 'Error in <RootBaler>'
         said 1 'file c.root, tree t, branch c4, basket at byte .*branch c0.*does not have'
      fi ;;
   clone_replaced) # another branch in the place of c0: an error, and no wrong values
      macro replaced.C "\"$file\",\"c.root\""
      if [ $mode = single ]; then
         same c.root "$truth" ',false,"","c0"'
      else
         macro ../missing.C '"c.root","c4",""'
         said 1 'Error in <RootBaler>: file c.root, tree t, branch c4, .*checksum does not match.* by another'
      fi ;;
   copytree)
      quiet copytree.C "\"$file\",\"d.root\",505"
      plain_copy d.root "$truth" ,true ;;
   filemerger)
      for incremental in false true; do
         rm -f m.root
         quiet filemerger.C "\"m.root\",\"$file\",\"$other\",$incremental"
         same m.root "$file,$other"
         kept m.root ours
      done ;;
   buffermerger)
      quiet buffermerger.C "\"$file\",\"m.root\""
      kept m.root ours ;;
   mergetrees)
      quiet mergetrees.C "\"n.root\",\"$file\",\"$other\",505"
      plain_copy n.root "$truth,$in/truth_other.root" ;;
   recode) # filled anew with our setting: values that were stored once do not move again
      quiet clone.C "\"$file\",\"c.root\",6605,\"\""
      same c.root "$file"
      if [ $mode = single ]; then kept c.root ours; else kept c.root group; fi
      quiet clone.C "\"$file\",\"d.root\",6605,\"\",\"c0\""
      same d.root "$truth" ',false,"c0"'
      quiet copytree.C "\"$file\",\"e.root\",6605"
      same e.root "$truth" ,true
      command_line rootslimtree -c 6605 -e c0 "$file:t" f.root
      same f.root "$truth" ',false,"c0"'
      command_line rooteventselector -c 6605 -s 'c0>0' "$file:t" g.root
      same g.root "$truth" ,true
      quiet mergetrees.C "\"m.root\",\"$file\",\"$other\",6605"
      same m.root "$file,$other"
      expected='kept within the bounds that its codec brought along'
      for flags in -ff -fk; do # the bound of the first file is for all, and said to be
         merge "-f $flags" n.root "$file" "$ordinary"
         [ "$(grep -c "$expected" log)" = 1 ] || fail "hadd $flags does not say that values move"
      done
      expected=
      close n.root ,40000
      for copy in e f g m n; do kept $copy.root ours; done ;;
   update)
      cp "$file" u.root
      quiet update.C '"u.root"'
      close u.root ,40000
      kept u.root ours ;;
   crash) # recovered by ROOT from its last AutoSave
      for option in '' SaveSelf FlushBaskets; do
         rm -f x.root
         root.exe -l -b -q -n "$here/die.C(\"x.root\",\"$here/..\",\"$mode\",\"$option\")" </dev/null >log 2>&1
         [ $? -eq 137 ] || { cat log; fail "the writer was not killed"; }
         macro survived.C '"x.root",12000'
         if grep Error log; then fail "errors from reading a recovered file"; fi
      done ;;
   bigbasket) quiet bigbasket.C "\"x.root\",\"$model\",\"$mode\"" ;;
   bigfile)
      quiet bigfile.C "\"x.root\",\"$here/..\",\"$mode\""
      quiet survived.C '"x.root",20000'
      merge '-f -ff' m.root x.root x.root
      quiet ../same.C '"m.root","x.root,x.root"' ;;
   full)
      (ulimit -f 400 && root.exe -l -b -q -n "$here/full.C(\"x.root\",\"$here/..\",\"$mode\")" </dev/null >log 2>&1)
      code=$?
      head -n 20 log
      { [ $code -eq 0 ] && grep -q 'Fill() failed' log; } || fail "the writer ($code) did not get its error"
      macro survived.C '"x.root",4000' ;;
   no_plugin_messages) # word for word as docs/COMPATIBILITY.md has them
      without_plugin macro message.C "\"$file\""
      said 1 'Warning in <TClass::Init>: no dictionary for class RootBaler::Codec is available'
      said 1 'Error R__unzip_header: error in header.  Values: 5242'
      said 1 'c0: -1, 12345; number: 4, 539' ;;
   no_plugin_hadd) # says so, but its exit code is 0; it copies the baskets and loses the models
      (LD_LIBRARY_PATH='' && export LD_LIBRARY_PATH && hadd -f -ff m.root "$file" "$file") >log 2>&1 || fail "hadd"
      said 2 'Error in <TFileMerger::MergeRecursive>: TKey and object retrieve disagree on type (RootBaler::Codec vs'
      [ $mode = single ] && close m.root ,40000
      if [ $mode = group ]; then
         macro lost_model.C "\"m.root\",\"$file\""
         said 1 'Error in <RootBaler>: file m.root, tree t, branch c4, .*model.*copy the key'
      fi ;;
   lost_model) # a file that lost its key is merged with a good one: whichever is first, its model is in the result
      [ $mode = single ] && continue
      cp "$file" lost.root
      quiet forget.C '"lost.root"'
      for order in "lost.root $file" "$file lost.root"; do
         # shellcheck disable=SC2086
         set -- $order
         macro chain.C "\"m.root\",\"$1\",\"$2\""
         [ "$1" = "$file" ] || said 1 'Error in <RootBaler>: file m.root: model .* was not found in .*lost.root'
         close m.root ,40000
         # shellcheck disable=SC2086
         hadd -f -ff m.root $order >log 2>&1 || { cat log; fail "hadd $order"; }
         close m.root ,40000
      done ;;
   *) fail "no test $test" ;;
   esac
done
rm -f ./*.root
echo "PASSED: $test"
