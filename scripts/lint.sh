#!/bin/sh
# Checks the formatting of all sources, and reads them with clang-tidy (.clang-tidy says with which
# checks). BUILD_DIR must have been set up by Meson; nothing is changed.
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

sources | xargs clang-format --dry-run --Werror

files=$(changed_sources)
[ -n "$files" ] || exit 0
# The build may use warning options that only GCC has.
# shellcheck disable=SC2086 # One word for each file.
echo $files | xargs -n 1 -P "$(nproc)" clang-tidy -p "$build_dir" --quiet --warnings-as-errors='*' \
  --extra-arg=-Wno-unknown-warning-option
