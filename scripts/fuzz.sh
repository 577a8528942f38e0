#!/bin/sh
# Builds the fuzz targets with clang, Address- and UndefinedBehaviorSanitizer, and runs each for a
# while, on a corpus that begins with recorded objects and grows. The status is 0 if nothing was found;
# what was found is in the directory of the build.
#
#   scripts/fuzz.sh [TARGET...]       all targets by default
#   SECONDS_EACH   how long each runs (default: 60)
#   BUILD_DIR      where to build (default: build-fuzz); the corpus is kept there
set -eu
cd "$(dirname "$0")/.."
build_dir=${BUILD_DIR:-build-fuzz}
corpus=$build_dir/corpus

if ! command -v clang++ >/dev/null; then
  echo "fuzz.sh: clang is not installed: nothing is fuzzed" >&2
  exit 77
fi
[ -f "$build_dir/build.ninja" ] || CC=clang CXX="${CXX:-clang++}" meson setup "$build_dir" \
  -Dfuzz=true -Dtests=disabled -Db_sanitize=address,undefined -Db_lundef=false
ninja -C "$build_dir"
[ -d "$corpus" ] || python3 fuzz/make_seeds.py tests/data "$corpus"

run() {
  name=${1##*/fuzz_}
  mkdir -p "$corpus/$name"
  set -- "$1" "$corpus/$name"
  [ ! -d "fuzz/regressions/$name" ] || set -- "$@" "fuzz/regressions/$name"
  echo "== $name"
  # No input of 64 KiB is worth an allocation of 64 MiB.
  "$@" -max_total_time="${SECONDS_EACH:-60}" -max_len=65536 -malloc_limit_mb=64 \
    -rss_limit_mb=1024 -timeout=10 -print_final_stats=1 \
    -artifact_prefix="$build_dir/found-$name-" >"$build_dir/$name.log" 2>&1 || status=1
  grep -E 'stat::(number_of_executed|average_exec)|ERROR|SUMMARY|runtime error' \
    "$build_dir/$name.log" || true
}

status=0
[ $# -gt 0 ] || set -- $(cd fuzz && ls fuzz_*.cpp | sed 's/^fuzz_//; s/\.cpp$//')
for target in "$@"; do
  run "$build_dir/fuzz/fuzz_$target"
done
exit "$status"
