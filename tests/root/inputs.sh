#!/bin/sh
# Writes the trees that the tests of reading and moving use: inputs.sh <folder>
#   group.root, single.root   the same model and values, each mode
#   other.root                group mode with another model and other basket borders
#   ordinary.root             the original values, written by ROOT
#   truth_group.root, ...     what `rootbaler decompress` makes of the others
set -u
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" && cd "$1" || exit 1
. "$here/processes.sh"

quiet write.C "\"group.root\",\"group:$here/group.rbm+autoflush\""
quiet write.C "\"single.root\",\"single:$here/group.rbm+autoflush\""
quiet write.C "\"other.root\",\"group:$here/other.rbm+shuffled\""
quiet write.C '"lossless.root","plain+autoflush"'
quiet inputs.C
echo "PASSED: inputs"
