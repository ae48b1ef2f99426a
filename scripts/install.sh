#!/usr/bin/env bash
# Copies what make build made to a prefix of the user's choice. ROOT stays where it is.
# usage: install.sh PREFIX
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ -n "${1:-}" ] || die "where to? make install PREFIX=/path/to/folder"
mkdir -p "$1" 2>/dev/null && [ -w "$1" ] || die "$1 cannot be written: choose another PREFIX, e.g. PREFIX=\$HOME/rootbaler"
prefix="$(cd "$1" && pwd)"
[ "$prefix" != "$RB_BUILD" ] || die "PREFIX is the build folder itself: choose another one"
need_space "$prefix" 600
use_build_env
say "Installing to $prefix"
quiet "$RB_BUILD/log/install.log" "the plugin could not be installed" cmake --install "$RB_BUILD/cmake" --prefix "$prefix"
install -D -t "$prefix/bin" "$RB_BUILD/bin/rootbaler" "$RB_BUILD/bin/rootbaler-train"
install -D -m 644 -t "$prefix/lib/rootbaler/torch" "$RB_BUILD"/lib/rootbaler/torch/*.so*
install -D -m 644 -t "$prefix/share/rootbaler/macros" "$RB_TOP"/root_macros/*
"$RB_TOP/scripts/write_env.sh" "$prefix"
say "Done. Now: . $prefix/env.sh"
