#!/bin/sh
# The long form of the crash tests: every power-cut state of recorded pulls, and 10,000 kill points
# and some thousand failing calls of real ones. Takes about an hour of one processor.
#
#   BUILD_DIR    where xylem and its tests were built (default: build-test)
#   SEED         of all that is random (default: the time)
#   KILLS        how many kill points, in all (default: 10000)
#   MODES        "archive-z2 bare bare-user bare-user-only"
#   WHAT         "states kill beside random fail"
#
# Each line that a program prints tells what was done and how much of it was broken. The exit status
# is 0 only if nothing was. Warnings about what was made to fail go to the file crash.log.
set -eu
cd "$(dirname "$0")/.."
build_dir=${BUILD_DIR:-build-test}
seed=${SEED:-$(date +%s)}
kills=${KILLS:-10000}
modes=${MODES:-archive-z2 bare bare-user bare-user-only}
what=${WHAT:-states kill beside random fail}

ninja -C "$build_dir" tests/crash/crash-states tests/crash/crash-points tests/crash/pull-child \
  src/cli/xylem
tests=$build_dir/tests/crash
log=$build_dir/crash.log
: >"$log"
count_modes=$(echo "$modes" | wc -w)
status=0

# A third of the kills with others running, a tenth at random times of the real command.
points() {
  "$tests/crash-points" "$1" --mode "$mode" --count "$2" --pull-every 10 --ostree-every 100 \
    --seed "$seed" --child "$tests/pull-child" --xylem "$build_dir/src/cli/xylem" 2>>"$log" ||
    status=1
}

for mode in $modes; do
  for task in $what; do
    case $task in
      states)
        "$tests/crash-states" --mode "$mode" --everywhere --seed "$seed" --pull-every 10 \
          2>>"$log" || status=1
        "$tests/crash-states" --mode "$mode" --scenario first --seed "$seed" 2>>"$log" || status=1
        "$tests/crash-states" --mode "$mode" --scenario update --seed "$seed" 2>>"$log" || status=1 ;;
      kill) points kill $((kills * 17 / 30 / count_modes)) ;;
      beside) points beside $((kills / 3 / count_modes)) ;;
      random) points random $((kills / 10 / count_modes + 1)) ;;
      fail) points fail "${FAILURES:-200}" ;;
      *) echo "crash.sh: no such task: $task" >&2; exit 2 ;;
    esac
  done
done
python3 tests/crash/test_full_disk.py "$build_dir/src/cli/xylem" --sizes 12 || [ $? = 77 ] || status=1
exit "$status"
