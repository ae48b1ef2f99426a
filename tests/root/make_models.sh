#!/bin/sh
# Trains group.rbm, other.rbm, jagged.rbm, gen.rbm and rec.rbm anew: after a change of the format of models, or of the
# values of the test trees.
# usage: make_models.sh <librootbaler.a> <rootbaler-train>; ROOTSYS says where ROOT is
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"${CXX:-c++}" -O1 -std=c++17 -I"$ROOTSYS/include" -I"$here/../../include" "$here/make_models.cxx" "$1" \
   -L"$ROOTSYS/lib" -Wl,-rpath,"$ROOTSYS/lib" -lCore -lpthread -ldl -lm -o "$scratch/make_models"
cd "$scratch" && ./make_models
# at level 7, which keeps every network that pays
"$2" --sample group.rbs --out "$here/group.rbm" --level 7 --hidden 8 --steps 400 --components 2
"$2" --sample group.rbs --out "$here/other.rbm" --level 7 --hidden 8 --steps 400 --components 2 --seed 2
"$2" --sample jagged.rbs --out "$here/jagged.rbm" --level 7 --hidden 8 --steps 300 --components 1
"$2" --sample gen.rbs --out "$here/gen.rbm" --level 7 --hidden 4 --steps 200 --components 1
"$2" --sample rec.rbs --source gen.rbs --out "$here/rec.rbm" --level 7 --hidden 8 --steps 400 --components 1
