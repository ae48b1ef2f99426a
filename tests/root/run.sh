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
   for i in 1 2 3; do
      write a.root "group:$model+imt+autoflush"; read_back a.root lossy
      write b.root "group:$model+imt+shuffled"; read_back b.root lossy
   done ;;
group_small_cache) need_model; write a.root "group:$model+shuffled"; ROOTBALER_CACHE_MB=0 read_back a.root lossy ;;
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
circular) macro circular.C '"a.root"'; said 1 "Warning in <RootBaler>: tree t is circular" ;;
parallel_unzip) need_model; write a.root "group:$model+autoflush"; quiet unzip.C '"a.root"' ;;
python) python3 "$here/twin.py" a.root || exit 1 ;;
without_plugin)
   write a.root bounds
   LD_LIBRARY_PATH= macro missing.C '"a.root","c0",""' ;;
*) echo "no test $test"; exit 1 ;;
esac
echo "PASSED: $test"
