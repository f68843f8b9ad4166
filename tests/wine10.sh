#!/usr/bin/env bash
# wine10.sh COMMAND...: runs COMMAND as tests/wine.sh does, but with the Wine 10 that
# tests/setup/wine10.sh unpacked, and a prefix of its own: build/wine10/prefix.
#
# Wine 10 needs the libraries that it was built with, so each of its programs runs in a chroot. What
# has to be seen in there is mounted in a mount namespace of this run alone, which ends with it: the
# machine, and other runs, see none of these mounts. Needs root.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
home=$root/build/wine10

fail() {
    echo "wine10: $*" >&2
    exit 1
}

# A program of Wine 10, in the present folder, with the present environment but for PATH.
wrapper() {
    cat >"$home/bin/$1" <<EOF
#!/bin/sh
exec chroot '$home/root' /usr/bin/env -C "\$PWD" PATH=/usr/lib/wine:/usr/bin:/bin $2 "\$@"
EOF
    chmod +x "$home/bin/$1"
}

# The tree at its own path, so that every path means the same inside and outside.
mount_all() {
    mount --make-rprivate /
    mkdir -p "$home/root$root" "$home/root/proc" "$home/root/sys" "$home/root/dev"
    mount --rbind /proc "$home/root/proc"
    mount --rbind /sys "$home/root/sys"
    mount --rbind /dev "$home/root/dev"
    mount --bind "$root" "$home/root$root"
}

if [ "${SSPISHIM_WINE10:-}" != inside ]; then
    [ $# != 0 ] || fail "usage: tests/wine10.sh COMMAND..."
    [ -d "$home/root" ] || fail "there is no build/wine10/root; run tests/setup/wine10.sh"
    [ "$(id -u)" = 0 ] || fail "needs root, for chroot and for mounts that nobody else sees"
    unshare --mount true || fail "this kernel does not let us have a mount namespace"
    SSPISHIM_WINE10=inside exec unshare --mount -- "$0" "$@"
fi

mount_all
mkdir -p "$home/bin"
wrapper wine /usr/lib/wine/wine64
wrapper wineboot '/usr/lib/wine/wine64 wineboot.exe'
wrapper wineserver /usr/lib/wine/wineserver64
wrapper ntlm_auth /usr/bin/ntlm_auth
export PATH=$home/bin:$PATH SSPISHIM_WINE_HOME=$home
exec "$root/tests/wine.sh" "$@"
