"""Two users for real: root, who pulls, and `nobody`, who does what he can."""

import contextlib
import fcntl
import os
import pathlib
import shutil
import signal
import struct
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, make_sample_tree, new_repo, run, run_ok  # noqa: E402

REF = "os/test"
MODES = ("archive", "bare", "bare-user", "bare-user-only")
NOBODY = 65534
F_OFD_SETLK = 37
EVIL = b"evil" * 300


def become_nobody():
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def as_nobody(action):
    """Runs `action` as the other user; what it raises fails the test."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            become_nobody()
            action()
            status = 0
        finally:
            os._exit(status)
    expect(os.waitpid(child, 0)[1] == 0, "the other user could not do what the test wants")


@contextlib.contextmanager
def held_by_nobody(hold):
    """The other user does `hold`, and keeps what it returns until the end."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            become_nobody()
            kept = hold()
            os.write(write, b"1")
            signal.pause()
            del kept
        finally:
            os._exit(1)
    os.close(write)
    try:
        expect(os.read(read, 1) == b"1", "the other user could not take his lock")
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(read)


def flock_shared(path):
    fd = os.open(path, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_SH)
    return fd


def flock_exclusively(path):
    fd = os.open(path, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    return fd


def read_lock(path):
    file = open(path, "rb")
    fcntl.fcntl(file, F_OFD_SETLK, struct.pack("hhqqi", fcntl.F_RDLCK, os.SEEK_SET, 0, 0, 0))
    return file


def objects_of(repo):
    return sorted(path for path in (repo / "objects").glob("*/*"))


class World:
    def __init__(self, xylem, fault_server, work):
        self.xylem, self.fault_server, self.work = xylem, fault_server, work
        self.tree = work / "tree"
        make_sample_tree(self.tree)
        self.source = {}
        for mode in MODES:
            repo = work / f"source-{mode}"
            run_ok("ostree", "init", "--repo", repo, "--mode", mode)
            run_ok("ostree", "commit", "--repo", repo, "-b", REF, f"--tree=dir={self.tree}",
                   "--canonical-permissions")
            self.source[mode] = repo
        # What nobody can enter he cannot attack.
        for path in [work, *work.rglob("*")]:
            if path.is_dir() and not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o055)

    def new(self, mode, url="http://127.0.0.1:1/"):
        return new_repo(self.xylem, self.work / "repo", url, mode)

    def foreign(self, mode):
        """The source of an attacker: `objects` leads to a directory of root that all may write to,
        the files in it are his own."""
        repo = self.work / "hostile"
        shutil.rmtree(repo, ignore_errors=True)
        shutil.rmtree(self.work / "open", ignore_errors=True)
        run_ok("cp", "-a", self.source[mode], repo)
        (repo / "objects").rename(self.work / "open")
        (self.work / "open").chmod(0o1777)
        (repo / "objects").symlink_to(self.work / "open")
        for path in objects_of(repo):
            if mode == "bare" and path.suffix == ".file":
                continue  # its owner is a part of its checksum
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        return repo

    def rewrite(self, repo):
        """He changes all that is his, through the inodes that he has."""
        def change():
            for path in objects_of(repo):
                if path.is_symlink() or path.stat().st_uid != NOBODY:
                    continue
                path.chmod(0o644)
                path.write_bytes(EVIL)
        as_nobody(change)

    def run(self, *words, **options):
        return run(self.xylem, *words, timeout=100, **options)


def expect_own(repo, mode):
    for path in objects_of(repo):
        info = path.lstat()
        expect(info.st_uid == 0, "an object of another user", path)
        expect(path.is_symlink() or not info.st_mode & 0o002 or mode == "bare", path)


def main(*cases):
    """Runs the cases, each with a World; the programs are XYLEM and FAULT_SERVER."""
    if os.geteuid() != 0:
        print("skipped: only root can be two users")
        sys.exit(77)
    os.umask(0o022)
    programs = [pathlib.Path(path).absolute() for path in sys.argv[1:3]]
    with tempfile.TemporaryDirectory(prefix="xylem-neighbours-", dir="/var/tmp") as directory:
        world = World(*programs, pathlib.Path(directory))
        for case in cases:
            case(world)
            print(f"ok: {case.__name__.replace('_', ' ')}", flush=True)
