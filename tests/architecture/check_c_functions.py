#!/usr/bin/env python3
"""The functions of the C interface stay as they were published: c_functions.txt lists them.

    check_c_functions.py SOURCE_ROOT [--update]

A function that is new is added to the list with --update. One that is gone, or takes something
else, breaks programs: that needs a new XYLEM_ABI_VERSION.
"""

import pathlib
import re
import sys

BASELINE = pathlib.Path(__file__).with_name("c_functions.txt")


def declarations(header):
    text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.DOTALL)
    text = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
    for statement in text.split(";"):
        line = " ".join(statement.split()).removeprefix('extern "C" { ')
        if "(" in line:
            yield line


def main():
    headers = (pathlib.Path(sys.argv[1]) / "include/xylem").glob("*.h")
    now = {line for header in headers for line in declarations(header)}
    if "--update" in sys.argv:
        BASELINE.write_text("".join(line + "\n" for line in sorted(now)))
    before = set(BASELINE.read_text().splitlines())
    for line in sorted(before - now):
        print("gone or changed:", line)
    for line in sorted(now - before):
        print("not in c_functions.txt:", line)
    return 1 if now != before else 0


sys.exit(main())
