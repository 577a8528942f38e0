#!/usr/bin/env python3
"""Readers: beside a prune, of partial commits, and checkouts that end early.

    test_reading.py XYLEM [ROUNDS]
"""

import itertools
import os
import pathlib
import random
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (  # noqa: E402
    Skip, assert_same_tree, commit_sample, expect, main, make_sample_tree, remove_tree, run, run_ok,
    text_of,
)

REF = "os/test"
NOT_FOUND = 3
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 40
NOBODY = 65534


def make_repo(work):
    """Bare, of a sample tree; and the commit."""
    repo, tree = work / "repo", work / "tree"
    make_sample_tree(tree)
    run_ok("ostree", "init", "--repo", repo, "--mode=bare")
    run_ok("ostree", "commit", "--repo", repo, "-b", REF, f"--tree=dir={tree}")
    return repo, text_of("ostree", "rev-parse", "--repo", repo, REF)


def hidden_in(directory):
    return sorted(entry.name for entry in directory.iterdir() if entry.name.startswith("."))


def partial_commits(xylem, work):
    """Nothing is written of one, and what completes it is said."""
    source = work / "source"
    commit_sample(source, work / "tree", REF)
    repo = work / "repo"
    run_ok(xylem, "init", "--repo", repo, "--mode=bare-user")
    run_ok(xylem, "remote", "add", "--repo", repo, "--no-gpg-verify", "origin", f"file://{source}")
    ref = f"origin:{REF}"
    out = work / "out"
    for part in (["--commit-metadata-only"], ["--subpath=/usr/bin"]):
        run_ok(xylem, "pull", "--repo", repo, *part, "origin", REF)
        commit = text_of(xylem, "rev-parse", "--repo", repo, ref)
        other = work / "other"
        remove_tree(other)
        run_ok(xylem, "init", "--repo", other, "--mode=bare-user")
        for command in (["checkout", "-U", ref, out], ["diff", ref, work / "tree"],
                        ["diff", "--stats", ref, ref],
                        ["export", ref, "-o", out],
                        ["commit", "-b", "new", f"--tree=ref={ref}"],
                        ["commit", "-b", "new", f"--base={ref}", f"--tree=dir={work}/tree"]):
            failed = run(xylem, command[0], "--repo", repo, *command[1:])
            expect(failed.status == NOT_FOUND and "partial" in failed.err, command, failed)
            expect(f"xylem pull --repo={repo} origin {REF}" in failed.err, command, failed)
            expect(not out.exists() and not hidden_in(work))
            expect(run(xylem, "rev-parse", "--repo", repo, "new").status != 0)
        failed = run(xylem, "pull-local", "--repo", other, repo, commit)
        expect(failed.status == NOT_FOUND and "partial" in failed.err, failed)
        expect(not list(other.glob("objects/*/*.file")), "nothing was imported")
    # What was pulled of it may be checked out, as with `ostree`.
    run_ok(xylem, "checkout", "--repo", repo, "-U", "--subpath=/usr/bin", ref, out)
    expect((out / "tool").read_bytes() == (work / "tree/usr/bin/tool").read_bytes())
    run_ok(xylem, "export", "--repo", repo, "--subpath=/usr/bin", ref, "-o", work / "bin.tar")
    failed = run(xylem, "checkout", "--repo", repo, "-U", "--subpath=/usr", ref, work / "usr")
    expect(failed.status == NOT_FOUND and not (work / "usr").exists(), failed)
    done = run(xylem, "checkout", "--repo", repo, "-U", "--allow-partial", ref, work / "some")
    expect(done.status == 0 and "missing" in done.err, done)
    expect((work / "some/usr/bin/tool").exists() and not (work / "some/usr/lib").exists())
    run_ok(xylem, "diff", "--repo", repo, "--allow-partial", ref, ref)
    run_ok(xylem, "pull", "--repo", repo, "origin", REF)
    run_ok(xylem, "checkout", "--repo", repo, "-U", ref, work / "whole")
    expect((work / "whole/usr/lib/large").exists())


def failed_checkouts(xylem, work):
    """Of a commit that lacks a file: no tree, no left-overs, and it can be run again."""
    repo, _ = make_repo(work)
    lost = next(repo.glob("objects/*/*.file"))
    kept = work / "kept"
    shutil.copy2(lost, kept)
    lost.unlink()
    for options in ([], ["-U"], ["--union"], ["--fsync=yes"]):
        failed = run(xylem, "checkout", "--repo", repo, *options, REF, work / "out")
        expect(failed.status == NOT_FOUND, failed)
        expect(not (work / "out").exists() and not hidden_in(work), hidden_in(work))
    (work / "there").mkdir()
    expect(run(xylem, "checkout", "--repo", repo, REF, work / "there").status != 0)
    expect(not list((work / "there").iterdir()), "nothing is written into what was there")
    shutil.copy2(kept, lost)
    run_ok(xylem, "checkout", "--repo", repo, REF, f"{work}/out/")
    assert_same_tree(work / "tree", work / "out", times=False)
    expect(stat.S_IMODE((work / "out").stat().st_mode) == stat.S_IMODE((work / "tree").stat().st_mode))


def batches(xylem, work):
    """Several trees into one place: all of them, or nothing."""
    repo, _ = make_repo(work)
    entries = work / "entries"
    entries.write_bytes(f"{REF}\0/usr/bin\0{REF}\0/usr/missing\0".encode())
    command = (xylem, "checkout", "--repo", repo, "--union", f"--from-file={entries}", work / "out")
    expect(run(*command).status == NOT_FOUND)
    expect(not (work / "out").exists() and not hidden_in(work))
    entries.write_bytes(f"{REF}\0/usr/bin\0{REF}\0/etc\0".encode())
    run_ok(*command)
    expect((work / "out/tool").exists() and (work / "out/shadow").exists())


def killed_checkouts(xylem, work):
    """At any time: the name that was asked for is whole, or is not there."""
    repo, _ = make_repo(work)
    dice = random.Random(1)
    out = work / "out"
    whole = 0
    for number in range(ROUNDS):
        checkout = subprocess.Popen([xylem, "checkout", "--repo", repo, "-C", REF, out],
                                    stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0, 0.15))
        checkout.send_signal(signal.SIGKILL if number % 4 else signal.SIGTERM)
        checkout.wait(60)
        if out.exists():
            assert_same_tree(work / "tree", out, times=False)
            remove_tree(out)
            whole += 1
    run_ok(xylem, "checkout", "--repo", repo, "-C", REF, out)
    assert_same_tree(work / "tree", out, times=False)
    expect(not hidden_in(work), "the last one has removed what was left", hidden_in(work))
    print(f"{whole} of {ROUNDS} were done before they were killed")


class Pruner:
    """Prunes all the time; every third prune is killed. A commit without a ref comes and goes, and
    shares most of its files with one that stays."""

    def __init__(self, xylem, work, repo):
        self.xylem, self.work, self.repo = xylem, work, repo
        self.ended, self.problems, self.killed = threading.Event(), [], 0
        self.commit = self.make_commit()
        self.thread = threading.Thread(target=self.go)

    def make_commit(self):
        # By xylem, since libostree publishes a commit before what it needs.
        done = run(self.xylem, "commit", "--repo", self.repo, "--orphan",
                   f"--tree=dir={self.work}/passing", "--timestamp=2020-01-01T00:00:00Z")
        if done.status != 0:
            self.problems.append(done)
        return done.out.strip()

    def go(self):
        dice = random.Random(3)
        for number in itertools.count():
            if self.ended.is_set():
                return
            prune = subprocess.Popen([self.xylem, "prune", "--repo", self.repo, "--refs-only"],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            if number % 3 == 2:
                time.sleep(dice.uniform(0, 0.05))
                prune.kill()
                self.killed += 1
            _, errors = prune.communicate(timeout=300)
            if prune.returncode not in (0, -signal.SIGKILL):
                self.problems.append((prune.returncode, errors))
            self.make_commit()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


def checkout_in(xylem, repo, dice, commit, options, out, kill):
    """The exit status and messages of one that may be killed at some time."""
    checkout = subprocess.Popen([xylem, "checkout", "--repo", repo, *options, commit, out],
                                stderr=subprocess.PIPE, text=True)
    if kill:
        time.sleep(dice.uniform(0, 0.1))
        checkout.kill()
    _, errors = checkout.communicate(timeout=300)
    return checkout.returncode, errors


def expect_reads(xylem, repo, work, commit, must):
    """Other readers: well, or without the commit, if that may go."""
    for command in (["ls", "-R", commit], ["cat", commit, "/usr/lib/deep/file001"],
                    ["diff", commit, commit], ["export", commit, "-o", work / "tar"]):
        done = run(xylem, command[0], "--repo", repo, *command[1:])
        expect(done.status == 0 or (not must and commit in done.err), command, done)


def beside_a_prune(xylem, work):
    """Prunes go on all the time, and both are killed: each checkout that ends well is whole, and
    that of a commit with a ref ends well."""
    repo, kept = make_repo(work)
    passing = work / "passing"
    run_ok("cp", "-a", work / "tree", passing)
    (passing / "usr/lib/passing").write_text("of this commit only")
    dice = random.Random(2)
    whole = gone = 0
    with Pruner(xylem, work, repo) as pruner:
        for number in range(ROUNDS):
            stays = number % 2 == 0
            commit, tree = (kept, work / "tree") if stays else (pruner.commit, passing)
            out, options = work / "out", dice.choice(([], ["-C"], ["--fsync=yes"]))
            status, errors = checkout_in(xylem, repo, dice, commit, options, out, number % 5 == 4)
            expect(status in (0, -signal.SIGKILL) or (status == NOT_FOUND and not stays), errors)
            # Either it was there when it was looked up, or it was not: never half of it.
            expect(status != NOT_FOUND or commit in errors, errors)
            if out.exists():
                assert_same_tree(tree, out, times=False)
            expect(status != 0 or out.exists())
            whole += status == 0
            gone += status == NOT_FOUND
            remove_tree(out)
            if number % 7 < 2:
                expect_reads(xylem, repo, work, commit, stays)
    expect(not pruner.problems, pruner.problems[:1])
    expect(whole > 0, "some were there in time")
    run_ok(xylem, "prune", "--repo", repo)
    run_ok("ostree", "fsck", "-q", "--repo", repo)
    expect_swept(xylem, repo, work, kept)
    print(f"{whole} whole, {gone} had no commit any more, {pruner.killed} prunes killed")


def expect_swept(xylem, repo, work, kept):
    """What the killed ones left goes with the next that ends well."""
    run_ok(xylem, "checkout", "--repo", repo, kept, work / "out")
    expect(not hidden_in(work), hidden_in(work))
    left = [entry.name for entry in (repo / "tmp").iterdir() if entry.name != "cache"]
    expect(not left, left)


def local_sources_beside_a_prune(xylem, work):
    """A pull from a repository that is pruned meanwhile is whole, or has no commit to pull."""
    repo, kept = make_repo(work)
    passing = work / "passing"
    run_ok("cp", "-a", work / "tree", passing)
    (passing / "usr/lib/passing").write_text("of this commit only")
    with Pruner(xylem, work, repo) as pruner:
        for number in range(max(ROUNDS // 4, 4)):
            commit = kept if number % 2 == 0 else pruner.commit
            target = work / "target"
            remove_tree(target)
            run_ok(xylem, "init", "--repo", target, "--mode=bare")
            done = run(xylem, "pull-local", "--repo", target, repo, commit)
            expect(done.status == 0 or (commit != kept and commit in done.err), done)
            expect(done.status != 0 or run(xylem, "fsck", "-q", "--repo", target).status == 0)
    expect(not pruner.problems, pruner.problems[:1])


def many_readers_let_a_prune_in(xylem, work):
    """Readers that overlap all the time do not keep a prune waiting for ever."""
    repo, _ = make_repo(work)
    ended = threading.Event()

    def read(number):
        while not ended.is_set():
            run_ok(xylem, "checkout", "--repo", repo, "-C", REF, work / f"out{number}")
            remove_tree(work / f"out{number}")

    readers = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(3):
            run_ok(xylem, "prune", "--repo", repo)
    finally:
        ended.set()
        for reader in readers:
            reader.join()


def read_only_repository(xylem, work):
    """Who may only read reads, and is waited for as well where there is a lock to be had."""
    if os.geteuid() != 0:
        raise Skip("only root may become another user")
    source = work / "source"
    commit_sample(source, work / "tree", REF)
    work.chmod(0o755)
    shutil.rmtree(source / "tmp")
    (source / ".lock").unlink(missing_ok=True)
    as_nobody = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", xylem)
    expect("/usr" in run_ok(*as_nobody, "ls", "--repo", source, REF))
    expect(not (source / ".lock").exists() and not (source / "tmp").exists())
    (source / ".lock").touch(0o600)
    expect("/usr" in run_ok(*as_nobody, "ls", "--repo", source, REF))
    (source / ".lock").chmod(0o644)
    expect("/usr" in run_ok(*as_nobody, "ls", "--repo", source, REF))


if __name__ == "__main__":
    main(partial_commits, failed_checkouts, batches, killed_checkouts, beside_a_prune,
         local_sources_beside_a_prune, many_readers_let_a_prune_in, read_only_repository)
