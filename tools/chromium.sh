#!/bin/sh
# Sees that there is a Chromium for the browser tests. Ends with one clear line when it cannot.
set -eu

for name in ${HEMVIST_CHROMIUM:-} chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "test: the browser tests need Chromium. As root on Debian: apt-get install --no-install-recommends chromium fonts-dejavu-core. Elsewhere install Chromium or Chrome and name it with HEMVIST_CHROMIUM=/path/to/it." >&2
    exit 1
fi
log=build/chromium.log
mkdir -p build
echo "installing chromium and fonts-dejavu-core with apt (about a minute)"
if ! { DEBIAN_FRONTEND=noninteractive apt-get update -q &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium fonts-dejavu-core; } >"$log" 2>&1 </dev/null; then
    echo "test: apt could not install Chromium: $(grep -v '^ *$' "$log" | tail -n 1) (details: $log). Install Chromium another way and name it with HEMVIST_CHROMIUM=/path/to/it." >&2
    exit 1
fi
