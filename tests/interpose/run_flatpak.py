#!/usr/bin/env python3
"""flatpak's own tests, as Debian installs them, above the library that stands in for libostree. All
points must pass, and at least 95 of 100 pulls must be ours.

    run_flatpak.py DIRECTORY TEST...

For example test-repo@user.wrap, test-run@user,deltas.wrap. Whoever wants flatpak's helper below them
runs this as another user than root.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

TESTS = pathlib.Path("/usr/libexec/installed-tests/Flatpak")
SKIPPED = 77
LONGEST = 900  # Seconds.
SHARE_OF_OURS = 0.95


def command_of(test):
    wrapper = [TESTS / "test-wrapper.sh"] if test.endswith(".wrap") else []
    return [*wrapper, TESTS / test, "--tap"]


def run_test(directory, test, work):
    """Its output, and the lines of the log of pulls."""
    log = work / "pulls"
    home = work / "home"
    home.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LD_LIBRARY_PATH": directory,
                   "G_TEST_SRCDIR": str(TESTS), "G_TEST_BUILDDIR": str(TESTS),
                   "XYLEM_INTERPOSE_LOG": str(log)}
    (work / "here").mkdir()
    done = subprocess.run(command_of(test), cwd=work / "here", env=environment, text=True,
                          errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=LONGEST, check=False)
    return done.stdout, log.read_text().splitlines() if log.exists() else []


def problem_of(output, pulls):
    """What is wrong; empty if nothing is."""
    passed = len(re.findall(r"^ok ", output, re.MULTILINE))
    plan = re.search(r"^1\.\.(\d+)", output, re.MULTILINE)
    if not plan or passed != int(plan[1]) or re.search(r"^not ok", output, re.MULTILINE):
        return f"{passed} points passed of {plan[1] if plan else '?'}:\n{output[-4000:]}"
    ours = sum(line.startswith("ours ") for line in pulls)
    if not pulls or ours < SHARE_OF_OURS * len(pulls):
        return "\n".join([f"only {ours} of {len(pulls)} pulls were ours:", *pulls])
    print(f"{passed} points, {ours} of {len(pulls)} pulls ours", flush=True)
    return ""


def main():
    directory, tests = str(pathlib.Path(sys.argv[1]).absolute()), sys.argv[2:]
    if not (TESTS / "test-wrapper.sh").exists():
        print(f"skipped: {TESTS} is not there (flatpak-tests)")
        sys.exit(SKIPPED)
    failed = False
    for test in tests:
        with tempfile.TemporaryDirectory(prefix="xylem-flatpak-", dir="/var/tmp") as work:
            print(f"{test}: ", end="", flush=True)
            problem = problem_of(*run_test(directory, test, pathlib.Path(work)))
        if problem:
            failed = True
            print(f"FAILED: {problem}", flush=True)
    sys.exit(1 if failed else 0)


main()
