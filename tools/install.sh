#!/bin/sh
# Makes .venv with the locked packages and the project in it. Called by `make install`, which
# leaves it out when nothing has changed. Ends with one clear line when something is missing.
set -eu

lock=${1:-requirements/dev.txt}
log=.venv/install.log

fail() {
    printf 'install: %s\n' "$1" >&2
    exit 1
}

say() {
    printf '%s\n' "$1"
}

# Whether we may install packages of the operating system by ourselves.
apt_allowed() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1
}

suitable() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-} python3.11 python3 python3.12 python3.13 python3.14; do
        if command -v "$candidate" >/dev/null 2>&1 && suitable "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 to 3.14 is needed and not found (python3 is $(python3 --version 2>&1 || true)). On Debian: apt-get install python3 python3-venv. Elsewhere name one with PYTHON=/path/to/python3."
}

make_venv() {
    "$1" -m venv --clear .venv >/dev/null 2>&1 && .venv/bin/python -m pip --version >/dev/null 2>&1
}

room() {
    # In kilobytes; the environment with its packages takes about 800 MB.
    df -Pk . | awk 'NR == 2 { print $4 }'
}

explain() {
    if grep -qi 'No space left on device\|Errno 28' "$log"; then
        fail "the disk is full: .venv needs about 800 MB in $(pwd). Free some space and run it again."
    fi
    if grep -qi "command '.*\(gcc\|cc\|clang\|c++\)' failed\|unable to execute '.*cc'\|No such file or directory: '.*\(gcc\|cc\)'\|can't find Rust compiler\|linker .cc. not found" "$log"; then
        fail "a package has no ready-made wheel for this machine and needs a compiler. On Debian: apt-get install gcc python3-dev. Details: $log"
    fi
    if grep -qi 'THESE PACKAGES DO NOT MATCH THE HASHES' "$log"; then
        fail "a downloaded package differs from what $lock says it is. Nothing was installed. Details: $log"
    fi
    if grep -qi 'Could not find a version\|No matching distribution\|NewConnectionError\|Temporary failure in name resolution\|ReadTimeout' "$log"; then
        fail "packages could not be fetched: $(grep -i 'ERROR' "$log" | tail -n 1). Check the network, or pip's own settings for the package index. Details: $log"
    fi
    fail "pip failed: $(grep -v '^ *$' "$log" | tail -n 1). Details: $log"
}

python=$(find_python)
if [ "$(room)" -lt 102400 ]; then
    fail "the disk is full: $(pwd) has less than 100 MB left and .venv needs about 800 MB."
fi

# An environment of another Python version, or of a clone that has been moved, is made anew.
if ! { [ -x .venv/bin/python ] && suitable .venv/bin/python &&
    .venv/bin/python -m pip --version >/dev/null 2>&1 &&
    head -n 1 .venv/bin/pip 2>/dev/null | grep -qF "$(pwd)/.venv/"; }; then
    say "making .venv with $python"
    if ! make_venv "$python"; then
        if "$python" -c 'import ensurepip' >/dev/null 2>&1; then
            fail "$python -m venv .venv failed: $("$python" -m venv --clear .venv 2>&1 | tail -n 1)"
        fi
        if ! apt_allowed; then
            fail "this Python has no venv module. Install it (on Debian: apt-get install python3-venv) and run it again."
        fi
        say "installing python3-venv"
        { apt-get update -q && apt-get install -y -q --no-install-recommends python3-venv; } >/dev/null 2>&1 ||
            fail "python3-venv could not be installed. Try: apt-get install python3-venv"
        make_venv "$python" || fail "$python -m venv .venv failed even with python3-venv installed."
    fi
fi

say "installing packages from $lock (about a minute or two)"
.venv/bin/python -m pip install --disable-pip-version-check --require-hashes --progress-bar off \
    -r "$lock" >"$log" 2>&1 &
pip=$!
# A sign of life every few seconds, also where there is no screen.
seconds=0
while kill -0 "$pip" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    if [ $((seconds % 10)) = 0 ]; then
        say "  $seconds s: $(grep -c '^  Downloading\|^  Using cached' "$log" || true) packages fetched"
    fi
done
wait "$pip" || explain
.venv/bin/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation -q -e . \
    >>"$log" 2>&1 || explain
say "installed in $seconds s"
