#!/bin/sh
# Makes an environment for the peers of a benchmark: tools/bench-environment.sh FOLDER LOCK.
set -eu
folder=$1
lock=$2
python=.venv/bin/python
[ -x "$python" ] || python=${PYTHON:-python3}
[ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
echo "installing the benchmark's peers from $lock (once, about a minute)"
"$folder/bin/python" -m pip install --disable-pip-version-check --require-hashes --quiet -r "$lock"
