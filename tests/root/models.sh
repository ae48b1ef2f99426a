#!/bin/sh
# Trains the two models of the tests anew, for a new version of their format: run it with build/env.sh sourced.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
root.exe -l -b -q -n "$here/write.C(\"plain.root\",\"plain\")"
root.exe -l -b -q -n "$here/sample.C(\"plain.root\",\"sample\")"
train() { rootbaler-train --sample sample --out "$here/$1" --hidden 8 --steps 400 --components 2 --seed "$2"; }
train group.rbm 1
train other.rbm 2
