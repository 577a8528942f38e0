#!/usr/bin/env python3
"""Pulls onto real file systems that are too small, or have too few inodes, by several amounts, so
that each phase of a pull meets the end once; in all modes.

    test_full_disk.py XYLEM [--sizes N]

Each time the pull says that there is no space, the repository is in order as it is, and once there
is space again the next pull completes. Needs root, to mount; says so and stops otherwise.
"""

import argparse
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import make_sample_tree, nginx, run_ok, text_of  # noqa: E402

REF = "os/test"
MODES = ("archive", "bare", "bare-user", "bare-user-only")
NO_SPACE = 9
SKIPPED = 77


@contextlib.contextmanager
def disk(path, options):
    path.mkdir(exist_ok=True)
    run_ok("mount", "-t", "tmpfs", "-o", options, "tmpfs", path)
    try:
        yield
    finally:
        run_ok("umount", "-l", path)


class FullDisk:
    def __init__(self, xylem, work):
        self.xylem, self.work = xylem, work
        self.source, self.disk = work / "source", work / "disk"
        self.repo = self.disk / "repo"
        tree = work / "tree"
        make_sample_tree(tree)
        run_ok("ostree", "init", "--repo", self.source, "--mode=archive")
        # What a bare-user-only repository can keep.
        run_ok("ostree", "commit", "--repo", self.source, "-b", REF, f"--tree=dir={tree}",
               "--no-xattrs", "--canonical-permissions")
        self.commit = text_of("ostree", "rev-parse", "--repo", self.source, REF)

    def make_repo(self, mode, url):
        run_ok(self.xylem, "init", "--repo", self.repo, "--mode", mode)
        run_ok(self.xylem, "config", "--repo", self.repo, "set", "core.min-free-space-percent", "0")
        run_ok(self.xylem, "remote", "add", "--repo", self.repo, "--no-gpg-verify", "origin", url)

    def pull(self):
        return subprocess.run([str(self.xylem), "pull", "--repo", str(self.repo), "origin", REF],
                              capture_output=True, text=True, timeout=120)

    def has_xattrs(self):
        with disk(self.disk, "size=1m"):
            try:
                os.setxattr(self.disk, "user.test", b"1")
            except OSError:
                return False
            return True

    def used(self):
        """Bytes and inodes."""
        info = os.statvfs(self.disk)
        return ((info.f_blocks - info.f_bfree) * info.f_frsize, info.f_files - info.f_ffree)

    def measure(self, mode, url):
        """What the repository takes before the pull and after it."""
        with disk(self.disk, "size=200m,nr_inodes=100k"):
            self.make_repo(mode, url)
            before = self.used()
            assert self.pull().returncode == 0
            return before, self.used()

    def try_one(self, mode, url, limit):
        """True if the pull did not fit."""
        what = f"{mode}, {limit}"
        with disk(self.disk, "size=200m,nr_inodes=100k"):
            self.make_repo(mode, url)
            run_ok("mount", "-o", f"remount,{limit}", self.disk)
            done = self.pull()
            assert done.returncode in (0, NO_SPACE), (what, done.returncode, done.stderr)
            assert done.returncode == 0 or done.stderr.startswith("error: "), (what, done.stderr)
            run_ok("ostree", "fsck", "-q", "--repo", self.repo)
            run_ok("mount", "-o", "remount,size=200m,nr_inodes=100k", self.disk)
            again = self.pull()
            assert again.returncode == 0, (what, again.returncode, again.stderr)
            run_ok("ostree", "fsck", "-q", "--repo", self.repo)
            now = text_of("ostree", "rev-parse", "--repo", self.repo, f"origin:{REF}")
            assert now == self.commit, what
            assert not list((self.repo / "state").iterdir()), what
        return done.returncode == NO_SPACE

    def go(self, url, sizes):
        for mode in MODES:
            if mode == "bare-user" and not self.has_xattrs():
                print("skipped: bare-user: files in memory have no extended attributes here")
                continue
            before, after = self.measure(mode, url)
            full = 0
            for step in range(sizes):
                for number, name in enumerate(("size", "nr_inodes")):
                    limit = before[number] + (after[number] - before[number]) * step // (sizes - 1)
                    full += self.try_one(mode, url, f"{name}={limit}")
            assert full >= sizes, (mode, full)
            print(f"ok: {mode}: {full} of {2 * sizes} disks were too small", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xylem", type=pathlib.Path)
    parser.add_argument("--sizes", type=int, default=6)
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        print("skipped: only root can mount a small disk")
        sys.exit(SKIPPED)
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="xylem-full-disk-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        (work / "probe").mkdir()
        try:
            with disk(work / "probe", "size=1m"):
                pass
        except AssertionError:
            print("skipped: mounting is not allowed here")
            sys.exit(SKIPPED)
        test = FullDisk(arguments.xylem.absolute(), work)
        with nginx(work / "nginx", test.source) as server:
            test.go(server.url, arguments.sizes)


if __name__ == "__main__":
    main()
