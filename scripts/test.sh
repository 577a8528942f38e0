#!/bin/sh
# Builds xylem with warnings as errors and runs all tests, on a bare Debian 12 too. The last line is
# "N passed, N failed, N skipped"; the exit status is 0 only if nothing failed.
#
#   BUILD_DIR    where to build (default: build-test)
#   LINT=0       leaves out formatting and clang-tidy
#   XYLEM_WHOLE_SUITE=1
#                runs all of libostree's own tests of its command, the slow ones too, of which
#                otherwise a third runs, another one each day
#   TEST_ARGS    further arguments of `meson test`, such as "--suite cli"
set -eu
cd "$(dirname "$0")/.."
build_dir=${BUILD_DIR:-build-test}
lint=${LINT:-1}

scripts/install-packages.sh build test
[ "$lint" = 0 ] || scripts/install-packages.sh lint

[ -f "$build_dir/build.ninja" ] ||
  meson setup "$build_dir" --werror -Dtests=enabled -Ddebug=false --unity=on --unity-size=1000
ninja -C "$build_dir"

status=0
if [ "$lint" != 0 ]; then
  BUILD_DIR=$build_dir scripts/lint.sh || status=1
fi
# shellcheck disable=SC2086 # Several arguments.
meson test -C "$build_dir" --no-rebuild --print-errorlogs ${TEST_ARGS:-} || status=1
python3 scripts/count-tests.py "$build_dir" "$status" || status=1
exit "$status"
