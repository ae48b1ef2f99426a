# Shared by the runners of tests: ROOT processes, and what they must and must not say. Sourced; $here is the folder of
# the macros.
# shellcheck shell=sh disable=SC2154

macro() { # macro file.C 'arguments': stdout and stderr go to the terminal and to log
   "${ROOT_EXE:-root.exe}" -l -b -q -n "$here/$1(${2:-})" </dev/null >log 2>&1
   code=$?
   cat log
   if [ $code -ne 0 ]; then echo "FAILED ($code): $1(${2:-})"; exit 1; fi
}
no_messages() { if grep -E "^(Error|Warning|SysError|Fatal)" log; then echo "FAILED: messages from $1"; exit 1; fi; }
quiet() { macro "$@"; no_messages "$1(${2:-})"; }
command_line() { # command_line program arguments...: must succeed without messages
   "$@" >log 2>&1
   code=$?
   cat log
   if [ $code -ne 0 ]; then echo "FAILED ($code): $*"; exit 1; fi
   no_messages "$*"
}
said() { # said <n> <text>: the last macro's log has n lines with the text
   n=$(grep -c "$2" log)
   if [ "$n" -ne "$1" ]; then echo "FAILED: $n lines, not $1, say: $2"; exit 1; fi
}
fail() { echo "FAILED: $*"; exit 1; }
skip() { echo "SKIPPED: $*"; exit 77; }
without_plugin() { (LD_LIBRARY_PATH= && export LD_LIBRARY_PATH && "$@") || exit 1; }
