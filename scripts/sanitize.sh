#!/bin/sh
# Builds some rooms with GCC's sanitizers and runs their tests: ThreadSanitizer for the pull and for
# many pulls at once in one process, AddressSanitizer and UndefinedBehaviorSanitizer for objects,
# signatures, repositories, trees, the fetcher and the pull.
# Takes some minutes of building. The exit status is 0 only if nothing was reported.
#
#   BUILD_DIR    where the rest of xylem was built (default: build-test)
#   WHAT         "thread address"
#   ROOMS        for AddressSanitizer (default: all of these)
#   SECONDS_EACH of the stress test (default: 30)
set -eu
cd "$(dirname "$0")/.."
build_dir=${BUILD_DIR:-build-test}
status=0

# Sets up build-<name> and builds the targets.
build() {
  name=$1 sanitizer=$2
  shift 2
  [ -f "build-$name/build.ninja" ] ||
    meson setup "build-$name" -Dtests=enabled "-Db_sanitize=$sanitizer" -Db_lundef=false
  ninja -C "build-$name" "$@"
}

for what in ${WHAT:-thread address}; do
  case $what in
    thread)
      build thread thread tests/task/test-task tests/pull/test-pull tests/stress/stress-threads
      ninja -C "$build_dir" src/cli/xylem tests/support/fault-server
      # Not at random addresses: newer kernels use more of them than it can follow.
      export TSAN_OPTIONS="suppressions=$PWD/tests/stress/tsan.supp exitcode=66"
      setarch -R build-thread/tests/task/test-task || status=1
      setarch -R build-thread/tests/pull/test-pull || status=1
      setarch -R python3 tests/stress/test_stress.py "$build_dir/src/cli/xylem" \
        build-thread/tests/stress/stress-threads "$build_dir/tests/support/fault-server" \
        --seconds "${SECONDS_EACH:-30}" || status=1 ;;
    address)
      rooms=${ROOMS:-task object sign repo tree fetcher pull}
      # shellcheck disable=SC2046 # one word a room
      build address address,undefined tests/fetcher/fetch-child tests/repo/test-repo-objects \
        $(for room in $rooms; do echo "tests/$room/test-$room"; done)
      # shellcheck disable=SC2086 # one word a room
      meson test -C build-address --no-rebuild --print-errorlogs $rooms repo_objects || status=1 ;;
    *) echo "sanitize.sh: no such sanitizer: $what" >&2; exit 2 ;;
  esac
done
exit "$status"
