#!/bin/sh
# Sees that there is a promtool for the tests of alerts and dashboards. Debian's package of Prometheus has it
# and would start a server: so it is unpacked into build/promtool, and nothing is installed.
set -eu

into=build/promtool
for name in ${HEMVIST_PROMTOOL:-} promtool "$into/usr/bin/promtool"; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
missing() {
    echo "test: $1 The tests of alerts fail in CI without promtool and are left out elsewhere: install Debian's package prometheus, or name it with HEMVIST_PROMTOOL=/path/to/promtool." >&2
    exit 0
}
command -v apt-get >/dev/null 2>&1 || missing "there is no promtool and no apt to fetch it with."
command -v dpkg-deb >/dev/null 2>&1 || missing "there is no promtool and no dpkg to unpack it with."
log=$PWD/build/promtool.log
mkdir -p "$into"
echo "fetching promtool with apt (some seconds)"
cd "$into"
{
    if [ "$(id -u)" = 0 ]; then apt-get update -q; fi
    apt-get download -q prometheus && dpkg-deb -x prometheus_*.deb .
} >"$log" 2>&1 </dev/null || missing "apt could not fetch promtool: $(grep -v '^ *$' "$log" | tail -n 1) (details: $log)."
rm -f prometheus_*.deb
