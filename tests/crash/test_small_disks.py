#!/usr/bin/env python3
"""All that writes, on disks of 1 to 64 MiB, and on each of them when it is full to the last byte.

    test_small_disks.py XYLEM [--step MIB]

Each command ends well, or says that there is no space and has changed nothing; what is there stays
readable; prune works on a full disk; and once there is room everything works. Needs root, to mount;
says so and stops otherwise.
"""

import argparse
import contextlib
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import ENVIRONMENT, nginx, run_ok  # noqa: E402

NO_SPACE = 9
SKIPPED = 77
MIB = 1 << 20


@contextlib.contextmanager
def disk(path, size):
    path.mkdir(exist_ok=True)
    run_ok("mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", path)
    try:
        yield
    finally:
        run_ok("umount", "-l", path)


def make_tree(tree, name, files, size):
    """Bytes that cannot be compressed."""
    (tree / name).mkdir(parents=True)
    for number in range(files):
        seed = f"{name} {number}".encode()
        data = b"".join(hashlib.sha256(seed + bytes([i % 256, i // 256])).digest()
                        for i in range(size // 32))
        (tree / name / str(number)).write_bytes(data)


def fill(path):
    """Until not one byte more can be written."""
    with path.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x" * 65536)
    with path.open("ab", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x")


class SmallDisks:
    def __init__(self, xylem, work):
        self.xylem, self.work, self.disk = xylem, work, work / "disk"
        self.repo = self.disk / "repo"
        self.small, self.large = work / "small", work / "large"
        make_tree(self.small, "s", 5, 32 * 1024)
        make_tree(self.large, "l", 40, 512 * 1024)  # 20 MiB
        self.source = work / "source"
        run_ok("ostree", "init", "--repo", self.source, "--mode=archive")
        run_ok("ostree", "commit", "--repo", self.source, "-b", "large", f"--tree=dir={self.large}")
        self.full = {}

    def call(self, *command):
        done = subprocess.run([str(self.xylem), command[0], "--repo", str(self.repo),
                               *map(str, command[1:])], capture_output=True, text=True,
                              env=ENVIRONMENT, timeout=300, check=False)
        assert done.returncode in (0, NO_SPACE), (command, done.returncode, done.stderr)
        assert done.returncode == 0 or "error: " in done.stderr, (command, done.stderr)
        if done.returncode != 0:
            self.full[command[0]] = self.full.get(command[0], 0) + 1
        return done.returncode == 0

    def must(self, *command):
        assert self.call(*command), (command, "does not work with room")

    def expect_intact(self, what):
        """Nobody's file is cut short: everything can be read, and is right."""
        for reader in ("ostree", self.xylem):
            run_ok(reader, "fsck", "-q", "--repo", self.repo)
            assert "[core]" in (self.repo / "config").read_text(), what
            run_ok(reader, "refs", "--repo", self.repo)

    def begin(self, url):
        """False on a disk on which not even this fits."""
        if not (self.call("init", "--mode=bare-user-only")
                and self.call("config", "set", "core.min-free-space-percent", "0")
                and self.call("remote", "add", "--no-gpg-verify", "origin", url)):
            return False
        return self.call("commit", "-b", "small", f"--tree=dir={self.small}")

    def on_full(self, size):
        """Every command with not one byte left."""
        out, filler = self.disk / "out", self.disk / "filler"
        fill(filler)
        for command in (["config", "set", "core.test", "x" * 3000], ["summary", "-u"],
                        ["refs", "--create=other", "small"], ["checkout", "-C", "small", out],
                        ["commit", "-b", "more", f"--tree=dir={self.large}"],
                        ["pull", "origin", "large"], ["fsck"]):
            self.call(*command)
            self.expect_intact((size, command))
            assert command[0] != "checkout" or not out.exists(), size
        self.call("refs", "--delete", "small")
        before = os.statvfs(self.disk).f_bfree
        fill(self.disk / "rest")
        self.must("prune", "--refs-only")
        assert os.statvfs(self.disk).f_bfree > 0, (size, before)
        for path in (filler, self.disk / "rest"):
            path.unlink()

    def go_on(self, size):
        """There is room again."""
        run_ok("mount", "-o", "remount,size=200m", self.disk)
        self.must("config", "set", "core.test", "y")
        self.must("commit", "-b", "small", f"--tree=dir={self.small}")
        self.must("pull", "origin", "large")
        self.must("checkout", "-C", "origin:large", self.disk / "out")
        self.must("summary", "-u")
        self.must("prune")
        self.expect_intact(size)
        left = [entry.name for entry in (self.repo / "tmp").iterdir() if entry.name != "cache"]
        assert not left, (size, left)

    def one(self, size, url):
        with disk(self.disk, size):
            if not self.begin(url):
                return
            for command in (["commit", "-b", "mine", f"--tree=dir={self.large}", "--no-bindings"],
                            ["pull", "origin", "large"], ["checkout", "small", self.disk / "one"],
                            ["summary", "-u"]):
                self.call(*command)
                self.expect_intact((size, command))
            self.on_full(size)
            self.go_on(size)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xylem", type=pathlib.Path)
    parser.add_argument("--step", type=int, default=1, help="between two sizes, in MiB")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        print("skipped: only root can mount a small disk")
        sys.exit(SKIPPED)
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="xylem-small-disks-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        try:
            with disk(work / "probe", 1):
                pass
        except AssertionError:
            print("skipped: mounting is not allowed here")
            sys.exit(SKIPPED)
        test = SmallDisks(arguments.xylem.absolute(), work)
        with nginx(work / "nginx", test.source) as server:
            sizes = range(1, 65, arguments.step)
            for size in sizes:
                test.one(size, server.url)
        assert {"pull", "commit", "checkout"} <= test.full.keys(), test.full
        print(f"ok: {len(sizes)} disks; without space: {test.full}")


if __name__ == "__main__":
    main()
