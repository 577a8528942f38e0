#!/usr/bin/env python3
"""count-tests.py on logs as meson and Catch2 write them."""

import json
import pathlib
import subprocess
import sys
import tempfile

CATCH_FAILED = """
-------------------------------------------------------------------------------
a bare repository without root says what to do
-------------------------------------------------------------------------------
../tests/repo/transaction/test_transaction.cpp:364
...............................................................................

../tests/repo/transaction/test_transaction.cpp:386: FAILED:
  CHECK( status == 0 )
with expansion:
  2 == 0

===============================================================================
test cases:   83 |   82 passed | 1 failed
assertions: 3266 | 3265 passed | 1 failed
"""
CATCH_PASSED = "All tests passed (12 assertions in 3 test cases)\n"
SCRIPT_FAILED = "ok: one\nFAILED: two: expected 3\nok: four\nskipped: five\n"


def count(script, status, *tests):
    """Exit status, last line and all output for tests given as (result, output)."""
    with tempfile.TemporaryDirectory() as build:
        logs = pathlib.Path(build) / "meson-logs"
        logs.mkdir()
        lines = [json.dumps({"name": f"test {n}", "result": result, "stdout": output})
                 for n, (result, output) in enumerate(tests)]
        (logs / "testlog.json").write_text("\n".join(lines) + "\n")
        done = subprocess.run([sys.executable, script, build, str(status)], text=True,
                              stdout=subprocess.PIPE, check=False)
    return done.returncode, done.stdout.splitlines()[-1], done.stdout


def expect(found, wanted):
    assert found == wanted, f"{found}, wanted {wanted}"


def main():
    script = sys.argv[1]
    passed = ("OK", CATCH_PASSED)
    expect(count(script, 0, passed, ("OK", None), ("SKIP", ""))[:2],
           (0, "4 passed, 0 failed, 1 skipped"))
    expect(count(script, 1, passed)[:2], (1, "3 passed, 1 failed, 0 skipped"))

    status, last, output = count(script, 1, passed, ("FAIL", CATCH_FAILED), passed)
    expect((status, last), (1, "88 passed, 1 failed, 0 skipped"))
    assert "test_transaction.cpp:386" in output and "2 == 0" in output, output

    status, last, output = count(script, 1, ("FAIL", SCRIPT_FAILED), ("TIMEOUT", "waiting\n"))
    expect((status, last), (1, "2 passed, 2 failed, 1 skipped"))
    assert "two: expected 3" in output and "waiting" in output, output


main()
