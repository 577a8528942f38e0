#!/usr/bin/env python3
"""What a pull leaves on disk while it runs, and what it takes of others: modes, locks, left-overs.

    test_neighbour_leftovers.py XYLEM FAULT_SERVER

Needs root: the other user is `nobody`.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, nginx, run_ok  # noqa: E402
from two_users import (  # noqa: E402
    MODES, NOBODY, REF, become_nobody, expect_own, flock_exclusively, flock_shared, held_by_nobody, main,
    objects_of, read_lock,
)


def modes_are_not_the_umasks(world):
    with nginx(world.work / "nginx", world.source["archive"]) as server:
        for mode in MODES:
            repo = world.work / "repo"
            shutil.rmtree(repo, ignore_errors=True)
            for words in (["init", "--mode", mode],
                          ["remote", "add", "--no-gpg-verify", "origin", server.url],
                          ["pull", "origin", REF], ["refs", f"origin:{REF}", "--create=a/b/c"],
                          ["static-delta", "generate", "--empty", f"origin:{REF}"],
                          ["summary", "-u"], ["checkout", "-U", f"origin:{REF}", world.work / "out"],
                          ["fsck", "--repair"]):
                if words[0] == "fsck":
                    (repo / "refs/heads/bad").write_text("bad")
                shutil.rmtree(world.work / "out", ignore_errors=True)
                done = subprocess.run([world.xylem, words[0], "--repo", repo, *words[1:]],
                                      capture_output=True, text=True, timeout=100,
                                      preexec_fn=lambda: os.umask(0), check=False)
                expect(done.returncode == 0 or words[0] == "fsck", mode, words, done)
            open_to_all = [path for path in [repo, *repo.rglob("*")]
                           if not path.is_symlink() and path.stat().st_mode & 0o022
                           and path.name != ".lock"]  # libostree's is for the group
            expect(stat.S_IMODE((repo / ".lock").stat().st_mode) == 0o660)
            expect(not open_to_all, mode, open_to_all)


@contextlib.contextmanager
def interrupted_pull(world, mode, umask=0):
    """A pull that was killed in the middle of the largest object; what it left, and a good server."""
    large = max(objects_of(world.source["archive"]), key=lambda path: path.stat().st_size)
    requests = world.work / "requests"
    server = subprocess.Popen(
        [world.fault_server, world.source["archive"], "--requests-file", requests, "--fault",
         f"path=*{large.name} rate={large.stat().st_size // 300} count=1"],
        stdout=subprocess.PIPE, text=True)
    try:
        url = "http://" + server.stdout.readline().split("http://")[1].split()[0].rstrip("/")
        repo = world.new(mode, url)
        pull = subprocess.Popen([world.xylem, "pull", "--repo", repo, "origin", REF],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                preexec_fn=lambda: os.umask(umask))
        part = wait_for_part(repo, large.stat().st_size // 100)
        yield repo, large, part, pull, server
    finally:
        server.kill()
        server.communicate()


def wait_for_part(repo, size):
    for _ in range(6000):
        for part in repo.glob("tmp/fetch-*/*.part"):
            if part.stat().st_size >= size:
                return part
        time.sleep(0.01)
    raise AssertionError("the large object is not being downloaded")


def statuses(world, server, name):
    """Of the requests for one file; the server tells when it ends."""
    server.terminate()
    server.wait()
    lines = (world.work / "requests").read_text().splitlines()
    return [line.split()[0] for line in lines if name in line]


def left_overs_are_private(world):
    with interrupted_pull(world, "bare-user") as (repo, _, part, pull, _):
        staging = list(repo.glob("tmp/staging-*[!k]"))
        expect(staging and all(stat.S_IMODE(path.stat().st_mode) == 0o700
                               for path in staging if path.is_dir()), staging)
        expect(stat.S_IMODE(part.parent.stat().st_mode) == 0o711, part)
        expect(not part.stat().st_mode & 0o022, part)
        pull.kill()
        pull.wait()


def locks_of_others_claim_nothing(world):
    """He locks what he may read: nobody waits for him, and what was begun is continued."""
    for hold in (flock_shared, flock_exclusively):
        with interrupted_pull(world, "bare-user") as (repo, large, part, pull, server):
            pull.kill()
            pull.wait()
            # As xylem made them once.
            part.parent.chmod(0o755)
            claims = repo / "tmp/cache/xylem/claims"
            claims.chmod(0o644)
            with held_by_nobody(lambda: hold(part.parent)), \
                    held_by_nobody(lambda: read_lock(claims)):
                began = time.monotonic()
                done = world.run("pull", "--repo", repo, "origin", REF)
                print(f"  {time.monotonic() - began:.1f} s beside his locks")
            expect(done.status == 0, done)
            asked = statuses(world, server, large.name)
            expect(asked == ["200", "206"], asked)
            run_ok("ostree", "fsck", "-q", "--repo", repo)


@contextlib.contextmanager
def handed_on_by_nobody(directories, hand_on):
    """The other user locks the directories, and hands the locks on; the process may end then."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            become_nobody()
            held = [flock_exclusively(directory) for directory in directories]
            for fd in held:
                os.set_inheritable(fd, True)
            hand_on(lambda: os.write(write, b"1"))
        finally:
            os._exit(1)
    os.close(write)
    try:
        expect(os.read(read, 1) == b"1", "the other user could not take his locks")
        if hand_on is to_a_child:
            os.waitpid(child, 0)  # so that nobody has its number any more
        yield
    finally:
        os.killpg(child, signal.SIGKILL)
        os.close(read)


def to_a_child(tell):
    if os.fork() == 0:
        tell()
        signal.pause()


def to_a_setuid_program(tell):
    master, slave = os.openpty()
    os.set_inheritable(master, True)
    for fd in range(3):
        os.dup2(slave, fd)
    tell()
    os.execvp("su", ["su", "root"])


def locks_that_are_handed_on_claim_nothing(world):
    """The process in /proc/locks is gone, or has become one of root's by a program that is setuid."""
    with nginx(world.work / "nginx-locks", world.source["archive"]) as server:
        for hand_on in (to_a_child, to_a_setuid_program):
            repo = world.new("bare-user", server.url)
            run_ok(world.xylem, "config", "--repo", repo, "set", "core.lock-timeout-secs", "3")
            with handed_on_by_nobody([repo / name for name in LOCKED], hand_on):
                expect_writes(world, repo)


LOCKED = (".", "refs", "state", "objects", "tmp")


def expect_writes(world, repo):
    for words in (["pull", "--repo", repo, "origin", REF], ["summary", "-u", "--repo", repo],
                  ["remote", "add", "--repo", repo, "second", "http://x"],
                  ["refs", "--repo", repo, f"origin:{REF}", "--create=a/b"],
                  ["prune", "--repo", repo, "--refs-only"]):
        done = world.run(*words)
        expect(done.status == 0, words, done)


def left_overs_that_others_could_write_are_not_taken(world):
    """Directories open to all, as a umask of 0 once made them, with inodes of his in them."""
    for mode in ("archive", "bare-user"):
        with interrupted_pull(world, mode) as (repo, large, part, pull, _):
            pull.kill()
            pull.wait()
            victim = world.work / "victim"
            victim.write_text("root's\n")
            expect_nothing_of_his(world, repo, mode, large, part, victim)


def expect_nothing_of_his(world, repo, mode, large, part, victim):
    staging = next(path for path in repo.glob("tmp/staging-*") if path.is_dir())
    for path in [staging, part.parent, *staging.glob("??")]:
        path.chmod(0o777)
    his = []
    for path in staging.glob("??/*"):
        if path.is_file() and len(his) < 20:
            run_ok("cp", "-a", path, f"{path}.his")
            os.chown(f"{path}.his", NOBODY, NOBODY)
            os.rename(f"{path}.his", path)
            his.append(path.stat().st_ino)
    # A second name of what is root's alone: nothing may be appended to it.
    part.unlink()
    os.link(victim, part)
    done = world.run("pull", "--repo", repo, "origin", REF)
    expect(done.status == 0, done)
    expect(victim.read_text() == "root's\n", "somebody else's file was written to")
    taken = [path for path in objects_of(repo) if path.lstat().st_ino in his]
    expect(not taken, mode, taken)
    expect_own(repo, mode)
    run_ok(world.xylem, "fsck", "-q", "--repo", repo)
    expect(large.exists())


if __name__ == "__main__":
    main(modes_are_not_the_umasks, left_overs_are_private, locks_of_others_claim_nothing,
         locks_that_are_handed_on_claim_nothing, left_overs_that_others_could_write_are_not_taken)
