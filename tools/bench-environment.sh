#!/bin/sh
# Makes an environment for programs that are only run: tools/bench-environment.sh FOLDER LOCK.
set -eu
folder=$1
lock=$2
python=.venv/bin/python
[ -x "$python" ] || python=${PYTHON:-python3}
[ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
echo "installing $lock into $folder (once, about a minute)"
"$folder/bin/python" -m pip install --disable-pip-version-check --require-hashes --quiet -r "$lock"
