#!/usr/bin/env python3
"""The same commands, given to `ostree` and to our binary under that name, in twin repositories: they
must print the same, leave the same exit status and the same configuration."""

import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, link_as_ostree, main, run, run_ok  # noqa: E402

COMMIT_TIME = "--timestamp=2026-11-01T00:00:00Z"


def make_repo(path):
    """Two commits on a branch, a remote ref and an alias."""
    tree = path.parent / "tree"
    for number in (1, 2):
        (tree / "etc").mkdir(parents=True, exist_ok=True)
        (tree / "etc" / "version").write_text(f"{number}\n")
        if number == 1:
            run_ok("ostree", "init", f"--repo={path}", "--mode=archive")
        run_ok("ostree", "commit", f"--repo={path}", "--branch=os/main", f"--tree=dir={tree}",
               f"--subject=commit {number}", COMMIT_TIME, "--owner-uid=0", "--owner-gid=0")
    run_ok("ostree", "refs", f"--repo={path}", "--create=origin:os/main", "os/main")
    run_ok("ostree", "refs", f"--repo={path}", "--create=os/other", "os/main^")
    run_ok("ostree", "refs", f"--repo={path}", "--alias", "--create=stable", "os/main")


class Twins:
    """The peer and ours, each with its own copy of a repository at the same place."""

    def __init__(self, xylem, work):
        self.programs = {"ostree": "ostree", "ours": link_as_ostree(xylem, work)}
        self.work = work
        (work / "ostree").mkdir()
        make_repo(work / "ostree" / "repo")
        shutil.copytree(work / "ostree", work / "ours", symlinks=True)

    def run(self, side, *words):
        return run(self.programs[side], *words, cwd=self.work / side)

    def compare(self, *words, sort=False, only_last_error=False, own_words=False):
        """`sort`: 2022.7 lists some things in the order of a hash table. `only_last_error`: the help
        before the message differs, as ours has options that 2022.7 does not. `own_words`: both must
        fail, but ours says why in other words."""
        theirs, ours = self.run("ostree", *words), self.run("ours", *words)

        def out(done):
            lines = done.out.splitlines()
            return sorted(lines) if sort else lines

        def err(done):
            lines = [line for line in done.err.splitlines() if not line.startswith("hint: ")]
            return lines[-1:] if only_last_error else lines

        # The paths of the two differ in one word.
        texts = [str(err(done)).replace(f"/{side}/", "/X/")
                 for side, done in (("ostree", theirs), ("ours", ours))]
        expect(ours.status == theirs.status, words, theirs, ours)
        expect(out(ours) == out(theirs), words, theirs, ours)
        if own_words:
            expect(ours.status != 0 and ours.err.startswith("error: "), words, ours)
        else:
            expect(texts[0] == texts[1], words, theirs, ours)

    def compare_file(self, name):
        # An empty line may stay at the end, where a group was.
        texts = [(self.work / side / "repo" / name).read_text().rstrip() for side in self.programs]
        expect(texts[0] == texts[1], *texts)


def init(xylem, work):
    twins = Twins(xylem, work)
    for mode in ("archive", "archive-z2", "bare", "bare-user", "bare-user-only"):
        for side in twins.programs:
            twins.run(side, "init", f"--repo=new-{mode}", f"--mode={mode}",
                      "--collection-id=org.example.Os")
        configs = [(work / side / f"new-{mode}" / "config").read_text() for side in twins.programs]
        expect(configs[0] == configs[1], mode, *configs)
        names = [sorted(path.name for path in (work / side / f"new-{mode}").iterdir()
                        if path.name != ".lock") for side in twins.programs]
        expect(names[0] == names[1], mode, *names)
    twins.compare("init", "--repo=again", "--mode=archive")
    twins.compare("init", "--repo=again", "--mode=archive")
    twins.compare("init", "--repo=wrong", "--mode=strange")


def config(xylem, work):
    twins = Twins(xylem, work)
    for words in (["get", "core.mode"], ["get", "core.nothing"], ["get", "nothing.mode"],
                  ["get", "mode"], ["get"], ["set", "core.fsync", "false"], ["set", "core.fsync"],
                  ["get", "core.fsync"], ["get", "--group=core", "fsync"],
                  ["set", "--group=core", "min-free-space-percent", "1"],
                  ["unset", "core.fsync"], ["unset", "core.fsync"], ["unset", "nothing.at-all"],
                  ["set", "new.key", "a value with spaces"], ["get", "new.key"],
                  ["frobnicate", "core.mode"]):
        twins.compare("--repo=repo", "config", *words)
        twins.compare_file("config")
    twins.compare("--repo=repo", "config", only_last_error=True)
    twins.compare("--repo=repo", "config", "get", "a", "b", only_last_error=True)


def core_stays_last(xylem, work):
    """Scripts append keys of [core] to the file."""
    run_ok(xylem, "init", f"--repo={work / 'r'}", "--mode=archive", "--collection-id=org.a.B")
    groups = [line for line in (work / "r" / "config").read_text().splitlines()
              if line.startswith("[")]
    expect(groups[-1] == "[core]", groups)


def remotes(xylem, work):
    twins = Twins(xylem, work)
    for words in (["list"], ["add", "one", "http://localhost/one"],
                  ["add", "one", "http://localhost/two"],
                  ["add", "--if-not-exists", "one", "http://localhost/two"],
                  ["add", "--no-gpg-verify", "--set=tls-permissive=true", "--contenturl=http://c",
                   "two", "http://localhost/two", "os/main", "os/other"],
                  ["add", "--force", "--no-sign-verify", "one", "http://localhost/three"],
                  ["add", "--collection-id=org.example.Os", "four", "metalink=http://localhost/4"],
                  ["add", "no/slash", "http://localhost"], ["add", "--set=x", "five", "http://h"],
                  ["show-url", "one"], ["show-url", "none"], ["list"],
                  ["delete", "four"], ["delete", "four"], ["delete", "--if-exists", "four"],
                  ["list", "-u"], ["list", "--show-urls"]):
        twins.compare("--repo=repo", "remote", *words,
                      own_words=bool({"--set=x", "no/slash", "none"} & set(words)))
        twins.compare_file("config")
    for words in ([], ["frobnicate"]):
        twins.compare("remote", *words, only_last_error=True)
    for words in (["add"], ["add", "x"], ["delete"], ["show-url"],
                  ["add", "--if-not-exists", "--force", "x", "http://h"]):
        twins.compare("remote", "--repo=repo", *words, only_last_error=True)


def cookies(xylem, work):
    twins = Twins(xylem, work)
    for words in (["add-cookie", "one", "example.com", "/", "name", "value"],
                  ["add-cookie", "one", ".example.com", "/x", "name", "other"],
                  ["delete-cookie", "one", "example.com", "/", "none"],
                  ["delete-cookie", "one", "example.com", "/", "name"]):
        twins.compare("--repo=repo", "remote", *words)
    jars = [(work / side / "repo" / "one.cookies.txt").read_text().split("\t")
            for side in twins.programs]
    # All but when it expires: the two ran at different seconds.
    for jar in jars:
        jar.pop(4)
    expect(jars[0] == jars[1], *jars)
    listed = twins.run("ours", "--repo=repo", "remote", "list-cookies", "one").out
    expect("Domain: .example.com\nPath: /x\nName: name\nSecure: FALSE\nExpires: 20" in listed, listed)
    expect(twins.run("ours", "--repo=repo", "remote", "list-cookies", "none").out == "")


def doubled_metadata(xylem, work):
    """All entries of a key stay, in the order of the kinds of options."""
    twins = Twins(xylem, work)
    commit = ["commit", "--repo=repo", "--branch=os/main", "--tree=ref=os/main", COMMIT_TIME]
    twins.compare(*commit, "--add-metadata-string=k=1", "--add-metadata=k='2'",
                  "--add-metadata-string=k=3", "--add-metadata-string=j=1",
                  "--add-detached-metadata-string=d=1", "--add-detached-metadata-string=d=2")
    twins.compare(*commit, "--add-metadata-string=k=new", "--keep-metadata=k", "--keep-metadata=j",
                  "--keep-metadata=k")
    twins.compare("show", "--repo=repo", "--raw", "os/main")


def refs(xylem, work):
    twins = Twins(xylem, work)
    for words in ([], ["--list"], ["os"], ["--list", "os"], ["os/main"], ["origin:"], ["origin:os"],
                  ["origin:os/main"], ["none"], ["-A"], ["--alias"], ["os", "stable"], ["-c"],
                  ["--create=new", "os/main"], ["--create=new", "os/main"],
                  ["--create=new", "--force", "os/other"], ["--create=os", "os/main"],
                  ["--create=x", "none"], ["--create=a:b/c", "os/main"], ["--create=x"],
                  ["--create=x", "os/main", "os/other"], ["--create=bad@name", "os/main"],
                  ["-A", "--create=alias", "none"], ["-A", "--create=stable", "os/other"], ["-A"],
                  ["-A", "--create=a:lias", "os/main"],
                  ["--delete"], ["--delete", "os/other"], ["--delete", "stable"],
                  ["--delete", "os/other"], ["--delete", "none"], []):
        twins.compare("--repo=repo", "refs", *words, sort=True,
                      own_words="--create=os" in words or "--create=bad@name" in words)


def collection_refs(xylem, work):
    twins = Twins(xylem, work)
    twins.compare("--repo=repo", "config", "set", "core.collection-id", "org.example.Os")
    for words in (["-c"], ["-c", "org.example.Os"], ["-c", "not an id"],
                  ["-c", "--create=org.example.Other:x/y", "os/main"], ["-c"],
                  ["-c", "org.example.Other"], ["-c", "--delete", "org.example.Other"], ["-c"]):
        twins.compare("--repo=repo", "refs", *words, sort=True, own_words="not an id" in words)


def rev_parse(xylem, work):
    twins = Twins(xylem, work)
    commit = run_ok("ostree", f"--repo={work}/ostree/repo", "rev-parse", "os/main").strip()
    for words in (["os/main"], ["os/main^"], ["os/main^^"], ["stable"], ["origin:os/main"], [commit],
                  [commit[:10]], [commit[:10] + "^"], ["none"], ["none^"], ["none:os/main"],
                  ["os/main", "os/other"], ["bad@name"], ["0" * 64], ["-S"], ["--single"]):
        twins.compare("--repo=repo", "rev-parse", *words, own_words="bad@name" in words)
    twins.compare("--repo=repo", "rev-parse", only_last_error=True)
    twins.compare("--repo=repo", "rev-parse", "-S", "x", only_last_error=True)


def reset(xylem, work):
    twins = Twins(xylem, work)
    for words in (["os/main", "os/main^"], ["none", "os/main"], ["os/main", "none"]):
        twins.compare("--repo=repo", "reset", *words)
        twins.compare("--repo=repo", "rev-parse", "os/main")
    twins.compare("--repo=repo", "reset", "os/main", only_last_error=True)


def fsck(xylem, work):
    twins = Twins(xylem, work)

    def lines(done):
        return [line for line in done.out.splitlines() if not line.startswith("fsck objects")]

    def compare(*words):
        theirs, ours = (twins.run(side, "--repo=repo", "fsck", *words) for side in twins.programs)
        expect(lines(ours) == lines(theirs), theirs, ours)
        expect(ours.status == theirs.status, theirs, ours)
        return ours

    compare()
    compare("--quiet")
    compare("-q", "--all")
    for side in twins.programs:
        for path in (work / side / "repo" / "objects").rglob("*.filez"):
            path.unlink()
    broken = compare()
    expect(broken.status == 1 and "Object missing in commits" in broken.err, broken)
    broken = compare("--all")
    expect("2 partial commits from fsck-detected corruption" in broken.err, broken)


def summary(xylem, work):
    twins = Twins(xylem, work)
    twins.compare("--repo=repo", "summary")
    twins.compare("--repo=repo", "summary", "-v")
    run_ok("ostree", f"--repo={work}/ostree/repo", "summary", "-u",
           "--add-metadata=xa.title='A title'", "--add-metadata=xa.number=uint32 5")
    shutil.copy(work / "ostree/repo/summary", work / "ours/repo/summary")
    twins.compare("--repo=repo", "summary", "-v")
    twins.compare("--repo=repo", "summary", "--view")
    twins.compare("--repo=repo", "summary", "--raw")
    # Later than 2022.7.
    keys = twins.run("ours", "--repo=repo", "summary", "--list-metadata-keys").out.split()
    expect("xa.title" in keys and keys == sorted(keys), keys)
    key = twins.run("ours", "--repo=repo", "summary", "--print-metadata-key=xa.title")
    expect(key.out == "'A title'\n", key)
    missing = twins.run("ours", "--repo=repo", "summary", "--print-metadata-key=none")
    expect(missing.status == 1 and "No such metadata key 'none'" in missing.err, missing)
    # Written by us, and read by both.
    twins.run("ours", "--repo=repo", "summary", "-u", "--add-metadata=xa.title='A title'")
    shutil.copy(work / "ours/repo/summary", work / "ostree/repo/summary")
    twins.compare("--repo=repo", "summary", "-v")


def missing_repository(xylem, work):
    twins = Twins(xylem, work)
    for command in (["refs"], ["rev-parse", "x"], ["fsck"], ["config", "get", "core.mode"],
                    ["remote", "list"], ["summary", "-v"]):
        twins.compare("--repo=none", *command, own_words=True)


main(init, config, core_stays_last, remotes, cookies, doubled_metadata, refs, collection_refs, rev_parse,
     reset, fsck, summary, missing_repository)
