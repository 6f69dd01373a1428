#!/bin/sh
# tests/oracle/run.sh BUILD VENV: every comparison with independent references that needs Python
# packages: each script here gets the build folder; the first failure ends it.
set -eu
build=$1
python=$2/bin/python
here=$(dirname "$0")
for script in "$here"/*.py; do
    echo "== $(basename "$script")"
    "$python" "$script" "$build"
done
