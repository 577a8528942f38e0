#!/usr/bin/env python3
"""Static deltas that mean harm, or are broken.

    test_hostile_deltas.py XYLEM [--show]

None may crash a pull, hang it, or take its memory or the disk; a pull that can do without the delta
does, and ends with all objects; one that may not says why, and leaves the repository in order.
--show prints the messages.
"""

import argparse
import json
import lzma
import pathlib
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import ENVIRONMENT, expect, remove_tree, run_ok, text_of  # noqa: E402
import hostile_server as tricks  # noqa: E402
from delta_forge import (  # noqa: E402
    COMMIT, DIRTREE, FILE, DeltaForge, Part, op, patch_number, xz,
)

REF = "os/test"
ERRORS = {3, 5, 7, 9, 12}  # not found, network, corrupt, no space, unsupported
MEMORY = 1 << 30  # of address space
SECONDS = 90
PART, DELTA, NONE = "delta-part-failed", "delta-unusable", None

CASES = []


def case(name, code):
    """A function that spoils the delta of a forge; `code` is that of the warning."""
    def register(function):
        CASES.append((name, code, function))
        return function
    return register


def part_case(name, make, code=PART):
    """The only part is one that `make` spoils; it is given an empty one."""
    def spoil(forge, _server):
        part = Part()
        make(forge, part)
        forge.parts = [part]
    case(f"part: {name}", code)(spoil)


def honest_case(name, make, code=PART):
    """The part has all objects, and `make` spoils it."""
    case(f"part: {name}", code)(lambda forge, _server: make(forge, forge.parts[0]))


def too_few_operations(forge, part):
    part.metadata(DIRTREE, forge.new_tree)
    part.splice(forge.new_file, forge.new_content)
    part.objects.append((FILE, forge.second_file))


part_case("one operation too few", too_few_operations)
part_case("objects, and no operation", lambda f, p: p.begin(f.new_file))
part_case("neither objects nor operations", lambda f, p: None, NONE)
honest_case("an operation beyond the list", lambda f, p: setattr(p, "ops", p.ops + op("S", 0, 0, 0, 0)))
honest_case("a close beyond the list", lambda f, p: setattr(p, "ops", p.ops + op("c")))
honest_case("the list in another order", lambda f, p: p.objects.reverse())
honest_case("noise behind the operations", lambda f, p: setattr(p, "ops", p.ops + b"\xfe"))


def operations(name, *ops):
    """… of one file that is in the list; `{source}` is where the name of the old file is."""
    def make(forge, part):
        where = part.put(forge.old_file)
        part.put(forge.new_content)
        part.begin(forge.new_file)
        for letter, *numbers in ops:
            part.ops += op(letter, *[where if number == "source" else number for number in numbers])
    part_case(name, make)


SIZE = 600 * 12
operations("a write before anything is open", ("w", 5, 0))
operations("a patch before anything is open", ("B", 0, 5))
operations("a close before anything is open", ("c",))
operations("a file without a close", ("o", 0, 0, SIZE), ("w", SIZE, 32))
operations("two files open at once", ("o", 0, 0, SIZE), ("o", 0, 0, SIZE))
operations("a mode that is not there", ("o", 99, 0, SIZE), ("w", SIZE, 32), ("c",))
operations("attributes that are not there", ("o", 0, 99, SIZE), ("w", SIZE, 32), ("c",))
operations("a mode beyond all numbers", ("S", 1 << 63, 0, SIZE, 32))
operations("a write beyond the blob", ("o", 0, 0, SIZE), ("w", SIZE, 1 << 40), ("c",))
operations("a write whose end wraps", ("o", 0, 0, SIZE), ("w", (1 << 64) - 8, 16), ("c",))
operations("a splice beyond the blob", ("S", 0, 0, 1 << 50, 0))
operations("less than the file has", ("o", 0, 0, SIZE), ("w", 5, 32), ("c",))
operations("more than the file has", ("o", 0, 0, 5), ("w", SIZE, 32), ("c",))
operations("a file beyond all disks", ("o", 0, 0, 1 << 60), ("w", SIZE, 32), ("c",))
operations("a patch beyond the blob", ("r", "source"), ("o", 0, 0, SIZE), ("B", 1 << 40, 50), ("c",))
operations("a patch of noise", ("r", "source"), ("o", 0, 0, SIZE), ("B", 32, 600), ("c",))
operations("a patch that is too short", ("r", "source"), ("o", 0, 0, SIZE), ("B", 32, 3), ("c",))
operations("a patch for a file beyond all disks", ("r", "source"), ("o", 0, 0, 1 << 60),
           ("B", 32, 600), ("c",))
operations("a patch of nothing", ("o", 0, 0, SIZE), ("B", 32, 600), ("c",))
operations("a source that is not there", ("r", 40), ("o", 0, 0, SIZE), ("w", SIZE, 0), ("c",))
operations("a source beyond the blob", ("r", 1 << 33), ("o", 0, 0, SIZE), ("w", 5, 0), ("c",))
operations("more than the source has", ("r", "source"), ("o", 0, 0, SIZE), ("w", SIZE, 0), ("c",))
operations("an unknown operation", ("z", 1))
part_case("a number without an end", lambda f, p: (
    p.begin(f.new_file), setattr(p, "ops", b"o" + b"\x80" * 40)))


def patched(name, *records):
    """A file made by a patch of these numbers and bytes."""
    def make(forge, part):
        source = part.put(forge.old_file)
        patch = b"".join(patch_number(piece) if isinstance(piece, int) else piece
                         for piece in records)
        where = part.put(patch)
        part.begin(forge.new_file)
        part.ops += op("r", source) + op("o", 0, 0, SIZE) + op("B", where, len(patch)) + op("c")
    part_case(f"a patch with {name}", make)


patched("a negative length", -1, 0, 0)
patched("a length beyond all files", 1 << 40, 0, 0)
patched("more than the file has", 0, SIZE + 1, 0, bytes(SIZE + 1))
patched("records that bring nothing", *([0, 0, 0] * 1000))
patched("jumps out of the source", 1, 0, 1 << 62, b"x", 1, 0, -(1 << 62), b"x")


def moded(name, mode, ops):
    def make(forge, part):
        part.modes = [(0, 0, mode)]
        part.put(b"there\0more" + forge.new_content)
        part.begin(forge.new_file)
        part.ops += ops
    part_case(name, make)


moded("a symbolic link that is opened", 0o120777, op("o", 0, 0, 5) + op("w", 5, 0) + op("c"))
moded("a symbolic link with a NUL", 0o120777, op("S", 0, 0, 10, 0))
moded("a symbolic link of 7000 bytes", 0o120777, op("S", 0, 0, 7000, 0))
moded("a device", 0o060644, op("S", 0, 0, 5, 0))
moded("a directory", 0o040755, op("o", 0, 0, 5) + op("w", 5, 0) + op("c"))
moded("no type", 0o644, op("S", 0, 0, 5, 0))
part_case("an attribute without a name", lambda f, p: (
    setattr(p, "xattrs", [[(b"", b"v")]]), p.splice(f.new_file, f.new_content)))
part_case("metadata that is none", lambda f, p: p.metadata(DIRTREE, b"no dirtree"))


def packed(name, pack, code=PART):
    honest_case(name, lambda f, p: setattr(p, "file", pack(p.payload())), code)


packed("an empty file", lambda payload: b"")
packed("an unknown compression", lambda payload: b"g" + payload)
packed("no compression", lambda payload: b"\0" + payload, NONE)
packed("xz that is none", lambda payload: b"x" + payload)
packed("xz that is cut", lambda payload: xz(payload)[:-20])
packed("more behind the end", lambda payload: xz(payload) + b"more")
packed("two streams", lambda payload: xz(payload[:50]) + xz(payload[50:])[1:])
packed("a payload that is cut", lambda payload: xz(payload[:-9]))
packed("a payload of noise", lambda payload: xz(bytes(range(256)) * 9))
packed("an empty payload", lambda payload: xz(b""))
packed("a dictionary of 1 GiB", lambda payload: b"x" + lzma.compress(
    payload, filters=[{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]))
packed("a bomb", lambda payload: xz(bytes(200 << 20)))

for label, fields, told in (
        ("a version of tomorrow", {"version": 1}, PART),
        ("another checksum", {"checksum": b"c" * 32}, PART),
        ("a size of nothing", {"size": 0}, PART),
        ("a size that is too small", {"size": 20}, PART),
        ("a content of nothing", {"usize": 0}, NONE),
        ("a content beyond all disks", {"usize": (1 << 64) - 1}, DELTA),
        ("a checksum of 31 bytes", {"checksum": b"c" * 31}, DELTA),
        ("a list that ends within an object", {"objects": b"\1" * 34}, DELTA),
        ("an object of an unknown type", {"objects": b"\7" + b"o" * 32}, DELTA),
        ("a commit", {"objects": bytes([COMMIT]) + b"o" * 32}, DELTA)):
    honest_case(f"header with {label}", lambda f, p, fields=fields: p.header.update(fields), told)


@case("a size beyond all disks makes the delta too dear", NONE)
def huge_size(forge, _server):
    forge.parts[0].header["size"] = (1 << 64) - 1


@case("no parts", NONE)
def no_parts(forge, _server):
    forge.parts = []


@case("the same objects in two parts", NONE)
def twice(forge, _server):
    forge.parts = [forge.honest(), forge.honest()]


@case("an inline part that is another one", PART)
def inline_other(forge, _server):
    forge.inline = True
    forge.parts[0].header["checksum"] = b"c" * 32


@case("an inline part", NONE)
def inline_honest(forge, _server):
    forge.inline = True


@case("a delta to another commit", DELTA)
def other_target(forge, _server):
    forge.target, forge.commit_value = forge.old, forge.old_value
    forge.source = b""


@case("a delta from another commit", DELTA)
def other_source(forge, _server):
    forge.source = b"s" * 32


@case("a commit that is not the target", DELTA)
def other_commit(forge, _server):
    forge.commit_value = forge.old_value


@case("more deltas that would be needed", NONE)
def recurse(forge, _server):
    forge.recurse = b"r" * 64


@case("a fallback that is a directory", DELTA)
def fallback_directory(forge, _server):
    forge.fallbacks = [(DIRTREE, b"f" * 32, 1, 1)]


@case("detached metadata of another type", NONE)
def odd_metadata(forge, _server):
    where = forge.directory(forge.old, forge.new)
    forge.metadata_entries = [(f"{where}/commitmeta", ("s", "x")), (f"{where}/7", ("s", "x"))]


def raw_superblock(name, make):
    """Listed as it is."""
    case(f"superblock: {name}", DELTA)(lambda forge, _server: make(forge.superblock()))


raw_superblock("empty", lambda content: b"")
raw_superblock("cut", lambda content: content[:-7])
raw_superblock("noise", lambda content: bytes(range(256)) * 40)
raw_superblock("an envelope of nothing", lambda content: b"OSTSGNDT" + bytes(40))

for label, trick in (("a web page", tricks.web_page), ("less than it says", tricks.lying_length),
                     ("no HTTP", tricks.no_http), ("a size beyond all disks", tricks.huge_length)):
    case(f"superblock: {label}", DELTA)(
        lambda _f, server, trick=trick: server.tricks.update({"superblock": trick}))
    case(f"part: {label}", PART)(
        lambda _f, server, trick=trick: server.tricks.update({"/0": trick}))
case("part: bytes without end", PART)(
    lambda _f, server: server.tricks.update({"/0": tricks.endless}))


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


class Bench:
    def __init__(self, xylem, work, show):
        self.xylem, self.work, self.show = xylem, work, show

    def client(self, forge, url):
        """Has the old commit."""
        repo = self.work / "repo"
        remove_tree(repo)
        run_ok("ostree", "init", "--repo", repo, "--mode=bare-user-only")
        run_ok("ostree", "remote", "add", "--repo", repo, "--no-gpg-verify", "origin", url)
        forge.summary([(REF, forge.old)])
        run_ok(self.xylem, "pull", "--repo", repo, "origin", REF)
        return repo

    def pull(self, repo, *options):
        command = [self.xylem, "pull", "--repo", repo, "--progress=json", "--network-retries=1",
                   *options, "origin", REF]
        return subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT,
                              timeout=SECONDS, preexec_fn=limit_memory, check=False)

    def run(self, name, code, spoil):
        forge = DeltaForge()
        server = tricks.Server()
        server.files = forge.files
        repo = self.client(forge, server.url)
        superblock = spoil(forge, server)
        forge.publish(REF, superblock)
        done = self.pull(repo, "--require-static-deltas")
        told = done.stderr.strip()
        if code is not NONE:
            expect(done.returncode in ERRORS, "required", done.returncode, told)
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        repo = self.client(forge, server.url)
        forge.publish(REF, superblock)
        done = self.pull(repo)
        expect(done.returncode == 0, done.returncode, done.stderr)
        warnings = [event for event in map(json.loads, done.stdout.splitlines())
                    if event["event"] == "message" and event["warning"]]
        expect([event["code"] for event in warnings] == ([code] if code else []), done.stdout)
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        expect(text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REF}") == forge.new.hex())
        expect(not list((repo / "state").iterdir()), "the commit is still partial")
        if self.show:
            print(f"{name}:\n    {told}\n    " + "\n    ".join(e["text"] for e in warnings))
        server.shutdown()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("xylem", type=pathlib.Path)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    failed = 0
    for name, code, spoil in CASES:
        if arguments.only not in name:
            continue
        with tempfile.TemporaryDirectory(dir="/var/tmp") as work:
            try:
                Bench(arguments.xylem.absolute(), pathlib.Path(work), arguments.show).run(
                    name, code, spoil)
            except Exception as error:  # Any: the other cases shall run too.
                failed += 1
                print(f"FAILED: {name}: {error}", flush=True)
    print(f"{len(CASES)} cases, {failed} failed")
    sys.exit(1 if failed else 0)


main()
