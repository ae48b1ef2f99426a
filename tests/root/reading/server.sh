# Starts a server for the files of $in, until the script ends; its address goes to $url. Sourced with $test = http or
# xrootd. ROOT's package from PyPI has the clients (TWebFile; TNetXNGFile), Debian's xrootd-server has the server.
# shellcheck shell=sh disable=SC2154,SC2034,SC2086
case $test in
http)
   rm -f port
   python3 "$here/http_server.py" "$in" port &
   server=$!
   trap 'kill $server' EXIT
   for try in 1 2 3 4 5 6 7 8 9 10; do [ -f port ] || sleep 0.5; done
   [ -f port ] || fail "the server did not start"
   url=http://127.0.0.1:$(cat port) ;;
xrootd)
   command -v xrootd >/dev/null || skip "no xrootd server (Debian: apt-get install xrootd-server)"
   served=$(mktemp -d) # a folder that the server's own user can read, which root's server must have
   chmod 755 "$served" && cp "$in/group.root" "$in/single.root" "$served" && chmod 644 "$served"/*.root
   mkdir "$served/run" && chmod 777 "$served/run"
   port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
   printf '%s\n' "xrd.port $port" "all.export / r/o" "oss.localroot $served" "all.adminpath $served/run" \
      "all.pidpath $served/run" "xrd.network nodnr" >"$served/xrootd.cfg"
   user=
   [ "$(id -u)" -ne 0 ] || user='-R daemon'
   # Its own libraries, not those of ROOT's package. It stays in the foreground, as a child of this shell.
   (cd "$served/run" && LD_LIBRARY_PATH='' exec xrootd -c "$served/xrootd.cfg" -l "$served/run/log" $user) &
   server=$!
   trap 'kill $server; rm -rf "$served"' EXIT
   for try in 1 2 3 4 5 6 7 8 9 10; do
      python3 -c "import socket; socket.create_connection(('127.0.0.1', $port))" 2>/dev/null && break
      sleep 0.5
   done
   url=root://127.0.0.1:$port/ ;;
esac
