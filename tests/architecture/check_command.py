#!/usr/bin/env python3
"""The command shall need nothing but the public headers: what it includes besides becomes less.

    check_command.py SOURCE_ROOT

For each private room, how many files of src/cli include it. A higher number is refused; after it
has fallen, lower it here.
"""

import pathlib
import re
import sys

FILES_THAT_INCLUDE = {
    "base": 52, "delta": 6, "object": 14, "pull": 9, "repo": 62, "selinux": 2, "server": 2,
    "sign": 10, "tree": 11,
}

INCLUDE = re.compile(r'^#include "(\w+)/', re.MULTILINE)


def rooms_of(source):
    return set(INCLUDE.findall(source.read_text())) - {"cli", "xylem"}


def main():
    found = dict.fromkeys(FILES_THAT_INCLUDE, 0)
    for source in (pathlib.Path(sys.argv[1]) / "src/cli").rglob("*.[ch]pp"):
        for room in rooms_of(source):
            found[room] = found.get(room, 0) + 1
    wrong = {room: count for room, count in found.items()
             if count != FILES_THAT_INCLUDE.get(room, 0)}
    for room, count in sorted(wrong.items()):
        print(f"src/cli: {count} files include {room}/, "
              f"{FILES_THAT_INCLUDE.get(room, 0)} are written down in check_command.py")
    return 1 if wrong else 0


sys.exit(main())
