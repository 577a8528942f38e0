#!/bin/sh
# Checks the formatting of all sources, and reads them with clang-tidy (.clang-tidy says with which
# checks). Nothing is changed.
#
# clang-tidy needs each source by itself and cannot read precompiled headers of GCC, so it takes its
# options from a build directory of its own, in which nothing is built.
#
#   BUILD_DIR    where to put that directory (default: build-test)
#
#   LINT_FILES   "all", or "changed" (default): what differs from the last commit but one
set -eu
cd "$(dirname "$0")/.."
build_dir=${BUILD_DIR:-build-test}

if ! command -v clang-format >/dev/null || ! command -v clang-tidy >/dev/null; then
  echo "lint.sh: clang-format and clang-tidy are not installed: nothing is checked" >&2
  exit 0
fi

sources() {
  find src include tests examples -name '*.cpp' -o -name '*.hpp' | sort
}

changed_sources() {
  if [ "${LINT_FILES:-changed}" != all ] && git rev-parse -q --verify HEAD~1 >/dev/null 2>&1; then
    git diff --name-only --diff-filter=d HEAD~1 -- 'src/*.cpp'
  else
    sources | grep '^src/.*\.cpp$'
  fi
}

database=$build_dir/lint
[ -f "$database/compile_commands.json" ] ||
  meson setup "$database" -Db_pch=false --unity=off >/dev/null

sources | xargs clang-format --dry-run --Werror

files=$(changed_sources)
[ -n "$files" ] || exit 0
# The build may use warning options that only GCC has.
# shellcheck disable=SC2086 # One word for each file.
echo $files | xargs -n 1 -P "$(nproc)" clang-tidy -p "$database" --quiet --warnings-as-errors='*' \
  --extra-arg=-Wno-unknown-warning-option
