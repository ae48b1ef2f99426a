#!/bin/sh
# Runs one test in processes of their own: run.sh <test> <scratch folder>. ROOT and the plugin are on the paths already.
# Exit code 77: skipped.
set -u
here=$(cd "$(dirname "$0")" && pwd)
test=$1
mkdir -p "$2/$test" && cd "$2/$test" || exit 1

. "$here/processes.sh"
need_model() { # a model whose branches are coded with the help of others
   model=${ROOTBALER_TEST_MODEL:-$here/group.rbm}
   if [ ! -f "$model" ]; then echo "SKIPPED: no model $model"; exit 77; fi
}
write() { quiet write.C "\"$1\",\"$2\"${3:-}"; }
read_back() { quiet read.C "\"$1\",\"$2\"${3:-}"; }
need_jagged() { model=$here/jagged.rbm; }
kinds_reference() { quiet kinds_write.C '"reference.root","reference"'; }
kinds_read() { quiet kinds_read.C "\"$1\",\"reference.root\",$2,${3:-1}"; }
foreign() { quiet foreign_write.C "\"$1\",\"$2\",\"$here\""; quiet foreign_read.C "\"$1\""; }
kinds() { quiet kinds_write.C "\"$1\",\"$2\""; kinds_read "$1" "${3:-0.01}"; }

case $test in
hooks) # every slot is found
   ROOTBALER_DEBUG=1 quiet write.C '"a.root","plain"'
   said 8 "hooked" ;;
lossless) write a.root plain; read_back a.root exact ;;
lossless_shuffled) write a.root plain+shuffled+imt; read_back a.root exact ;;
bounds) write a.root bounds; read_back a.root lossy ;;
bounds_imt) write a.root bounds+imt+autoflush; read_back a.root lossy ;;
single) need_model; write a.root "single:$model"; read_back a.root lossy ;;
group) # reads right, and is smaller: the other branches do help
   need_model; write a.root "group:$model"; read_back a.root lossy
   write b.root "single:$model"; quiet smaller.C '"a.root","b.root"' ;;
group_shuffled) need_model; write a.root "group:$model+shuffled"; read_back a.root lossy ;;
group_imt)
   need_model
   for _ in 1 2 3; do
      write a.root "group:$model+imt+autoflush"; read_back a.root lossy
      write b.root "group:$model+imt+shuffled"; read_back b.root lossy
   done ;;
group_small_cache) need_model; write a.root "group:$model+shuffled"; ROOTBALER_CACHE_MB=0 read_back a.root lossy ;;
transcode) # whole files, in several threads
   need_model; write a.root plain+shuffled; rm -f b.root c.root
   quiet transcode.C "\"a.root\",\"b.root\",\"c.root\",\"$model\""
   [ -n "${ROOT_EXE:-}" ] || { read_back b.root lossy; read_back c.root lossy; } ;; # reading is in ROOT's own threads
hadd)
   write a.root bounds; write b.root bounds+shuffled
   hadd -f ab.root a.root b.root >log 2>&1 || { cat log; exit 1; }
   read_back ab.root lossy ,40000 ;;
hadd_group) # models of both files are found, whichever comes first
   need_model; write a.root bounds; write b.root "group:$model+shuffled"
   hadd -f ab.root a.root b.root >log 2>&1 || { cat log; exit 1; }
   read_back ab.root lossy ,40000
   hadd -f ba.root b.root a.root >log 2>&1 || { cat log; exit 1; }
   read_back ba.root lossy ,40000 ;;
clone) # with and without UserInfo
   need_model; write a.root "group:$model"
   quiet clone.C '"a.root","b.root"'; read_back b.root lossy
   quiet clone.C '"a.root","c.root","",false'; read_back c.root lossy ;;
missing_branch)
   need_model; write a.root "group:$model"
   quiet clone.C '"a.root","b.root","c0"'
   macro missing.C '"b.root","c4",""'
   said 1 "Error in <RootBaler>"
   said 1 "file b.root, tree t, branch c4, basket at byte .*branch c0.*does not have" ;;
damaged) write a.root bounds; macro damaged.C '"a.root","x.root"' ;;
damaged_group) need_model; write a.root "group:$model+shuffled"; macro damaged.C '"a.root","x.root"' ;;
memory) need_model; quiet memory.C "\"a.root\",\"$model\"" ;;
circular)
   for mode in group single; do
      macro circular.C "\"a.root\",\"$here\",\"$mode\""
      said 1 "Warning in <RootBaler>: tree t is circular"
   done ;;
filling) # baskets that flush at different times; read in another process
   for mode in group single; do
      quiet filling.C "\"$here\",\"$mode\",false"; quiet filling_read.C "\"$mode\""
   done ;;
filling_imt) quiet filling.C "\"$here\",\"group\",true"; quiet filling_read.C '"group"' ;;
parallel_unzip)
   need_model; write a.root "group:$model+autoflush"
   quiet kinds_write.C '"b.root","bounds+shuffled"'
   for how in theft threads; do
      quiet unzip.C "\"a.root\",\"$how\""; quiet kinds_unzip.C "\"b.root\",\"$how\""
   done ;;
python) python3 "$here/twin.py" a.root || exit 1 ;;
without_plugin)
   write a.root bounds
   LD_LIBRARY_PATH='' macro missing.C '"a.root","c0",""' ;;
kinds_lossless) kinds_reference; kinds a.root lossless 0; quiet kinds_sizes.C '"a.root","reference.root","ordinary"' ;;
kinds_bounds) kinds_reference; kinds a.root bounds; quiet kinds_sizes.C '"a.root","reference.root","ordinary"' ;;
kinds_shuffled)
   kinds_reference; kinds a.root lossless+shuffled+imt 0; kinds b.root bounds+shuffled ;;
kinds_generate) # ROOT stores no entry offsets where there is a counter
   # ROOT 6.40 reads such entries wrongly, whatever they are compressed with; the baskets must be right.
   need_jagged
   for how in "" +shuffled; do
      quiet kinds_write.C "\"reference.root\",\"reference+generate$how\""
      for mode in bounds "group:$model"; do
         quiet kinds_write.C "\"a.root\",\"$mode+generate$how\""; quiet kinds_baskets.C '"a.root","reference.root",0.01'
      done
   done ;;
kinds_single) need_jagged; kinds_reference; kinds a.root "single:$model+shuffled" ;;
kinds_group) # reads right, and is smaller: the other branches do help
   need_jagged; kinds_reference; kinds a.root "group:$model"; kinds b.root "single:$model"
   quiet kinds_sizes.C '"a.root","b.root","group"' ;;
kinds_group_shuffled) need_jagged; kinds_reference; kinds a.root "group:$model+shuffled" ;;
kinds_group_imt)
   need_jagged; kinds_reference
   for _ in 1 2 3; do kinds a.root "group:$model+shuffled+imt"; done ;;
kinds_small_cache)
   need_jagged; kinds_reference; quiet kinds_write.C "\"a.root\",\"group:$model+shuffled\""
   export ROOTBALER_CACHE_MB=0; kinds_read a.root 0.01 ;;
kinds_hadd)
   need_jagged; kinds_reference
   quiet kinds_write.C "\"a.root\",\"group:$model+shuffled\""
   quiet kinds_write.C '"b.root","bounds"'
   for flags in -f -f505 -fk -ff; do
      hadd -f $flags ab.root a.root b.root >log 2>&1 || { cat log; exit 1; }
      kinds_read ab.root 0.02 2
      hadd -f $flags ba.root b.root a.root >log 2>&1 || { cat log; exit 1; }
      kinds_read ba.root 0.02 2
   done ;;
kinds_clone)
   need_jagged; kinds_reference; quiet kinds_write.C "\"a.root\",\"group:$model+shuffled\""
   quiet clone.C '"a.root","b.root","",true,"k"'; kinds_read b.root 0.01
   quiet clone.C '"a.root","c.root","",false,"k"'; kinds_read c.root 0.01 ;;
counts) # arrays take the numbers of elements from their counters, so a basket of equal numbers needs no more bytes
   quiet counts_write.C '"reference.root","reference"'
   for how in ours ours+imt; do
      quiet counts_write.C "\"a.root\",\"$how\""; quiet counts_read.C '"a.root","reference.root",0,40'
   done
   ROOTBALER_CACHE_MB=0 quiet counts_read.C '"a.root","reference.root"'
   for flags in -ff -fk; do
      hadd -f $flags ab.root a.root >log 2>&1 || { cat log; exit 1; }
      quiet counts_read.C '"ab.root","reference.root",0,40'
   done ;;
counts_unknown) # where readers would not find the numbers in the counters, the offsets are stored
   for how in +plain +late +false; do
      quiet counts_write.C "\"reference.root\",\"reference$how\""
      quiet counts_write.C "\"a.root\",\"ours$how\""
      case $how in +false) few=0 ;; *) few=60 ;; esac
      quiet counts_read.C "\"a.root\",\"reference.root\",$few"
   done ;;
counts_missing) # also blocks that stand alone need their counter
   kinds_reference; quiet kinds_write.C '"a.root","bounds"'
   macro kinds_missing.C '"a.root","Jet_mass","i","nJet"'
   said 1 "Error in <RootBaler>"
   said 1 \
     "file a.root, tree k, branch Jet_mass, basket at byte .*number of elements.*does not have.*copy that branch too" ;;
counts_damaged) quiet kinds_write.C '"a.root","bounds"'; macro kinds_damaged.C '"a.root","x.root"' ;;
kinds_missing_parent)
   need_jagged; quiet kinds_write.C "\"a.root\",\"group:$model\""
   quiet clone.C '"a.root","b.root","Jet_pt",true,"k"'
   macro kinds_missing.C '"b.root","Jet_mass","i"'
   said 1 "Error in <RootBaler>"
   said 1 "file b.root, tree k, branch Jet_mass, basket at byte .*branch Jet_pt.*does not have" ;;
kinds_missing_counter)
   need_jagged; quiet kinds_write.C "\"a.root\",\"group:$model\""
   quiet clone.C '"a.root","b.root","nJet",true,"k"' # ROOT keeps counters
   kinds_reference; kinds_read b.root 0.01
   macro kinds_missing.C '"a.root","Jet_mass","i","nJet"'
   said 1 "Error in <RootBaler>"
   said 1 "file a.root, tree k, branch Jet_mass, basket at byte .*number of elements.*does not have" ;;
kinds_python)
   need_jagged; kinds_reference; quiet kinds_write.C "\"a.root\",\"group:$model+shuffled\""
   python3 "$here/kinds.py" a.root reference.root 0.01 || exit 1 ;;
kinds_memory) need_jagged; quiet kinds_memory.C "\"a.root\",\"$model\"" ;;
kinds_damaged)
   need_jagged; quiet kinds_write.C "\"a.root\",\"group:$model\""
   macro kinds_damaged.C '"a.root","x.root"' ;;
foreign) # objects that point into another group: reads right, and is smaller
   foreign a.root group; foreign b.root single; quiet foreign_read.C '"a.root",1,"b.root"'
   foreign c.root group+shuffled; ROOTBALER_CACHE_MB=0 quiet foreign_read.C '"c.root"'
   for _ in 1 2; do foreign d.root group+shuffled+imt; done ;;
foreign_moving)
   foreign a.root group; foreign b.root group+shuffled
   hadd -f ab.root a.root b.root >log 2>&1 || { cat log; exit 1; }
   quiet foreign_read.C '"ab.root",2'
   quiet clone.C '"b.root","c.root","",false,"k"'; quiet foreign_read.C '"c.root"' ;;
foreign_missing)
   foreign a.root group
   quiet clone.C '"a.root","b.root","Gen_pt",true,"k"'
   macro foreign_missing.C '"b.root"'
   said 1 "Error in <RootBaler>"
   said 1 "file b.root, tree k, branch Rec_pt, basket at byte .*branch Gen_pt.*does not have" ;;
names) # of bytes that are no UTF-8
   quiet names_write.C '"a.root"'; quiet names_read.C '"a.root"' ;;
same_uuid) need_model; quiet same_uuid.C "\"$model\"" ;;
dictionaries) quiet dictionaries.C "\"$here/../../include/RootBaler\"" ;;
gone) need_model; quiet gone.C "\"a.root\",\"$model\"" ;;
misfit) # a codec for other branches, in C++ and in Python
   macro misfit.C "\"$here/group.rbm\",\"a.root\""
   said 1 "tree t has none of the branches of its codec's model, so it is written without"
   python3 "$here/misfit.py" "$here/group.rbm" b.root >log 2>&1 || { cat log; exit 1; }
   said 1 "tree t has none of the branches of its codec's model, so it is written without" ;;
handlers) write a.root bounds; quiet handlers.C '"a.root"' ;;
big_baskets) quiet big.C '"a.root"' ;;
snapshot) # of RDataFrame, through our helper; read in another process
   quiet snapshot.C "\"$here\",false"; quiet snapshot_read.C
   python3 "$here/snapshot.py" source.root python.root group "$here" || exit 1
   quiet snapshot_read.C true ;;
snapshot_imt) quiet snapshot.C "\"$here\",true"; quiet snapshot_read.C ;;
other_release) # the plugin as another release of ROOT would have made it
   release=$(root-config --version)
   LD_LIBRARY_PATH=$2/other_release_lib macro other_release.C
   said 1 "Error in <RootBaler>"
   said 1 \
      "neither read nor write compressed baskets: it was built for ROOT 6.99.0. and runs in $release; build it again" ;;
codec_hostile) # lengths are checked before room is made; another version of the class is no damage
   need_model; write a.root "group:$model+autoflush"
   quiet codec_hostile.C '"a.root","length.root","length"'; macro codec_hostile_read.C '"length.root",false'
   said 1 "Error in <RootBaler>: file length.root, its codec: corrupt data"
   quiet codec_hostile.C '"a.root","version.root","version"'; macro codec_hostile_read.C '"version.root",true'
   said 1 "Error in <RootBaler>: file version.root, its codec: class RootBaler::Codec of version 5.*update RootBaler" ;;
codec_rules) need_model; quiet codec_rules.C "\"$model\"" ;;
keys)
   need_jagged; quiet kinds_write.C '"b.root","bounds+shuffled"'
   quiet kinds_write.C "\"g.root\",\"group:$model+shuffled\""; quiet keys.C '"g.root","k",1,"b.root"'
   quiet kinds_write.C "\"s.root\",\"single:$model+shuffled\""; quiet keys.C '"s.root","k",0,"b.root"'
   quiet clone.C '"g.root","c.root","",true,"k"'; quiet keys.C '"c.root","k",1,"b.root"'
   hadd -f h.root g.root c.root >log 2>&1 || { cat log; exit 1; }
   hadd -f bb.root b.root b.root >log 2>&1 || { cat log; exit 1; }
   quiet keys.C '"h.root","k",1,"bb.root"' ;;
*) echo "no test $test"; exit 1 ;;
esac
echo "PASSED: $test"
