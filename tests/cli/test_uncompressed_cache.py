#!/usr/bin/env python3
"""The uncompressed side cache of an archive, which checkouts in user mode link to."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import Skip, assert_same_tree, expect, main, run, run_ok  # noqa: E402

CACHE = "uncompressed-objects-cache"


def make_repo(work):
    tree = work / "tree"
    (tree / "bin").mkdir(parents=True)
    for number in range(30):
        (tree / f"bin/{number}").write_text(f"file {number}\n" * 100)
    (tree / "bin/0").chmod(0o4755)
    (tree / "empty").touch()
    (tree / "link").symlink_to("bin/1")
    repo = work / "repo"
    run_ok("ostree", "init", f"--repo={repo}", "--mode=archive")
    commit(repo, tree)
    return repo, tree


def commit(repo, tree):
    run_ok("ostree", "commit", f"--repo={repo}", "-b", "main", f"--tree=dir={tree}")


def checkout(program, repo, target, *words):
    run_ok(program, "checkout", f"--repo={repo}", "-U", *words, "main", target)
    return target


def cached(repo):
    return {path.stat().st_ino for path in (repo / CACHE).rglob("*.file")}


def inodes(tree):
    return {path.stat().st_ino for path in (tree / "bin").iterdir()}


def links_to_the_cache(xylem, work):
    """Both programs fill it, and ostree uses what we put there. What it put there is replaced: nothing
    tells whether it was changed since."""
    repo, tree = make_repo(work)
    first = checkout(xylem, repo, work / "first")
    expect(len(cached(repo)) == 30 and inodes(first) == cached(repo))
    expect((first / "bin/0").stat().st_mode & 0o7777 == 0o755)
    second = checkout("ostree", repo, work / "second")
    expect(inodes(second) == cached(repo))
    assert_same_tree(first, second, times=False)
    run_ok("rm", "-r", repo / CACHE)
    checkout("ostree", repo, work / "third")
    (tree / "bin/new").write_text("new")
    commit(repo, tree)
    checkout(xylem, repo, work / "fourth")
    expect(len(cached(repo)) == 31 and inodes(work / "fourth") == cached(repo))
    expect((work / "third/bin/1").read_text() == (tree / "bin/1").read_text())
    expect(not [path for path in (repo / "tmp").iterdir() if path.name != "cache"])


def changed_through_a_checkout(xylem, work):
    """A file that somebody changed in place is not handed out again, even if its size is the same."""
    repo, tree = make_repo(work)
    first = checkout(xylem, repo, work / "first")
    text = (first / "bin/1").read_text()
    (first / "bin/1").write_text(text.upper())
    (first / "bin/2").write_text("shorter")
    (first / "bin/3").chmod(0o600)
    second = checkout(xylem, repo, work / "second")
    for name in ("1", "2", "3"):
        expect((second / "bin" / name).read_text() == (tree / "bin" / name).read_text(), name)
    expect((second / "bin/3").stat().st_mode == (tree / "bin/3").stat().st_mode)
    expect((first / "bin/1").read_text() == text.upper())


def unused_files_go(xylem, work):
    """Those beside what is added, as far as no checkout links to them."""
    repo, tree = make_repo(work)
    run_ok("rm", "-r", checkout(xylem, repo, work / "first"))
    expect(len(cached(repo)) == 30)
    for number in range(400):
        (tree / f"bin/more{number}").write_text(f"more {number}")
    commit(repo, tree)
    second = checkout(xylem, repo, work / "second")
    expect(inodes(second) == cached(repo))
    for path in (tree / "bin").iterdir():
        path.write_text("other " + path.read_text())
    commit(repo, tree)
    run_ok("rm", "-r", second)
    third = checkout(xylem, repo, work / "third")
    left = cached(repo) - inodes(third)
    expect(len(left) < 200, len(left))


def only_where_it_belongs(xylem, work):
    """As with `ostree`: not for options that ask for something special, not against the
    configuration, and not for files of root's."""
    repo, _ = make_repo(work)
    for number, words in enumerate((("--disable-cache",), ("-C",), ("--union-add",), ("-M",),
                                    ("--whiteouts",), ("--process-passthrough-whiteouts",))):
        checkout(xylem, repo, work / f"{number}", *words)
        expect(not (repo / CACHE).exists(), words)
    run_ok("ostree", f"--repo={repo}", "config", "set", "core.enable-uncompressed-cache", "false")
    checkout(xylem, repo, work / "config")
    expect(not (repo / CACHE).exists())
    run_ok("ostree", f"--repo={repo}", "config", "set", "core.enable-uncompressed-cache", "true")
    checkout(xylem, repo, work / "union", "--union")
    expect(len(cached(repo)) == 30)


def read_only_repository(xylem, work):
    """Is no failure: the files are copied."""
    if os.geteuid() != 0:
        raise Skip("needs root, to become somebody else")
    repo, tree = make_repo(work)
    work.chmod(0o755)
    out = work / "out"
    out.mkdir()
    os.chown(out, 65534, 65534)
    run_ok("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", xylem, "checkout",
           f"--repo={repo}", "-U", "main", out / "co")
    expect((out / "co/bin/1").read_text() == (tree / "bin/1").read_text())
    expect(not (repo / CACHE).exists())


def corrupt_object(xylem, work):
    """Does not get into the cache."""
    repo, _ = make_repo(work)
    by_size = sorted((repo / "objects").rglob("*.filez"), key=lambda path: path.stat().st_size)
    other, victim = by_size[-2:]  # The small ones are the symlink and the empty file: never cached.
    victim.write_bytes(other.read_bytes())
    done = run(xylem, "checkout", f"--repo={repo}", "-U", "main", work / "co")
    expect(done.status == 7 and "Corrupted file object" in done.err, done)
    expect(not (repo / CACHE).exists())


main(links_to_the_cache, changed_through_a_checkout, unused_files_go, only_where_it_belongs,
     read_only_repository, corrupt_object)
