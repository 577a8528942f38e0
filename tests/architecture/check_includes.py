#!/usr/bin/env python3
"""Rooms include only rooms below them (docs/design/rooms.md), and each says what it is for.

    check_includes.py SOURCE_ROOT

A room is a directory of src/ that has sources. Its top header says "Room `name`: ... Knows nothing
of ...".
"""

import pathlib
import re
import sys

# Each room with those that it may include. What a room below may use, the room above may use, too.
DIRECT = {
    "base": set(),
    "base/codec": {"base"},
    "base/os": {"base"},
    "archive": {"base/os"},
    "selinux": {"base/os"},
    "task": {"base"},
    "object/names": {"base/codec"},
    "object/variant": {"object/names"},
    "object": {"object/variant"},
    "delta/format": {"object"},
    "sign": {"base/os", "object"},
    "sign/keys": {"sign"},
    "sign/gpg": {"sign"},
    "repo/disk": {"base/os", "object"},
    "repo/locks": {"repo/disk"},
    "repo/config": {"repo/disk"},
    "repo/loose": {"repo/disk"},
    "repo": {"repo/config", "repo/locks", "repo/loose"},
    "repo/refs": {"delta/format", "repo"},
    "repo/staging": {"repo"},
    "repo/ingest": {"repo/staging"},
    "repo/transaction": {"repo/ingest", "repo/refs"},
    "repo/keep": {"repo"},
    "repo/upkeep": {"repo/ingest", "repo/keep", "repo/refs", "task"},
    "repo/store": {"repo/transaction", "repo/upkeep"},
    "delta/apply": {"repo/transaction"},
    "delta/store": {"delta/apply", "repo/upkeep", "sign"},
    "delta/match": {"delta/apply", "task"},
    "delta/generate": {"delta/match", "delta/store"},
    "tree": {"repo/transaction", "repo/upkeep", "selinux"},
    "tree/commit": {"archive", "tree"},
    "tree/checkout": {"tree"},
    "tree/export": {"archive", "tree"},
    "server/http": {"base/os"},
    "server": {"server/http"},
    "fetcher/request": {"base"},
    "fetcher/curl": {"task"},
    "fetcher/http": {"fetcher/request"},
    "fetcher/download": {"base/codec", "base/os", "fetcher/http"},
    "fetcher/policy": {"fetcher/curl"},
    "fetcher/transfer": {"fetcher/download", "fetcher/policy"},
    "fetcher": {"fetcher/transfer"},
    "pull/report": {"fetcher/request", "repo/config", "task"},
    "pull/downloads": {"fetcher/download", "repo/store", "task"},
    "pull/remote": {"fetcher", "pull/report", "repo/refs", "sign/gpg", "sign/keys"},
    "pull/source": {"pull/downloads", "pull/remote"},
    "pull/delta": {"delta/apply", "pull/source"},
    "pull/commit": {"pull/delta"},
    "pull": {"pull/commit"},
    "pull/jobs": {"pull", "repo/upkeep"},
    "api": {"delta/generate", "pull/jobs"},
    "capi": {"api"},
    "interpose": {"api"},
    "cli/frame": {"repo/refs"},
    "cli/time": {"base"},
    "cli/completion": {"cli/frame"},
    "cli/progress": {"cli/frame", "pull/report"},
    "cli/text": {"cli/progress", "pull/jobs"},
    "cli/shared": {"cli/text", "api", "tree/commit", "tree/checkout",
                   "tree/export"},
    "cli/remote": {"cli/shared"},
    "cli/commit": {"cli/shared", "cli/time"},
    "cli/delta": {"cli/shared"},
    "cli/objects": {"cli/shared", "cli/time"},
    "cli/commands": {"cli/completion", "cli/shared", "cli/time", "server"},
    "cli": {"cli/commands", "cli/commit", "cli/delta", "cli/objects", "cli/remote"},
}
# The public headers: a vocabulary that every room shares, and what belongs to one.
PUBLIC = {"error.hpp": "base", "cancel.hpp": "base", "version.hpp": "base",
          "rate_limit.hpp": "base", "pull.hpp": "pull/report", "transfers.hpp": "pull/downloads",
          "async.hpp": "api", "deltas.hpp": "api", "deltas.h": "capi", "maintenance.hpp": "api", "maintenance.h": "capi", "repository.hpp": "api",
          "leases.hpp": "repo/keep", "log.hpp": "base", "store.h": "capi", "store.hpp": "repo/store",
          "work_directory.hpp": "repo/disk", "xylem.h": "capi"}
# Libraries that only some rooms may know of.
LIBRARIES = {re.compile(r"curl/"): {"fetcher"}, re.compile(r"gpgme"): {"sign"},
             re.compile(r"CLI/"): {"cli"}, re.compile(r"boost/beast"): {"server"},
             re.compile(r"archive(_entry)?\.h$"): {"archive"},
             re.compile(r"selinux/\w+\.h$"): {"selinux"}}

# A row of docs/design/rooms.md: the room, ..., the rooms that it may include.
ROW = re.compile(r"^\| `([\w/]+)` \|.*\|([^|]*)\|$", re.MULTILINE)
# Rooms that use others through the public headers alone.
OUTSIDE = {"capi"}
# Headers that a room below may use, but these rooms may not: they ask the rooms between.
HIDDEN = {"cli": {"repo/disk/layout.hpp"}}

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
    room, _, name = path.rpartition("/")
    if room == "xylem":
        return PUBLIC.get(name, "api")
    return room if room in DIRECT else None


def complaints(path, room):
    for quote, target in INCLUDE.findall(path.read_text()):
        owner = room_of_include(target)
        if quote == '"' and owner is None:
            yield f"{path}: includes {target}, which is not named from src/"
        if owner is not None and owner not in reachable(room):
            yield f"{path}: {room} may not include {target}"
        if room in OUTSIDE and owner not in (None, room) and not target.startswith("xylem/"):
            yield f"{path}: {room} may include public headers only, not {target}"
        if target in HIDDEN.get(room.partition("/")[0], ()):
            yield f"{path}: {room} may not know of {target}"
        for library, rooms in LIBRARIES.items():
            if library.match(target) and room.partition("/")[0] not in rooms:
                yield f"{path}: {room} may not know of <{target}>"


def purposes(source, room):
    """The files of the room that say what it is for."""
    wanted = re.compile(rf"Room `{room}`: .*? Knows nothing of .*?\.")
    return [path for path in sorted((source / room).glob("*.hpp"))
            if wanted.search(" ".join(path.read_text().replace("\n///", " ").split()))]


def differences(page):
    """What the page says of rooms that this check does not."""
    rows = {room: set(re.findall(r"`([\w/]+)`", below))
            for room, below in ROW.findall(page.read_text())}
    for room in sorted(rows.keys() | DIRECT.keys()):
        if rows.get(room) != DIRECT.get(room):
            yield f"{page}: says of {room}: {rows.get(room)}, and this check: {DIRECT.get(room)}"


def main():
    root = pathlib.Path(sys.argv[1])
    source = root / "src"
    found, count = list(differences(root / "docs/design/rooms.md")), 0
    for path in sorted([*source.rglob("*.hpp"), *source.rglob("*.cpp")]):
        room = str(path.parent.relative_to(source))
        if room not in DIRECT:
            found.append(f"{path}: {room} is no room that docs/design/rooms.md knows")
            continue
        count += 1
        found.extend(complaints(path, room))
    for room in DIRECT:
        if len(purposes(source, room)) != 1:
            found.append(f"src/{room}: one header must say what the room is for")
    if count < 50:
        found.append(f"only {count} files were found: is {source} the right place?")
    print("\n".join(found) or f"{count} files of {len(DIRECT)} rooms include only what is below them")
    return 1 if found else 0


sys.exit(main())
