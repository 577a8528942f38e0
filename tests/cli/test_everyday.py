#!/usr/bin/env python3
"""Everyday mistakes: empty values, names that look like something else, output that nobody can read,
trees that cannot be committed. The command does nothing else than it was told, and says what is wrong."""

import os
import pathlib
import resource
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (  # noqa: E402
    ENVIRONMENT, describe_tree, expect, main, make_source, object_file, run, run_ok, text_of,
)

USAGE, NOT_FOUND, CORRUPT, INVALID, IO = 2, 3, 7, 13, 15
TIME = "--timestamp=@1700000000"


def empty_texts(xylem, work):
    """The commit is that of `ostree`, and what stands behind an empty text is not its value."""
    source = make_source(work)
    for words in (["--subject="], ["-s", ""], ["--body="], ["--subject=", "--body="],
                  ["--subject=--tree=dir=/nonexistent"], ["--subject", "--body="]):
        made = [text_of(program, "commit", f"--repo={source}", "--orphan", TIME, *words,
                        f"--tree=dir={work / 'tree'}", cwd=work) for program in ("ostree", xylem)]
        expect(made[0] == made[1], words, made)


def empty_values(xylem, work):
    """Of options and arguments that are names of something: refused, and nothing is changed."""
    source = make_source(work)
    run_ok(xylem, "fsck", "-q", f"--repo={source}")
    before = describe_tree(source)
    for words in (["refs", "--delete", ""], ["refs", "--create=", "main"], ["prune", "--keep-younger-than="],
                  ["commit", "-b", "", "--tree=dir=."], ["commit", "-b", "x", "--tree="],
                  ["commit", "-b", "x", ""], ["commit", "-b", "x", "--owner-uid="], ["reset", "main", ""],
                  ["remote", "add", "", "http://h"], ["remote", "add", "o", ""], ["fsck", "--delete="],
                  ["prune", "--delete-commit="], ["remote", "add", "--set=", "o", "http://h"],
                  ["remote", "add", "--contenturl=", "o", "http://h"], ["summary", "-u", "--gpg-sign="],
                  ["pull-local", ""], ["export", "main", ""], ["checkout", "main", str(work / "o"), ""]):
        done = run(xylem, *words, f"--repo={source}", cwd=work)
        expect(done.status in (USAGE, INVALID), words, done)
        expect(describe_tree(source) == before, words)
    done = run(xylem, "refs", "--repo=", cwd=source)
    expect(done.status == USAGE and "--repo" in done.err, done)


def names_in_brackets(xylem, work):
    """They are no lists."""
    tree = work / "tree"
    tree.mkdir()
    for name in ("[a]", "[a,b]", "[]"):
        (tree / name).write_text(name)
    source = make_source(work)
    done = run_ok(xylem, "cat", f"--repo={source}", "main", "[a]", "[a,b]", "[]")
    expect(done == "[a][a,b][]", done)


def lost_output(xylem, work):
    """More than a buffer of it: the status is that of an I/O error; of a failure it stays."""
    source = make_source(work)
    for number in range(300):
        run_ok("ostree", "refs", f"--repo={source}", f"--create=ref/{number:050}", "main")
    run_ok("ostree", "commit", f"--repo={source}", "-b", "next", f"--tree=dir={work / 'tree'}")
    for words, status in ((["refs"], IO), (["refs", "-r"], IO), (["show", "main"], IO),
                          (["static-delta", "generate", "--to=next", "--empty"], IO),
                          (["show", "nothing"], NOT_FOUND), (["frobnicate"], USAGE)):
        with open("/dev/full", "w") as full:
            done = subprocess.run([xylem, *words, f"--repo={source}"], stdout=full, stderr=full,
                                  env=ENVIRONMENT, check=False)
        expect(done.returncode == status, words, done.returncode)
    # Statistics that nobody can read are no failure.
    with open("/dev/full", "w") as full:
        subprocess.run([xylem, "static-delta", "generate", "--to=next", "--empty", f"--repo={source}"],
                       stdout=subprocess.DEVNULL, stderr=full, env=ENVIRONMENT, check=True)


def fsck_says_the_end_once(xylem, work):
    source = make_source(work)
    for _ in range(20):
        out = run_ok(xylem, "fsck", f"--repo={source}")
        expect(out.count("100%") == 1, out)


def a_failed_copy_leaves_nothing(xylem, work):
    source = make_source(work)
    (work / "usb").mkdir()
    done = run(xylem, "create-usb", f"--repo={source}", work / "usb", "org.example.Os", "none")
    expect(done.status == NOT_FOUND and not list((work / "usb").iterdir()), done)


def commits_without_bindings(xylem, work):
    """From a repository of a collection: by ref, by checksum, as part of a history."""
    source = work / "source"
    run_ok("ostree", "init", f"--repo={source}", "--mode=archive", "--collection-id=org.example.Os")
    (work / "tree").mkdir()
    commit = ("ostree", "commit", f"--repo={source}", "-b", "main", f"--tree=dir={work / 'tree'}")
    unbound = text_of(*commit, "--no-bindings")
    run_ok(*commit)
    for words, status in (([unbound], CORRUPT), (["main", "--depth=-1"], CORRUPT), (["main"], 0),
                          ([unbound, "--disable-verify-bindings"], 0)):
        repo = work / f"repo{len(list(work.iterdir()))}"
        run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
        done = run(xylem, "pull-local", f"--repo={repo}", source, *words)
        expect(done.status == status, words, done)
        theirs = run("ostree", "pull-local", f"--repo={repo}", source, *words)
        expect("--disable-verify-bindings" in words or (theirs.status == 0) == (status == 0), words, theirs)


def files_that_cannot_be_committed(xylem, work):
    """The message has their path in the tree."""
    tree, file = work / "tree/usr/lib", os.fsencode(work / "tree/usr/lib") + b"/bad\xff"
    tree.mkdir(parents=True)
    repo = work / "repo"
    run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
    with open(file, "w"):
        pass
    commit = (xylem, "commit", f"--repo={repo}", "--orphan")
    done = run(*commit, f"--tree=dir={work / 'tree'}")
    expect(done.status == INVALID and "at '/usr/lib/bad" in done.err, done)
    os.unlink(file)
    (tree / "x").mkdir()
    (work / "other/usr/lib").mkdir(parents=True)
    (work / "other/usr/lib/x").write_text("x")
    for first, second in (("tree", "other"), ("other", "tree")):
        done = run(*commit, f"--tree=dir={work / first}", f"--tree=dir={work / second}")
        expect(done.status == INVALID and "/usr/lib/x" in done.err, done)


def bad_files_have_a_place(xylem, work):
    """A corrupt or missing object: which file, of which repository."""
    source = make_source(work)
    listed = text_of("ostree", "ls", "-C", f"--repo={source}", "main", "/usr/file3").split()
    object_path = object_file(source, listed[4], "filez")
    for break_it in (lambda: object_path.write_bytes(b"x"), object_path.unlink):
        break_it()
        run_ok(xylem, "init", f"--repo={work / 'repo'}", "--mode=archive")
        for words in (["pull-local", f"--repo={work / 'repo'}", source, "main"],
                      ["pull-local", f"--repo={work / 'repo'}", source],
                      ["checkout", f"--repo={source}", "main", work / "out"],
                      ["export", f"--repo={source}", "main", "-o", work / "out.tar"]):
            done = run(xylem, *words)
            expect(done.status in (CORRUPT, NOT_FOUND), words, done)
            expect(f"/usr/file3 in repository {source}" in done.err, words, done)


def deeper_than_the_limit_of_open_files(xylem, work):
    tree = work / "tree"
    tree.mkdir()
    here = os.getcwd()
    os.chdir(tree)
    for _ in range(200):
        os.mkdir("d")
        os.chdir("d")
    pathlib.Path("file").write_text("deep")
    os.chdir(here)
    repo = work / "repo"
    run_ok(xylem, "init", f"--repo={repo}", "--mode=bare-user-only")

    def few_files():
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

    for words in (["commit", "-b", "main", f"--tree=dir={tree}"], ["checkout", "main", work / "out"],
                  ["export", "main", "-o", work / "out.tar"], ["fsck", "-q"],
                  ["commit", "-b", "main", "--consume", f"--tree=dir={work / 'out'}"]):
        done = subprocess.run([xylem, *words, f"--repo={repo}"], preexec_fn=few_files, env=ENVIRONMENT,
                              capture_output=True, text=True, check=False)
        expect(done.returncode == 0, words, done)
    expect(not (work / "out").exists())


main(empty_texts, empty_values, names_in_brackets, lost_output, fsck_says_the_end_once,
     a_failed_copy_leaves_nothing, commits_without_bindings, files_that_cannot_be_committed,
     bad_files_have_a_place, deeper_than_the_limit_of_open_files)
