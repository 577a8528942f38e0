#!/usr/bin/env python3
"""What a small or well-made input of a stranger costs: time, memory and disk, case by case.

    benchmarks/bombs.py [--xylem PATH] [CASE...]

Prints a table in Markdown; docs/security.md has one. Each case is a whole command on input that is made
here. The size is what is sent, or read; "disk" is what is left in the repository.
"""

import argparse
import bz2
import gzip
import io
import lzma
import os
import pathlib
import struct
import subprocess
import sys
import tarfile
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/system")]
import hostile_server  # noqa: E402
from delta_forge import DeltaForge, Part, op, patch_number  # noqa: E402
from forge import Forge  # noqa: E402
from gvariant import serialize  # noqa: E402
from harness import ENVIRONMENT, commit_sample, new_repo, nginx, run_ok  # noqa: E402
from signing import Gpg  # noqa: E402

REF = "os/test"
MIB = 1 << 20
ZEROS = bytes(MIB)
CASES = []


def case(name):
    def register(function):
        CASES.append((name, function))
        return function
    return register


STARTER = """
import os, subprocess, sys, time
start = time.monotonic()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(time.monotonic() - start, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


class Workplace:
    """`pull()` and `run()` measure one command each; the last one counts."""

    def __init__(self, xylem, path):
        self.xylem, self.path, self.url, self.size, self.result = xylem, path, None, 0, None
        self.root = path / "served"
        self.repo = path / "repo"

    def serve(self, files, sent=None):
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.size = sent or max(map(len, files.values()))

    def client(self, mode="bare-user"):
        new_repo(self.xylem, self.repo, self.url, mode)

    def pull(self, *options, refs=(REF,)):
        self.client()
        self.run("pull", "--network-retries=0", *options, "origin", *refs)

    def run(self, command, *words):
        # By a process that is small: the peak of who starts a command counts as the command's.
        words = [str(word) for word in (self.xylem, command, "--repo", self.repo, *words)]
        done = subprocess.run([sys.executable, "-c", STARTER, *words], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=True, env=ENVIRONMENT)
        seconds, memory, status = done.stdout.split()
        self.result = (float(seconds), int(memory) / 1024, int(status),
                       done.stderr.decode(errors="replace"))

    def tar(self, archive):
        path = self.path / "archive"
        path.write_bytes(archive)
        self.size = len(archive)
        run_ok("ostree", "init", "--repo", self.repo, "--mode=bare-user")
        self.run("commit", "-b", REF, f"--tree=tar={path}", "--tar-autocreate-parents")

    def stored(self):
        files = [path.lstat() for path in self.repo.rglob("*")]
        return sum(info.st_blocks * 512 for info in files)


def forged(place, forge, commit, sent=None, **options):
    forge.ref(REF, commit)
    place.serve(forge.files, sent)
    place.pull(**options)


# Summaries.

def many_refs(count):
    """Bytes of a summary whose refs all name one commit."""
    entry = serialize("(s(taya{sv}))", ("os/branch/0000000", (0, 32 * b"\1", [])))
    before, behind = entry.split(b"0000000")
    step = len(entry) + -len(entry) % 8
    body = (behind + bytes(step - len(entry)) + before).join(b"%07d" % number for number in range(count))
    ends = (struct.pack("<I", number * step + len(entry)) for number in range(count))
    refs = before + body + behind + b"".join(ends)
    return refs + bytes(-len(refs) % 8) + struct.pack("<I", len(refs))


@case("summary of a million refs, one is pulled")
def million_refs_pull(place):
    place.serve({"summary": many_refs(1_000_000)})
    place.pull(refs=("os/branch/0500000",))


@case("summary of a million refs, listed")
def million_refs_list(place):
    place.serve({"summary": many_refs(1_000_000)})
    place.client()
    place.run("remote", "refs", "origin")


@case("summary of a million refs, mirrored")
def million_refs_mirror(place):
    place.serve({"summary": many_refs(1_000_000)})
    place.client("archive")
    place.run("pull", "--mirror", "--network-retries=0", "origin")


# Signatures.

def signed(place, keys, forge=None, many=1):
    """A summary that was signed by `keys`, as served, and a client that trusts all of them."""
    with_gpg = Gpg(place.path / "gpg")
    try:
        commit_sample(place.root, place.path / "tree", REF)
        sign(with_gpg, place.root, keys)
        if forge:
            forge(with_gpg)
        keyring = with_gpg.export(place.path / "keyring", *with_gpg.keys)
    finally:
        with_gpg.close()
    signature = place.root / "summary.sig"
    if many > 1:
        signature.write_bytes(repeated(signature.read_bytes(), many))
    place.size = signature.stat().st_size
    place.client()
    run_ok(place.xylem, "remote", "delete", "--repo", place.repo, "origin")
    run_ok(place.xylem, "remote", "add", "--repo", place.repo, "--set=gpg-verify-summary=true",
           "--set=gpg-verify=false", f"--gpg-import={keyring}", "origin", place.url)
    place.run("pull", "--network-retries=0", "origin", REF)


def sign(gpg, repo, keys):
    gpg.pretend(*(["faked-system-time 20200601T000000!"] if "expired" in keys else []))
    run_ok("ostree", "summary", "-u", "--repo", repo, f"--gpg-homedir={gpg.home}",
           *[f"--gpg-sign={gpg.keys[key]}" for key in keys])


def repeated(signature, count):
    """The one signature, as often as that."""
    start = signature.index(b"\x89") if b"\x89" in signature else signature.index(b"\x88")
    packet = signature[start:start + 3 + int.from_bytes(signature[start + 1:start + 3], "big")]
    return serialize("a{sv}", [("ostree.gpgsigs", ("aay", [packet] * count))])


@case("summary signed by an expired key")
def expired_key(place):
    signed(place, ["expired"])


@case("signature of an older summary, replayed")
def replayed(place):
    def change(gpg):
        old = (place.root / "summary.sig").read_bytes()
        run_ok("ostree", "refs", "--repo", place.root, REF, "--create=os/other")
        sign(gpg, place.root, ["good"])
        (place.root / "summary.sig").write_bytes(old)
    signed(place, ["good"], change)


@case("100,000 signatures")
def many_signatures(place):
    signed(place, ["expired"], many=100_000)


# Metadata.

@case("commit with variants in variants, 50,000 deep")
def deep_variants(place):
    value = ("v", ("y", 1))
    body = serialize(*value)
    for _ in range(50_000):
        body += b"\0v"
    entry = b"key\0".ljust(8, b"\0") + body + b"\0v" + b"\4"
    metadata = entry + struct.pack("<I", len(entry))
    forge = Forge()
    rest = serialize("(aya(say)sstayay)", (b"", [], "deep", "", 0, 32 * b"\1", 32 * b"\2"))
    content = metadata + rest + struct.pack("<I", len(metadata))
    forged(place, forge, forge.metadata("commit", content))


@case("directory of a million files that are one")
def large_directory(place):
    forge = Forge()
    file = forge.file()
    names = [f"{number:07}" for number in range(1_000_000)]
    commit = forge.simple_commit([(name, file) for name in names])
    forged(place, forge, commit)


@case("directories in directories, 2 to the power of 40 paths")
def tree_of_doubles(place):
    forge = Forge()
    meta = forge.dirmeta()
    tree = forge.dirtree([("file", forge.file())])
    for _ in range(40):
        tree = forge.dirtree([], [("a", (tree, meta)), ("b", (tree, meta))])
    forged(place, forge, forge.commit(tree, meta))


@case("directory object of 200 MiB")
def huge_metadata(place):
    forge = Forge()
    tree = forge.metadata("dirtree", ZEROS * 200)
    forged(place, forge, forge.commit(tree, forge.dirmeta()))


# zlib: what a file object is packed with.

def zlib_zeros(mebibytes):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(packer.compress(ZEROS) for _ in range(mebibytes)) + packer.flush()


def zlib_bomb(place, told, metadata=()):
    forge = Forge()
    file = forge.file(b"small\n", body=zlib_zeros(1024), size=told)
    forged(place, forge, forge.simple_commit([("file", file)], metadata=list(metadata)))


@case("zlib: 1 GiB in 1 MiB, told as 6 bytes")
def zlib_small(place):
    zlib_bomb(place, 6)


@case("zlib: 1 GiB in 1 MiB, told as 1 GiB")
def zlib_large(place):
    zlib_bomb(place, 1 << 30)


@case("gzip: a summary of 1 GiB, coded by HTTP")
def gzip_summary(place):
    packed = gzip.compress(ZEROS * 1024, 9)
    with hostile_server.Server() as server:
        server.tricks["summary"] = lambda write: write(
            hostile_server.LINE + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
            + packed)
        place.url, place.size = server.url, len(packed)
        place.pull()
        server.shutdown()


# Deltas.

def delta_with(place, make=None, payload=None):
    forge = DeltaForge()
    part = Part()
    if payload is not None:
        part.objects, part.file = forge.parts[0].objects, payload
        part.header["usize"] = 1 << 40
    else:
        make(forge, part)
    forge.parts = [part]
    forge.publish(REF)
    place.serve(forge.files, len(part.packed()))
    place.client()
    run_ok(place.xylem, "pull", "--repo", place.repo, "origin", forge.old.hex())
    place.run("pull", "--network-retries=0", "--require-static-deltas", "origin", REF)


def xz_zeros(mebibytes, dictionary=None):
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, **({"dict_size": dictionary} if dictionary
                                                           else {})}]
    packer = lzma.LZMACompressor(lzma.FORMAT_XZ, filters=filters)
    return b"".join(packer.compress(ZEROS) for _ in range(mebibytes)) + packer.flush()


@case("delta part, xz: 1 GiB in 150 KiB")
def xz_part(place):
    delta_with(place, payload=b"x" + xz_zeros(1024))


@case("delta part, xz: a dictionary of 1.5 GiB")
def xz_dictionary(place):
    delta_with(place, payload=b"x" + xz_zeros(1700, 1536 << 20))


@case("delta part: a patch that makes 1 EiB")
def endless_patch(place):
    def make(forge, part):
        source = part.put(forge.old_file)
        patch = patch_number(0) + patch_number(1 << 60) + patch_number(0)
        where = part.put(patch)
        part.begin(forge.new_file)
        part.ops += op("r", source) + op("o", 0, 0, 1 << 60) + op("B", where, len(patch)) + op("c")
    delta_with(place, make)


# Archives, which are committed by whoever names them.

def tar_of(*entries):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def tar_of_zeros(pack, mebibytes):
    """One file of zeros, packed piece by piece."""
    info = tarfile.TarInfo("zeros")
    info.size = mebibytes * MIB
    yield pack(info.tobuf())
    for _ in range(mebibytes):
        yield pack(ZEROS)
    yield pack(bytes(1024))


@case("tar.gz: a file of 1 GiB in 1 MiB")
def tar_gz(place):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    place.tar(b"".join(tar_of_zeros(packer.compress, 1024)) + packer.flush())


@case("tar.xz: 1.7 GiB, with a dictionary of 1.5 GiB")
def tar_xz(place):
    packer = lzma.LZMACompressor(lzma.FORMAT_XZ, filters=[
        {"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1536 << 20}])
    place.tar(b"".join(tar_of_zeros(packer.compress, 1700)) + packer.flush())


@case("tar.zst: 2.1 GiB, with a window of 2 GiB")
def tar_zst(place):
    plain, packed = place.path / "tar", place.path / "tar.zst"
    with plain.open("wb") as file:
        for piece in tar_of_zeros(bytes, 2100):
            file.seek(len(piece), 1) if piece is ZEROS else file.write(piece)
    subprocess.run(["zstd", "-q", "--ultra", "-1", "--long=31", "-f", plain, "-o", packed], check=True)
    plain.unlink()
    place.tar(packed.read_bytes())


@case("tar.bz2: names of 2 GiB")
def tar_names(place):
    packer = bz2.BZ2Compressor()
    name = "/".join(["n" * 250] * 16)
    block = tar_of(*[(f"{number:03}/{name}", b"") for number in range(512)])[:-10240]
    place.tar(b"".join(packer.compress(block) for _ in range(1000)) + packer.flush())


@case("tar.gz: a name of 1 GiB")
def tar_long_name(place):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, 1024 * MIB
    record = f"{1024 * MIB} path=".encode()
    pieces = [packer.compress(info.tobuf() + record + bytes(MIB - len(record)).replace(b"\0", b"n"))]
    pieces += [packer.compress(b"n" * MIB) for _ in range(1023)]
    pieces.append(packer.compress(tar_of(("short", b""))))
    place.tar(b"".join(pieces) + packer.flush())


# Lists of mirrors.

@case("metalink: a billion laughs")
def metalink(place):
    names = "abcdefghij"
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip(names, names[1:]))
    place.serve({"list": f"<!DOCTYPE m [{entities}]><metalink>&j;</metalink>".encode()})
    place.url = f"metalink={place.url}/list"
    place.pull()


@case("list of a million mirrors")
def mirror_list(place):
    place.serve({"list": b"".join(b"http://127.0.0.1:1/%07d\n" % number
                                  for number in range(1_000_000))})
    place.url = f"mirrorlist={place.url}/list"
    place.pull()


def amount(size):
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            break
        size /= 1024
        if unit == "MiB":
            unit = "GiB"
    return f"{size:.0f} {unit}"


def measure(xylem, name, function):
    with tempfile.TemporaryDirectory(prefix="xylem-bombs-") as directory:
        path = pathlib.Path(directory)
        path.chmod(0o755)
        place = Workplace(xylem, path)
        place.root.mkdir()
        with nginx(path / "nginx", place.root) as server:
            place.url = server.url
            function(place)
        seconds, memory, status, errors = place.result
        stored = place.stored() if place.repo.exists() else 0
    said = errors.strip().splitlines()
    print(f"| {name} | {amount(place.size)} | {seconds:.1f} | {memory:.0f} | {amount(stored)} | "
          f"{status} |", flush=True)
    if said:
        print(f"  {said[0][:200]}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--xylem", default=ROOT / "build/src/cli/xylem")
    parser.add_argument("cases", nargs="*", help="parts of the names of cases; all by default")
    arguments = parser.parse_args()
    xylem = str(pathlib.Path(arguments.xylem).absolute())
    print("| Input | Size | Seconds | Peak MiB | Disk | Status |")
    print("|---|---|---|---|---|---|")
    for name, function in CASES:
        if not arguments.cases or any(part in name for part in arguments.cases):
            measure(xylem, name, function)


if __name__ == "__main__":
    main()
