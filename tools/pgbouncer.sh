#!/bin/sh
# Sees that there is a PgBouncer for the test of transaction pooling, which is left out without one.
set -eu

for name in ${HEMVIST_PGBOUNCER:-} pgbouncer /usr/sbin/pgbouncer; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "test: without PgBouncer the test of transaction pooling is left out. As root on Debian: apt-get install --no-install-recommends pgbouncer. Elsewhere install it and name it with HEMVIST_PGBOUNCER=/path/to/it." >&2
    exit 0
fi
log=build/pgbouncer.log
mkdir -p build
echo "installing pgbouncer with apt (some seconds)"
if ! { DEBIAN_FRONTEND=noninteractive apt-get update -q &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends pgbouncer; } >"$log" 2>&1 </dev/null; then
    echo "test: apt could not install PgBouncer, so the test of transaction pooling is left out: $(grep -v '^ *$' "$log" | tail -n 1) (details: $log)." >&2
fi
