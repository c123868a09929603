#!/bin/sh
# Locks every package with hashes and without the name of any package index.
set -eu
command -v "${UV:=uv}" >/dev/null 2>&1 || {
    echo "lock: uv is needed (pipx install uv, or pip install uv); name it with UV=/path/to/uv" >&2
    exit 1
}
compile() {
    "$UV" pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url \
        --python-version 3.11 --quiet "$@"
}
compile --group dev -o requirements/dev.txt
compile --group bench -o requirements/bench.txt
# Alone, without the project.
"$UV" pip compile --group site --universal --generate-hashes --no-emit-index-url \
    --python-version 3.11 --quiet -o requirements/site.txt
compile -o requirements/run.txt
