#!/usr/bin/env python3
"""A server that means harm: writes outside, uses up memory or disk, hangs, offers something older or
something else, or makes a part look like the whole.

    test_hostile.py XYLEM [--show]

Each case must end in an error of a kind that fits, in time and in little memory; nothing may appear
outside of the repository; `ostree fsck` must pass, the ref must be where it was, and the next pull from
an honest server must work. --show prints the messages.
"""

import argparse
import os
import pathlib
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import remove_tree, run_ok  # noqa: E402
import hostile_server as tricks  # noqa: E402
from forge import DIR_MODE, Forge, deflate  # noqa: E402
from gvariant import serialize  # noqa: E402

REF = "os/test"
EXIT = {"not-found": 3, "network": 5, "timeout": 6, "corrupt": 7, "unsupported": 12,
        "invalid-argument": 13, "downgrade": 14}
MEMORY = 1 << 30  # of address space; a pull needs a fraction, most of it stacks of threads
SECONDS = 90

CASES = []


def case(name, *kinds, options=(), mode="bare-user"):
    """A function that turns an honest forge and server into hostile ones."""
    def register(function):
        CASES.append((name, kinds, options, mode, function))
        return function
    return register


def tree_case(name, make, *kinds):
    """A commit whose only fault is in its tree; `make` gives files and directories."""
    def prepare(forge, _server):
        files, dirs = make(forge)
        forge.ref(REF, forge.simple_commit(files, dirs))
    case(f"tree: {name}", *(kinds or ("corrupt",)))(prepare)


def file_case(name, make, *kinds, mode="bare-user"):
    """A commit with one file, which `make` makes."""
    def prepare(forge, _server):
        forge.ref(REF, forge.simple_commit([("file", make(forge))]))
    case(f"file: {name}", *(kinds or ("corrupt",)), mode=mode)(prepare)


def trick_case(name, extension, trick, *kinds):
    """An honest commit of which all objects with this extension are answered with a trick."""
    def prepare(_forge, server):
        server.tricks[extension] = trick
    case(f"{extension}: {name}", *kinds)(prepare)


BAD_NAMES = {"..": "..", ".": ".", "empty": "", "with a slash": "a/b", "up and out": "../../evil",
             "absolute": "/tmp/evil", "no UTF-8": b"\xff\xfe", "with a NUL": b"a\0b"}
for label, bad in BAD_NAMES.items():
    tree_case(f"file named {label}", lambda f, n=bad: ([(n, f.file())], []))
    tree_case(f"directory named {label}",
              lambda f, n=bad: ([], [(n, f.dirtree(), f.dirmeta())]))
tree_case("a file twice", lambda f: ([("a", f.file()), ("a", f.file(b"b"))], []))
tree_case("a link and a directory of one name", lambda f: (
    [("a", f.file(mode=stat.S_IFLNK | 0o777, target="/tmp"))], [("a", f.dirtree(), f.dirmeta())]))
tree_case("files out of order", lambda f: ([("b", f.file()), ("a", f.file(b"b"))], []))
tree_case("a checksum of 31 bytes", lambda f: ([("a", bytes(31))], []))
tree_case("a directory without metadata", lambda f: ([], [("a", f.dirtree(), b"")]))
tree_case("metadata that is a regular file's", lambda f: (
    [], [("a", f.dirtree(), f.dirmeta(stat.S_IFREG | 0o644))]))
tree_case("metadata with bits that no mode has", lambda f: (
    [], [("a", f.dirtree(), f.dirmeta(DIR_MODE | 0x100000))]))
tree_case("a directory that is not there", lambda f: ([], [("a", b"x" * 32, f.dirmeta())]),
          "not-found")
tree_case("metadata that is not there", lambda f: ([], [("a", f.dirtree(), b"x" * 32)]),
          "not-found")
tree_case("a file that is not there", lambda f: ([("a", b"x" * 32)], []), "not-found")
tree_case("a directory that is a commit", lambda f: ([], [("a", f.simple_commit(), f.dirmeta())]),
          "not-found")


def hidden_in_depth(forge, _server):
    """Deeper than paths may be long; at the bottom a file is missing."""
    tree, meta = forge.dirtree([("a", b"x" * 32)]), forge.dirmeta()
    for _ in range(500):
        tree = forge.dirtree([], [("d", tree, meta)])
    forge.ref(REF, forge.commit(tree, meta))


case("tree: 500 directories deep", "not-found")(hidden_in_depth)

for label, kind in (("fifo", stat.S_IFIFO), ("character device", stat.S_IFCHR),
                    ("block device", stat.S_IFBLK), ("socket", stat.S_IFSOCK),
                    ("directory", stat.S_IFDIR), ("nothing", 0)):
    file_case(f"a {label}", lambda f, k=kind: f.file(mode=k | 0o644))
file_case("bits that no mode has", lambda f: f.file(mode=stat.S_IFREG | 0x10000644))
file_case("a device number", lambda f: f.file(rdev=0x0801))
file_case("setuid, where a repository cannot keep it",
          lambda f: f.file(mode=stat.S_IFREG | 0o4755), "corrupt", "unsupported",
          "invalid-argument", mode="bare-user-only")
file_case("a bomb behind a small size", lambda f: f.file(body=deflate(bytes(1 << 24))))
file_case("a bomb that says so, of another checksum",
          lambda f: f.file(body=deflate(bytes(1 << 24)), size=1 << 24))
file_case("a size beyond all disks", lambda f: f.file(size=(1 << 63) + 5), "corrupt", "no-space")
file_case("less than it says", lambda f: f.file(size=1000))
file_case("more behind the stream", lambda f: f.file(body=deflate(b"hello\n") + b"more"))
file_case("a stream that is cut", lambda f: f.file(b"hello" * 999, body=deflate(b"hello" * 999)[:-9]))
file_case("no stream at all", lambda f: f.file(body=b"hello\n"))
file_case("other content", lambda f: f.file(body=deflate(b"olleh\n")))
file_case("a link with content", lambda f: f.file(
    mode=stat.S_IFLNK | 0o777, target="x", body=deflate(b"y")))
file_case("a link to nothing", lambda f: f.file(mode=stat.S_IFLNK | 0o777, target=""))
file_case("a link with a NUL", lambda f: f.file(mode=stat.S_IFLNK | 0o777, target=b"a\0b"))
file_case("an attribute without a name", lambda f: f.file(xattrs=[(b"\0", b"v")]))
file_case("an attribute without an end", lambda f: f.file(xattrs=[(b"user.x", b"v")]))


def raw_file(name, content):
    def prepare(forge, _server):
        checksum = forge.put(b"r" * 32, "filez", content)
        forge.ref(REF, forge.simple_commit([("file", checksum)]))
    case(f"file: {name}", "corrupt")(prepare)


raw_file("an empty body", b"")
raw_file("a header of no bytes", bytes(8) + b"x")
raw_file("a header larger than the file", b"\0\0\1\0\0\0\0\0abc")
raw_file("a header of 4 GiB", b"\xff\xff\xff\xff\0\0\0\0abc")
raw_file("noise", bytes(range(256)) * 8)


def raw_commit(name, content, *kinds):
    def prepare(forge, _server):
        forge.ref(REF, forge.metadata("commit", content))
    case(f"commit: {name}", *(kinds or ("corrupt",)))(prepare)


raw_commit("empty", b"")
raw_commit("noise", bytes(range(256)))
nested = b"\0" * 8
for _ in range(400):
    nested = nested + b"\0v"
raw_commit("400 values within values", serialize("(a{sv}aya(say)sstayay)", (
    [("x", ("v", ("s", "x")))], b"", [], "", "", 0, bytes(32), bytes(32)))[:40] + nested)
raw_commit("root checksums of no bytes", serialize(
    "(a{sv}aya(say)sstayay)", ([], b"", [], "", "", 0, b"", b"")))
raw_commit("a parent of 5 bytes", serialize(
    "(a{sv}aya(say)sstayay)", ([], b"abcde", [], "", "", 0, bytes(32), bytes(32))))


@case("commit: made for another ref", "corrupt")
def other_binding(forge, _server):
    forge.ref(REF, forge.simple_commit(
        metadata=[("ostree.ref-binding", ("as", ["os/other"]))]))


@case("commit: larger than the summary says", "corrupt")
def larger_than_told(forge, _server):
    forge.summary([(REF, forge.simple_commit())], size=10)


@case("commit: bytes of another", "corrupt")
def other_commit(forge, server):
    path = forge.path(bytes.fromhex(forge.files[f"refs/heads/{REF}"].decode().strip()), "commit")
    other = forge.simple_commit(timestamp=5)
    server.tricks[path] = tricks.body(forge.files[forge.path(other, "commit")])


@case("downgrade: an older commit by its ref", "downgrade", options=("-T",))
def older_ref(forge, _server):
    forge.ref(REF, forge.simple_commit(timestamp=1_000_000))


@case("downgrade: an older commit by the summary", "downgrade", options=("-T",))
def older_summary(forge, _server):
    forge.summary([(REF, forge.simple_commit(timestamp=1_000_000))])


@case("sizes: a list that lies about its lengths", "corrupt")
def lying_sizes(forge, _server):
    forge.ref(REF, forge.simple_commit(
        metadata=[("ostree.sizes", ("aay", [b"\xff" * 32 + b"\xff" * 12]))]))


def sizes(*entries):
    """`ostree.sizes`: (checksum, archived, unpacked, type), in the order of checksums."""
    def varint(number):
        out = bytearray()
        while number >= 0x80:
            out.append(number & 0x7f | 0x80)
            number >>= 7
        return bytes([*out, number])
    return ("ostree.sizes", ("aay", [checksum + varint(archived) + varint(unpacked) + bytes([kind])
                                     for checksum, archived, unpacked, kind in sorted(entries)]))


FILE, DIRTREE = 1, 2


def signed_sizes(name, make, *kinds):
    """A commit that tells sizes; `make` gives the entry of its one file, of 1 MiB, or of its tree."""
    @case(f"sizes: {name}", *(kinds or ("corrupt",)))
    def prepare(forge, server):
        file = forge.file(os.urandom(1 << 20))
        tree = forge.dirtree([("file", file)])
        meta = forge.dirmeta()
        forge.ref(REF, forge.commit(tree, meta, metadata=[sizes(make(forge, server, file, tree))]))


signed_sizes("a file larger than it says", lambda f, s, file, tree: (file, 10, (1 << 20) - 1, FILE))
signed_sizes("a directory larger than it says", lambda f, s, file, tree: (tree, 5, 5, DIRTREE))


def endless_file(_forge, server, file, _tree):
    server.tricks[".filez"] = tricks.endless
    return file, 1 << 20, 1 << 20, FILE


signed_sizes("a file without end", endless_file)


def endless_directory(_forge, server, _file, tree):
    server.tricks[".dirtree"] = tricks.endless
    return tree, 100, 100, DIRTREE


signed_sizes("a directory without end", endless_directory)

for label, told in {"no size": 0, "more than metadata may have": 1 << 60}.items():
    @case(f"commit: without end, of which the summary says {label}", "corrupt")
    def endless_commit(forge, server, told=told):
        forge.summary([(REF, forge.simple_commit())], size=told)
        server.tricks[".commit"] = tricks.endless


@case("metadata: larger than --max-metadata-size", "corrupt", options=("--max-metadata-size=200",))
def large_metadata(forge, _server):
    forge.ref(REF, forge.simple_commit([(f"{n:03}", forge.file()) for n in range(10)]))


@case("downgrade: another commit of the same time", "downgrade",
      options=("-T", "--timestamp-check-strict"))
def same_time(forge, _server):
    forge.ref(REF, forge.simple_commit([("other", forge.file(b"other"))]))


for label, refs in {"a ref that leaves": [("../../../evil", b"c" * 32)],
                    "a ref without a name": [("", b"c" * 32)],
                    "an absolute ref": [("/evil", b"c" * 32)],
                    "a ref twice": [(REF, b"c" * 32), (REF, b"d" * 32)],
                    "a checksum of 5 bytes": [(REF, b"short")]}.items():
    @case(f"summary: {label}", "corrupt", options=("--mirror", "all"))
    def bad_summary(forge, _server, refs=refs):
        forge.summary(refs)

for label, content in {"empty": b"", "noise": bytes(range(255)), "a cut one": b"\0" * 40 + b"\x10"}.items():
    @case(f"summary: {label}", "corrupt")
    def broken_summary(forge, _server, content=content):
        forge.files["summary"] = content


@case("summary: of a repository that is no archive", "unsupported")
def bare_summary(forge, _server):
    forge.summary([(REF, b"c" * 32)], [("ostree.summary.mode", ("s", "bare"))])


@case("summary: a collection that leaves", "corrupt", options=("--mirror", "all"))
def leaving_collection(forge, _server):
    entry = ("a{sa(s(taya{sv}))}", [("../../evil", [(REF, (0, b"c" * 32, []))])])
    forge.summary([], [("ostree.summary.collection-map", entry)])


for label, content in {"a page": b"<html>", "63 digits": b"a" * 63 + b"\n", "empty": b"",
                       "capital digits": b"A" * 64, "a path": b"../../../etc/passwd\n"}.items():
    @case(f"ref file: {label}", "corrupt")
    def bad_ref(forge, _server, content=content):
        forge.files[f"refs/heads/{REF}"] = content

for extension in ("summary", f"refs/heads/{REF}", ".dirtree", ".commitmeta"):
    trick_case("an answer without end", extension, tricks.endless, "corrupt", "network", "unsupported")
for extension in (".dirtree", ".filez"):
    trick_case("headers without end", extension, tricks.endless_headers, "network", "corrupt")
    trick_case("less than its length", extension, tricks.lying_length, "network", "corrupt")
    trick_case("a length below zero", extension, tricks.negative_length, "network", "corrupt")
    trick_case("chunks that overflow", extension, tricks.bad_chunks, "network", "corrupt")
    trick_case("silence", extension, tricks.silence, "timeout", "network")
    trick_case("no HTTP", extension, tricks.no_http, "network", "corrupt")
    trick_case("a login page", extension, tricks.web_page, "corrupt")
    trick_case("nothing has changed", extension, tricks.not_modified, "network", "corrupt")
    trick_case("a part that nobody asked for", extension, tricks.partial_content, "network", "corrupt")
    trick_case("a compressed body", extension, tricks.gzip_bomb, "network", "corrupt")
    trick_case("a file of this machine", extension, tricks.redirect(b"file:///etc/passwd"),
               "network", "unsupported", "corrupt")
    trick_case("another protocol", extension, tricks.redirect(b"gopher://127.0.0.1/"), "network",
               "unsupported", "corrupt")
    trick_case("a circle", extension, tricks.redirect(b"?again"), "network", "corrupt")
trick_case("100 TB", ".dirtree", tricks.huge_length, "corrupt", "network", "unsupported")


def limits():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


class Suite:
    def __init__(self, xylem, work, show):
        self.xylem, self.work, self.show = xylem, work, show
        self.server = tricks.Server()
        self.honest = self.forge().files

    def template(self, mode):
        """An empty repository that knows the server."""
        repo = self.work / mode
        if not repo.exists():
            run_ok(self.xylem, "init", "--repo", repo, "--mode", mode)
            run_ok(self.xylem, "remote", "add", "--repo", repo, "--no-gpg-verify", "origin",
                   self.server.url)
        return repo

    def forge(self):
        forge = Forge()
        forge.ref(REF, forge.simple_commit(dirs=[("d", forge.dirtree(), forge.dirmeta())]))
        return forge

    def serve(self, files):
        self.server.files, self.server.tricks = files, {}

    def pull(self, repo, *options, patience=60):
        words = [word for word in options if word != "all"]
        refs = [] if "all" in options else [REF]
        process = subprocess.Popen(
            [str(self.xylem), "pull", "--repo", str(repo), "--network-retries=0",
             f"--low-speed-time-seconds={patience}", *words, "origin", *refs], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, preexec_fn=limits)
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            raise AssertionError("it hangs") from None
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def run(self, name, kinds, options, mode, prepare):
        repo = self.work / "in/repo"
        remove_tree(repo)
        shutil.copytree(self.template(mode), repo)
        if "-T" in options:
            self.serve(self.honest)
            assert self.pull(repo).returncode == 0
        before = self.refs(repo)
        forge = self.forge()
        self.serve(forge.files)
        prepare(forge, self.server)
        done = self.pull(repo, *options, patience=1)
        if self.show:
            print(f"--- {name} (exit {done.returncode})\n{done.stderr.strip()[:400]}", flush=True)
        assert done.returncode in [EXIT[kind] for kind in kinds if kind in EXIT], (kinds, done)
        told = [line for line in done.stderr.splitlines() if not line.startswith("warning: ")]
        assert told and told[0].startswith("error: "), done
        assert self.refs(repo) == before, "a ref was written"
        assert not [path for path in (self.work / "in").iterdir() if path != repo], "wrote outside"
        assert not list(self.work.rglob("evil*")), "wrote outside"
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        self.serve(self.honest)
        done = self.pull(repo)
        assert done.returncode == 0, ("honest pull", done)

    def refs(self, repo):
        return {str(path): path.read_text() for path in (repo / "refs").rglob("*") if path.is_file()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xylem", type=pathlib.Path)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    os.umask(0o022)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="xylem-hostile-", dir="/var/tmp") as directory:
        suite = Suite(arguments.xylem.absolute(), pathlib.Path(directory), arguments.show)
        (suite.work / "in").mkdir()
        for name, *rest in [one for one in CASES if arguments.only in one[0]]:
            try:
                suite.run(name, *rest)
                print(f"ok: {name}", flush=True)
            except AssertionError as problem:
                failed += 1
                print(f"FAILED: {name}: {problem}", flush=True)
    print(f"{len(CASES)} cases, {failed} failed")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
