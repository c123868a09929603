#!/bin/sh
# Locks every package with hashes and without the name of any package index.
set -eu
command -v "${UV:=uv}" >/dev/null 2>&1 || {
    echo "lock: uv is needed (pipx install uv, or pip install uv); name it with UV=/path/to/uv" >&2
    exit 1
}
compile() {
    "$UV" pip compile --universal --generate-hashes --no-emit-index-url \
        --python-version 3.11 --quiet "$@"
}
compile pyproject.toml --group dev -o requirements/dev.txt
compile pyproject.toml --group bench -o requirements/bench.txt
# Groups alone, without the project.
compile --group build -o requirements/build.txt
compile --group charts -o requirements/charts.txt
compile --group site -o requirements/site.txt
compile pyproject.toml -o requirements/run.txt
