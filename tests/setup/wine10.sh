#!/usr/bin/env bash
# wine10.sh: unpacks Debian 13's Wine 10 (amd64), with Samba's ntlm_auth, into build/wine10/root, by
# debootstrap's choice of packages, from the archive that this machine's apt is configured for.
# No package is configured, but for the one step that Wine needs, so nothing is mounted and nothing
# runs in there. About 280 packages, 300 MB to fetch and 1.5 GB on disk. Needs root.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$root/build/wine10
log=$work/setup.log

fail() {
    echo "wine10: $*" >&2
    exit 1
}

# The address of the archive, by the index of this release's main component.
archive() {
    local release
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        awk -v release="$release" '$1 == release && $2 == "main" && !n++ {print $3}'
}

# Downloaded ones are kept, so that a broken run goes on where it ended.
download() {
    local from
    from=$(archive)
    [ -n "$from" ] || fail "apt's configuration names no archive with the component main"
    echo "wine10: fetching Debian 13's packages (log in build/wine10/setup.log)"
    debootstrap --download-only --variant=minbase --arch=amd64 --cache-dir="$work/cache" \
        --include=wine,wine64,winbind trixie "$work/root.new" "$from" >>"$log" 2>&1 ||
        { tail -n 15 "$log" >&2; fail "debootstrap could not fetch them"; }
}

unpack() {
    local package done=0 all
    all=("$work"/root.new/var/cache/apt/archives/*.deb)
    for package in "${all[@]}"; do
        dpkg-deb --fsys-tarfile "$package" |
            tar -x -C "$work/root.new" --keep-directory-symlink --no-same-owner -f - ||
            fail "$(basename "$package") could not be unpacked"
        done=$((done + 1))
        [ $((done % 70)) != 0 ] || echo "wine10: unpacked $done of ${#all[@]}"
    done
    rm -rf "$work/root.new/var/cache/apt/archives"
}

# What libwine's own postinst does: zlib's DLL becomes one of Wine's.
finish_wine() {
    local from=usr/x86_64-w64-mingw32/lib/zlib1.dll
    local to=usr/lib/x86_64-linux-gnu/wine/x86_64-windows/zlib1.dll
    cd "$work/root.new"
    { head -c 64 "$from"; printf 'Wine builtin DLL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
        tail -c +97 "$from"; } >"$to"
}

# A second run in this tree waits, also for what a killed one left running: all of it has the lock.
lock() {
    exec 9>"$work/setup.lock"
    flock -n 9 && return
    echo "wine10: another run in this tree unpacks it; waiting for that" >&2
    flock 9
    [ ! "$work/root" -nt "$0" ] || exit 0
}

[ "$(id -u)" = 0 ] || fail "needs root, as debootstrap does"
command -v debootstrap >/dev/null || fail "debootstrap is missing; run tests/setup/packages.sh"
mkdir -p "$work/cache"
lock
rm -rf --one-file-system "$work/root" "$work/root.new"
: >"$log"
download
unpack
finish_wine
touch "$work/root.new" # the packages have set its time to theirs, and make compares it
mv "$work/root.new" "$work/root"
echo "wine10: unpacked in $SECONDS s"
