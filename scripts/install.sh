#!/usr/bin/env bash
# Copies what make build made to a prefix of the user's choice. ROOT stays where it is.
# usage: install.sh [--check] PREFIX; --check only looks whether it can be done
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

only_check=""
if [ "${1:-}" = --check ]; then
   only_check=1
   shift
fi
prefix="${1:-}"
[ -n "$prefix" ] || die "where to? make install PREFIX=/path/to/folder"
# shellcheck disable=SC2088 # in quotes, or behind "PREFIX=" in some shells, it stays as it is
case "$prefix" in
"~" | "~/"*) prefix="$HOME${prefix#\~}" ;;
"~"*) die "$prefix begins with ~: name the folder by its whole path" ;;
esac
mkdir -p "$prefix" 2>/dev/null && [ -w "$prefix" ] ||
   die "$prefix cannot be written: choose another PREFIX, e.g. PREFIX=\$HOME/rootbaler"
prefix="$(cd "$prefix" && pwd)"
[ "$prefix" != "$RB_BUILD" ] || die "PREFIX is the build folder itself: choose another one"
need_space "$prefix" 600
[ -z "$only_check" ] || exit 0
use_build_env
say "Installing to $prefix"
quiet "$RB_BUILD/log/install.log" "the plugin could not be installed" \
   cmake --install "$RB_BUILD/cmake" --prefix "$prefix"
install -D -t "$prefix/bin" "$RB_BUILD/bin/rootbaler" "$RB_BUILD/bin/rootbaler-train"
install -D -m 644 -t "$prefix/lib/rootbaler/torch" "$RB_BUILD"/lib/rootbaler/torch/*.so*
install -D -m 644 -t "$prefix/share/rootbaler/macros" "$RB_TOP"/root_macros/*
"$RB_TOP/scripts/write_env.sh" "$prefix"
say "Done. Now: . $prefix/env.sh"
[ -n "$(other_root)" ] || say "It uses the ROOT in $RB_VENV: keep that checkout, readable for all who use this"
