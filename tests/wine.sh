#!/usr/bin/env bash
# wine.sh COMMAND...: runs COMMAND with a Wine of this tree's own ready, and passes on its status.
# Inside, programs run as `wine prog.exe args`. The prefix is build/wine/prefix, made if absent; its
# wineserver stays up between the programs and is stopped at the end. Nested use runs COMMAND as it
# is; a second run in the same tree waits for the first. COMMAND has no terminal input.
# tests/wine10.sh uses it for another Wine.
set -euo pipefail
set -m # COMMAND gets a process group of its own, so that a signal reaches all of it, and no other

root=$(cd "$(dirname "$0")/.." && pwd)
home=${SSPISHIM_WINE_HOME:-$root/build/wine} # tests/wine10.sh has another
prefix=$home/prefix
child=

fail() {
    echo "wine: $*" >&2
    exit 1
}

environment() {
    unset DISPLAY WAYLAND_DISPLAY NTLM_USER_FILE WINEARCH WINELOADER WINESERVER WINEDLLPATH
    export WINEPREFIX=$prefix WINEDEBUG=-all
    export WINEDLLOVERRIDES="mscoree,mshtml=;secur32,security=n,b"
}

lock() {
    exec 9>"$home/lock"
    flock -n 9 && return
    echo "wine: another run in this tree has the prefix; waiting for it" >&2
    flock 9
}

stop_server() {
    timeout 30 wineserver -k 9>&- 2>/dev/null || true
    timeout 30 wineserver -w 9>&- || true
}

# Made under another name and renamed at the end, so that a broken one never bears the real name.
# No menu builder: it would write into the user's home.
make_prefix() {
    local seconds=$SECONDS
    echo "wine: creating the prefix (once, log in ${home#"$root/"}/wineboot.log)" >&2
    rm -rf --one-file-system "$prefix" "$prefix.new"
    WINEPREFIX=$prefix.new
    WINEDLLOVERRIDES="winemenubuilder.exe=;$WINEDLLOVERRIDES" \
        timeout 600 wineboot -i </dev/null >"$home/wineboot.log" 2>&1 9>&- &
    child=$!
    if ! wait "$child" || ! timeout 60 wineserver -w 9>&- || [ ! -f "$prefix.new/system.reg" ]; then
        stop_server
        tail -n 15 "$home/wineboot.log" >&2
        fail "wineboot could not create the prefix"
    fi
    child=
    WINEPREFIX=$prefix
    mv "$prefix.new" "$prefix"
    echo "wine: prefix created in $((SECONDS - seconds)) s" >&2
}

cleanup() {
    trap '' INT TERM HUP
    if [ -n "$child" ]; then
        kill -TERM -- "-$child" 2>/dev/null || true
        stop_server
        wait "$child" 2>/dev/null || true
    fi
    stop_server
    [ -z "$SSPISHIM_I386" ] || "$root/tests/setup/i386.sh" down
}

[ $# != 0 ] || fail "usage: tests/wine.sh COMMAND..."
[ "${SSPISHIM_WINE:-}" != "$prefix" ] || exec "$@"

for tool in wine wineboot wineserver flock; do
    command -v "$tool" >/dev/null || fail "$tool is missing; run tests/setup/packages.sh"
done
environment
mkdir -p "$home"
lock
export SSPISHIM_I386= # "qemu" where the i686 CPU is an emulated one
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
SSPISHIM_I386=$("$root/tests/setup/i386.sh" up)
wine --version >/dev/null 2>&1 || fail "wine does not start; is wine32 installed?"
[ -f "$prefix/system.reg" ] || make_prefix
stop_server # one that a killed run left behind
wineserver -p 9>&-
# Wine's own services start with the first program and keep its output open as long as they live;
# in a pipe of COMMAND's that would be for ever.
timeout 120 wine cmd /c exit </dev/null >/dev/null 2>&1 9>&- || fail "wine does not run a program"
export SSPISHIM_WINE=$prefix
status=0
"$@" </dev/null 9>&- &
child=$!
wait "$child" || status=$?
child=
exit "$status"
