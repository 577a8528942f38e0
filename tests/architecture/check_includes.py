#!/usr/bin/env python3
"""Rooms include only rooms below them (docs/architecture.md).

    check_includes.py SOURCE_ROOT
"""

import pathlib
import re
import sys

# Each room with those that it may include. What a room below may use, the room above may use, too.
DIRECT = {
    "base": set(),
    "object": {"base"},
    "repo": {"object"},
    "tree": {"repo"},
    "server": {"base"},
    "fetcher": {"base"},
    "delta": {"repo"},
    "sign": {"object"},
    "pull": {"fetcher", "repo", "tree", "delta", "sign"},
    "api": {"pull"},
    "cli": {"api", "server"},
}
# The public headers: a vocabulary that every room shares, and what belongs to one.
PUBLIC = {"error.hpp": "base", "cancel.hpp": "base", "version.hpp": "base",
          "rate_limit.hpp": "base", "pull.hpp": "pull", "transfers.hpp": "pull",
          "maintenance.hpp": "api", "maintenance.h": "api", "repository.hpp": "api",
          "xylem.h": "api"}
# Libraries that only some rooms may know of.
LIBRARIES = {re.compile(r"curl/"): {"fetcher"}, re.compile(r"gpgme"): {"sign"},
             re.compile(r"CLI/"): {"cli"}, re.compile(r"boost/beast"): {"server"}}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def reachable(room):
    """All rooms below `room`, and itself."""
    rooms, left = set(), [room]
    while left:
        current = left.pop()
        if current not in rooms:
            rooms.add(current)
            left.extend(DIRECT[current])
    return rooms


def room_of_include(path):
    """The room that an included file belongs to; None for one that is none of ours."""
    first, _, rest = path.partition("/")
    if first == "xylem":
        return PUBLIC.get(rest, "api")
    return first if first in DIRECT else None


def complaints(path, room):
    for quote, target in INCLUDE.findall(path.read_text()):
        owner = room_of_include(target)
        if quote == '"' and owner is None:
            yield f"{path}: includes {target}, which is not named from src/"
        if owner is not None and owner not in reachable(room):
            yield f"{path}: {room} may not include {target}"
        for library, rooms in LIBRARIES.items():
            if library.match(target) and room not in rooms:
                yield f"{path}: {room} may not know of <{target}>"


def main():
    root = pathlib.Path(sys.argv[1])
    found, count = [], 0
    for directory in sorted((root / "src").iterdir()):
        if directory.name not in DIRECT:
            found.append(f"{directory}: is no room that docs/architecture.md knows")
            continue
        for path in sorted([*directory.rglob("*.hpp"), *directory.rglob("*.cpp")]):
            count += 1
            found.extend(complaints(path, directory.name))
    if count < 50:
        found.append(f"only {count} files were found: is {root} the right place?")
    print("\n".join(found) or f"{count} files include only what is below them")
    return 1 if found else 0


sys.exit(main())
