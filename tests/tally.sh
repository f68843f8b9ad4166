# tally.sh: how the test scripts count; to be sourced. They count with `pass` and `fail` what they
# looked at and close with `finish NAME`. A tool or a file that is missing is a failure, and so is a
# check that found nothing to look at.

PASSED=0
FAILED=0

pass() {
    PASSED=$((PASSED + 1))
}

fail() {
    FAILED=$((FAILED + 1))
    echo "FAILED: $1"
}

finish() {
    echo "$1: $PASSED passed, $FAILED failed"
    [ "$FAILED" = 0 ] && [ "$PASSED" != 0 ]
}

# give_up NAME WHY: a failure after which there is nothing to look at
give_up() {
    fail "$2"
    finish "$1" || exit 1
}

# row WHY COMMAND...: passes if the command succeeds
row() {
    local why=$1
    shift
    if "$@"; then pass; else fail "$why"; fi
}

# need NAME TOOL...: ends the check NAME if one is not there
need() {
    local name=$1 tool
    shift
    for tool in "$@"; do
        command -v "$tool" >/dev/null || fail "$tool is not installed"
    done
    [ "$FAILED" = 0 ] || { finish "$name" || exit 1; }
}

# need_files NAME FILE...
need_files() {
    local name=$1 file
    shift
    for file in "$@"; do
        [ -f "$file" ] || fail "$file does not exist"
    done
    [ "$FAILED" = 0 ] || { finish "$name" || exit 1; }
}

# copy_sources TO: what is needed to build, elsewhere. The packages are known to be installed.
copy_sources() {
    mkdir -p "$1/build/stamps"
    cp -R Makefile LICENSE def include shim tests package "$1/"
    touch "$1/build/stamps/packages"
}

# build_in FOLDER TARGET...: a make of its own, which inherits nothing from one that runs this
build_in() {
    local folder=$1
    shift
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u BUILD make -j2 -C "$folder" "$@" \
        >"$folder/make.log" 2>&1 || { tail -n 15 "$folder/make.log"; return 1; }
}
