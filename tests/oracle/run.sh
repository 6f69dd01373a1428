#!/bin/sh
# tests/oracle/run.sh BUILD VENV: every comparison with independent references that needs Python
# packages: each script here gets the build folder and succeeds or fails as a whole. All run; the
# last line is `N passed, N failed`, and the exit code is 1 when one failed.
set -u
build=$1
python=$2/bin/python
here=$(dirname "$0")
passed=0
failed=0
for script in "$here"/*.py; do
    name=$(basename "$script")
    echo "== $name"
    if "$python" "$script" "$build" </dev/null; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $name"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
