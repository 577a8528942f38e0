#!/usr/bin/env python3
"""`commit --consume`: files become objects where the repository stores them as they are, and
nothing is lost if the commit fails."""

import os
import pathlib
import subprocess
import sys
import tarfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (  # noqa: E402
    ENVIRONMENT, describe_tree, expect, main, run, run_ok, text_of,
)

FIXED = ("--orphan", "--timestamp=2026-11-01T00:00:00Z")


def make_tree(root):
    (root / "dir").mkdir(parents=True)
    (root / "dir/file").write_text("a file")
    (root / "dir/file").chmod(0o664)
    (root / "script").write_text("#!/bin/sh\n")
    (root / "script").chmod(0o777)
    (root / "link").symlink_to("script")
    (root / "empty").touch()
    return root


def object_of(repo, commit, path):
    """The file that the repository stores for `path`."""
    checksum = text_of("ostree", f"--repo={repo}", "ls", "-C", commit, path).split()[4]
    return repo / "objects" / checksum[:2] / f"{checksum[2:]}.file"


def new_repo(work, mode, name="repo"):
    run_ok("ostree", "init", f"--repo={work / name}", f"--mode={mode}")
    return work / name


def adopts(xylem, work):
    """In bare and bare-user-only; elsewhere objects are copies. The commit is that of ostree. What
    a group can write to is no object of bare-user-only: somebody may have it open."""
    for mode, adopted in (("bare", True), ("bare-user-only", True), ("bare-user", False),
                          ("archive", False)):
        if mode == "bare" and os.geteuid() != 0:
            continue
        place = work / mode
        tree = make_tree(place / "tree")
        (tree / "plain").write_text("a plain file")
        (tree / "plain").chmod(0o644)
        (place / "plain").hardlink_to(tree / "plain")
        (place / "shared").hardlink_to(tree / "dir/file")
        repo, theirs = new_repo(place, mode), new_repo(place, mode, "theirs")
        wanted = text_of("ostree", "commit", f"--repo={theirs}", *FIXED, f"--tree=dir={tree}")
        commit = text_of(xylem, "commit", f"--repo={repo}", *FIXED, "--consume", f"--tree=dir={tree}")
        expect(commit == wanted, mode)
        expect(not tree.exists(), mode)
        run_ok("ostree", "fsck", "-q", f"--repo={repo}")
        if mode != "archive":
            same = object_of(repo, commit, "/plain").samefile(place / "plain")
            expect(same == adopted, mode, same)
            same = object_of(repo, commit, "/dir/file").samefile(place / "shared")
            expect(same == (mode == "bare"), mode, same)


def changed_files_are_copied(xylem, work):
    """What the options make of a file is not what it is on disk."""
    if os.geteuid() != 0:
        return
    tree = make_tree(work / "tree")
    (work / "saved").hardlink_to(tree / "dir/file")
    repo = new_repo(work, "bare")
    commit = text_of(xylem, "commit", f"--repo={repo}", *FIXED, "--consume", "--owner-uid=7",
                     f"--tree=dir={tree}")
    expect(not object_of(repo, commit, "/dir/file").samefile(work / "saved"))
    expect((work / "saved").stat().st_uid == os.geteuid())
    run_ok("ostree", "fsck", "-q", f"--repo={repo}")


def links_into_the_repository(xylem, work):
    """A tree that was checked out by hard links, changed and committed again."""
    repo = new_repo(work, "bare-user-only")
    first = text_of(xylem, "commit", f"--repo={repo}", *FIXED, f"--tree=dir={make_tree(work / 'tree')}")
    run_ok(xylem, "checkout", f"--repo={repo}", "-UH", first, work / "co")
    (work / "co/new").write_text("new")
    (work / "saved").hardlink_to(work / "co/new")
    for speedup in ((), ("--link-checkout-speedup",), ("-I",)):
        run_ok("cp", "-al", work / "co", work / "again")
        commit = text_of(xylem, "commit", f"--repo={repo}", *FIXED, "--consume", *speedup,
                         f"--tree=dir={work / 'again'}")
        expect(not (work / "again").exists())
        expect(object_of(repo, commit, "/new").samefile(work / "saved"), speedup)
        expect(object_of(repo, commit, "/script").samefile(object_of(repo, first, "/script")))
    run_ok("ostree", "fsck", "-q", f"--repo={repo}")


def failure_keeps_the_tree(xylem, work):
    """A pipe among the files: nothing is deleted, nothing is published."""
    for mode in ("bare-user-only", "archive"):
        tree = make_tree(work / f"tree-{mode}")
        os.mkfifo(tree / "pipe")
        repo = new_repo(work, mode, f"repo-{mode}")
        done = run(xylem, "commit", f"--repo={repo}", *FIXED, "--consume", f"--tree=dir={tree}")
        expect(done.status != 0 and "Unsupported file type for file: '/pipe'" in done.err, done)
        expect((tree / "dir/file").read_text() == "a file" and (tree / "script").exists())
        expect(not list((repo / "objects").rglob("*.file*")))


def current_directory(xylem, work):
    """Its contents go, and it stays."""
    tree = make_tree(work / "tree")
    repo = new_repo(work, "bare-user-only")
    run_ok(xylem, "commit", f"--repo={repo}", *FIXED, "--consume", cwd=tree)
    expect(tree.exists() and not list(tree.iterdir()))


def a_tree_with_the_repository_is_refused(xylem, work):
    """Nothing is deleted, nothing is written; whichever way the repository comes into the tree."""
    tree = make_tree(work / "tree")
    repo = new_repo(tree, "archive")
    (tree / "deep/er").mkdir(parents=True)
    deep = new_repo(tree / "deep/er", "bare-user-only")
    (work / "link").symlink_to(tree)
    for each in (repo, deep):
        run_ok(xylem, "fsck", "-q", f"--repo={each}")  # Makes the lock's file.
    before = describe_tree(work)
    for place, named in ((work, "tree"), (work, "link"), (work, "tree/repo"), (work, "tree/repo/objects"),
                         (tree, None), (repo, None), (repo, "."), (repo / "refs", "heads")):
        source = ["--tree=dir=" + named] if named else []
        done = run(xylem, "commit", f"--repo={repo}", *FIXED, "--consume", *source, cwd=place)
        expect(done.status == 13 and "would delete the repository" in done.err, place, named, done)
        after = describe_tree(work)
        expect(after == before, place, named, after.keys() ^ before.keys())
    done = run(xylem, "commit", f"--repo={deep}", *FIXED, "--consume", f"--tree=dir={tree}")
    expect(done.status == 13 and "holds the repository" in done.err, done)
    # A repository beside the tree, and a tree without --consume, are fine.
    run_ok(xylem, "commit", f"--repo={repo}", *FIXED, "--consume", f"--tree=dir={tree / 'dir'}")
    run_ok(xylem, "commit", f"--repo={deep}", *FIXED, f"--tree=dir={tree}")
    run_ok("ostree", "fsck", "-q", f"--repo={repo}")


def what_is_not_committed_stays(xylem, work):
    """What the skip list leaves out, whole directories too."""
    for mode in ("archive", "bare-user-only"):
        tree = make_tree(work / f"tree-{mode}")
        (tree / "other").mkdir()
        (tree / "other/kept").write_text("kept")
        (tree / "dir/left out").write_text("left out")
        (work / "skip").write_text("/other\n/dir/left out\n")
        repo = new_repo(work, mode, f"repo-{mode}")
        run_ok(xylem, "commit", f"--repo={repo}", *FIXED, "--consume", f"--skip-list={work / 'skip'}",
               f"--tree=dir={tree}")
        left = sorted(str(path.relative_to(tree)) for path in tree.rglob("*"))
        expect(left == ["dir", "dir/left out", "other", "other/kept"], mode, left)


def what_comes_meanwhile_stays(xylem, work):
    """Between the commit and the deletion: a new file, a changed one, a replaced one."""
    repo = new_repo(work, "archive")
    tree = make_tree(work / "tree")
    archive = work / "late.tar"
    os.mkfifo(archive)
    words = [xylem, "commit", f"--repo={repo}", *FIXED, "--consume", f"--tree=dir={tree}",
             f"--tree=tar={archive}"]
    process = subprocess.Popen([str(word) for word in words], env=ENVIRONMENT, stdout=subprocess.PIPE)
    # The archive is opened only after the directory was read.
    with archive.open("wb") as late:
        (tree / "dir/new").write_text("new")
        (tree / "dir/file").write_text("changed")
        (tree / "script").unlink()
        (tree / "script").write_text("replaced")
        with tarfile.open(fileobj=late, mode="w|") as tar:
            tar.addfile(tarfile.TarInfo("from-archive"))
    process.communicate(timeout=60)
    expect(process.returncode == 0, process.returncode)
    left = {str(path.relative_to(tree)): path.read_text() for path in tree.rglob("*") if path.is_file()}
    expect(left == {"dir/new": "new", "dir/file": "changed", "script": "replaced"}, left)


main(adopts, changed_files_are_copied, links_into_the_repository, failure_keeps_the_tree,
     current_directory, a_tree_with_the_repository_is_refused, what_is_not_committed_stays,
     what_comes_meanwhile_stays)
