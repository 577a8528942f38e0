#!/usr/bin/env python3
"""Readers: beside a prune, of partial commits, and checkouts that end early.

    test_reading.py XYLEM [ROUNDS]
"""

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


def beside_a_prune(xylem, work):
    """Prunes go on all the time, and some checkouts are killed: each that ends well is whole."""
    repo, commit = make_repo(work)
    ended = threading.Event()
    problems = []

    def prune():
        # The commit is found, checked out and has no ref: only its readers keep it. It comes again
        # from xylem, since libostree publishes a commit before what it needs.
        while not ended.is_set():
            done = run(xylem, "prune", "--repo", repo, "--refs-only")
            if done.status != 0:
                problems.append(done)
            done = run(xylem, "commit", "--repo", repo, "--orphan", f"--tree=dir={work}/tree",
                       "--timestamp=2020-01-01T00:00:00Z")
            if done.status != 0:
                problems.append(done)

    run_ok("ostree", "refs", "--repo", repo, "--delete", REF)
    commit = text_of(xylem, "commit", "--repo", repo, "--orphan", f"--tree=dir={work}/tree",
                     "--timestamp=2020-01-01T00:00:00Z")
    pruner = threading.Thread(target=prune)
    pruner.start()
    dice = random.Random(2)
    whole = gone = 0
    try:
        for number in range(ROUNDS):
            out = work / f"out{number}"
            checkout = subprocess.Popen([xylem, "checkout", "--repo", repo, commit, out],
                                        stderr=subprocess.PIPE, text=True)
            if number % 5 == 4:
                time.sleep(dice.uniform(0, 0.1))
                checkout.kill()
            _, errors = checkout.communicate(timeout=120)
            if checkout.returncode == 0:
                assert_same_tree(work / "tree", out, times=False)
                whole += 1
            else:
                expect(not out.exists(), "half a tree")
                expect(checkout.returncode in (NOT_FOUND, -signal.SIGKILL), errors)
                # Either it was there when it was looked up, or it was not: never half of it.
                expect(checkout.returncode != NOT_FOUND or commit in errors, errors)
                gone += checkout.returncode == NOT_FOUND
            remove_tree(out)
            for command in (["ls", "-R", commit], ["cat", commit, "/usr/lib/deep/file001"],
                            ["diff", commit, commit]):
                done = run(xylem, command[0], "--repo", repo, *command[1:])
                expect(done.status == 0 or commit in done.err, command, done)
    finally:
        ended.set()
        pruner.join()
    expect(not problems, problems[:1])
    expect(whole > 0, "some were there in time")
    print(f"{whole} whole, {gone} had no commit any more")


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
         many_readers_let_a_prune_in, read_only_repository)
