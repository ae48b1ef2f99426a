#!/usr/bin/env bash
# Writes PREFIX/env.sh, which a user sources (bash or zsh) to have rootbaler, ROOT and the plugin on the paths: as a
# whole, and only if something is new, since a shell may read it meanwhile.
# usage: write_env.sh PREFIX
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

prefix="$1"
root="$(rootsys)"
mkdir -p "$prefix"
new="$(mktemp "$prefix/.env.sh.XXXXXX")"
trap 'rm -f "$new"' EXIT
{
   printf '# Source this file: . env.sh   (bash or zsh). It puts rootbaler, ROOT and the plugin on the paths.\n'
   printf 'rootbaler_root=%q\n' "$root"
   printf 'rootbaler_libraries=%q\n' "$(root_libraries "$root")"
   printf 'rootbaler_modules=%q\n' "$(root_modules "$root")"
   # another ROOT than that of .venv is made for another Python
   if [ -n "$(other_root)" ]; then printf 'rootbaler_python=\n'; else printf 'rootbaler_python=%q\n' "$RB_VENV/bin"; fi
   cat <<'BODY'
if [ -n "${ZSH_VERSION:-}" ]; then
   eval 'rootbaler_prefix="${(%):-%x}"' # bash cannot even parse this
else
   rootbaler_prefix="${BASH_SOURCE[0]}"
fi
rootbaler_prefix="$(cd "$(dirname "$rootbaler_prefix")" >/dev/null && pwd)"

# rootbaler_prepend VARIABLE FOLDER: once, however often this file is sourced
rootbaler_prepend() {
   eval "rootbaler_old=\${$1:-}"
   case ":$rootbaler_old:" in
   *":$2:"*) ;;
   *) export "$1=$2${rootbaler_old:+:$rootbaler_old}" ;;
   esac
}

export ROOTSYS="$rootbaler_root"
[ -z "$rootbaler_python" ] || rootbaler_prepend PATH "$rootbaler_python"
rootbaler_prepend PATH "$ROOTSYS/bin"
rootbaler_prepend PATH "$rootbaler_prefix/bin"
rootbaler_prepend LD_LIBRARY_PATH "$rootbaler_libraries"
rootbaler_prepend LD_LIBRARY_PATH "$rootbaler_prefix/lib"
rootbaler_prepend PYTHONPATH "$rootbaler_modules"
rootbaler_prepend ROOT_INCLUDE_PATH "$rootbaler_prefix/include"
rootbaler_prepend CMAKE_PREFIX_PATH "$ROOTSYS"
rootbaler_prepend CMAKE_PREFIX_PATH "$rootbaler_prefix"
unset rootbaler_root rootbaler_libraries rootbaler_modules rootbaler_python rootbaler_prefix rootbaler_old
unset -f rootbaler_prepend
BODY
} >"$new"
if ! cmp -s "$new" "$prefix/env.sh"; then
   chmod 644 "$new"
   mv -f "$new" "$prefix/env.sh"
fi
