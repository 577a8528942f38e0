#!/bin/sh
# The long form of the stress test: pulls, commits, checks and prunes of one repository by many
# processes and threads, some of them killed, from a server that fails now and then; once in each
# mode. Prints its seed, what was run how often, and the bytes that were asked for. The exit status
# is 0 only if nothing was broken.
#
#   BUILD_DIR   where xylem and its tests were built (default: build-test)
#   SEED        (default: the time)
#   SECONDS_EACH, PROCESSES, THREADS   (default: 120, 4, 4)
#   MODES       (default: "archive bare bare-user bare-user-only")
#
# Before that, a neighbour swaps and rewrites an object while it is imported, 10,000 times, and
# checkouts and other readers go on beside prunes, both killed now and then, READER_ROUNDS times
# (default: 1000).
set -eu
cd "$(dirname "$0")/.."
build_dir=${BUILD_DIR:-build-test}
seed=${SEED:-$(date +%s)}

ninja -C "$build_dir" src/cli/xylem tests/stress/stress-threads tests/support/fault-server \
  tests/repo/test-repo-objects
status=0
XYLEM_RACE_ROUNDS=10000 "$build_dir/tests/repo/test-repo-objects" "renaming and rewriting*" || status=1
python3 tests/cli/test_reading.py "$build_dir/src/cli/xylem" "${READER_ROUNDS:-1000}" || status=1
for mode in ${MODES:-archive bare bare-user bare-user-only}; do
  echo "== $mode"
  python3 tests/stress/test_stress.py "$build_dir/src/cli/xylem" \
    "$build_dir/tests/stress/stress-threads" "$build_dir/tests/support/fault-server" \
    --mode "$mode" --seed "$seed" --seconds "${SECONDS_EACH:-120}" \
    --processes "${PROCESSES:-4}" --threads "${THREADS:-4}" || status=1
done
exit "$status"
