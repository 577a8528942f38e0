#!/usr/bin/env python3
"""Prints "N passed, N failed, N skipped" for the last `meson test` in a build directory.

    count-tests.py BUILD_DIR STATUS

A test program counts as one test for each of its cases where its output tells how many there were
(Catch2's last line, or lines that start with "ok: ", "FAILED: " and "skipped: "), else as one.
STATUS is what came before; if it is not 0 and no test failed, something else did (formatting, say),
which is counted as one failure. Before that line it repeats what failed, which may be far above
what the log of a build keeps. Exits with 1 on any failure.
"""

import collections
import json
import pathlib
import re
import sys

ALL_PASSED = re.compile(r"All tests passed \(\d+ assertions? in (\d+) test cases?\)")
SOME_FAILED = re.compile(r"test cases: +(\d+)(?: \| +(\d+) passed)?(?: \| +(\d+) failed)?")
FAILED_LINE = re.compile(r"^FAILED: |: FAILED:$|^due to |^\.{79}$")
OUTCOMES = {"OK": "passed", "SKIP": "skipped", "EXPECTEDFAIL": "passed"}


def cases(test):
    """How many cases of one test program ended how."""
    output = test.get("stdout") or ""
    outcome = OUTCOMES.get(test["result"], "failed")
    passed, failed, skipped = (len(re.findall(rf"^{word}: ", output, re.MULTILINE))
                               for word in ("ok", "FAILED", "skipped"))
    if outcome == "passed" and (found := ALL_PASSED.search(output)):
        return {"passed": int(found[1]) - skipped, "skipped": skipped}
    if outcome == "failed" and (found := SOME_FAILED.search(output)):
        return {"passed": int(found[2] or 0), "failed": max(int(found[3] or 0), 1)}
    if passed + failed > 0:
        unnamed = 1 if outcome == "failed" and failed == 0 else 0
        return {"passed": passed, "failed": failed + unnamed, "skipped": skipped}
    return {outcome: 1}


def failures(output):
    """The lines that tell what failed, with those around them; else the last ones."""
    lines = output.splitlines()
    found = [number for number, line in enumerate(lines) if FAILED_LINE.search(line)]
    near = sorted({n for number in found for n in range(number - 4, number + 7)})
    return [lines[n] for n in near if 0 <= n < len(lines)] or lines[-20:]


def main():
    build_dir, earlier_status = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    total = collections.Counter()
    with (build_dir / "meson-logs" / "testlog.json").open() as log:
        tests = [json.loads(line) for line in log]
    for test in tests:
        counts = cases(test)
        total.update(counts)
        if counts.get("failed"):
            print(f"--- {test['name']}:", *failures(test.get("stdout") or "")[:60], sep="\n")
    if earlier_status != 0 and total["failed"] == 0:
        total["failed"] = 1
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 1 if total["failed"] else 0


sys.exit(main())
