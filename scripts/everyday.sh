#!/bin/sh
# The long form of two tests: every command with every bad value in every broken repository (about an
# hour), and random trees committed by xylem and by `ostree`. The exit status is 0 only if nothing
# was found.
#
#   BUILD_DIR   where xylem was built (default: build-test)
#   TREES, SEED   (default: 10000, the time)
set -eu
cd "$(dirname "$0")/.."
build_dir=${BUILD_DIR:-build-test}
ninja -C "$build_dir" src/cli/xylem
status=0
python3 tests/cli/test_random_trees.py "$build_dir/src/cli/xylem" --trees "${TREES:-10000}" \
  --seed "${SEED:-$(date +%s)}" || status=1
python3 tests/cli/test_every_command.py "$build_dir/src/cli/xylem" --all || status=1
exit "$status"
