# Sourced by the scripts that drive `medresearcher serve`: finds or builds the binary, starts and stops one server.

peers=${MEDRESEARCHER_PEERS:-$HOME/.cache/medresearcher-peers}
server=

# Sets `binary` unless it was given: the newest build of this checkout, or a new one (release, minutes).
find_binary() {
    if [ -z "$binary" ]; then
        binary=$(ls -t .build/release/medresearcher .build/debug/medresearcher 2>/dev/null | sed -n 1p || true)
    fi
    if [ -z "$binary" ]; then
        echo "building medresearcher (release); this takes minutes" >&2
        swift build -c release --product medresearcher >&2
        binary=.build/release/medresearcher
    fi
    [ -x "$binary" ] || { echo "$binary cannot be run: give the path of a build with --binary" >&2; exit 2; }
}

# need_python DIRECTORY PACKAGE…: makes a virtual environment there unless it is one already.
need_python() {
    local venv=$1
    shift
    [ ! -x "$venv/bin/python" ] || return 0
    echo "installing $* into $venv" >&2
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q "$@" || { rm -rf "$venv"; exit 2; }
}

# start_server LOG ARGUMENT…: sets `server` (process) and `url`; output goes to LOG.out and LOG.err.
start_server() {
    local log=$1
    shift
    : > "$log.out" # The server's process makes it only later.
    "$binary" serve "$@" --port 0 --threads 2 > "$log.out" 2> "$log.err" &
    server=$!
    for _ in $(seq 300); do
        url=$(sed -n 's/^TINKER_BASE_URL=//p' "$log.out")
        [ -z "$url" ] || return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    echo "medresearcher serve did not start:" >&2
    cat "$log.err" >&2
    exit 1
}

# Stops the server as Ctrl-C does; a bad end is told.
stop_server() {
    kill -INT "$server" 2>/dev/null || true
    wait "$server" || echo "the server ended with $?" >&2
    server=
}

trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT
