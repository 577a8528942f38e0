#!/usr/bin/env python3
"""Random trees and random options of `commit`, with xylem and with the real `ostree`: the same commit,
the same objects, or a refusal by both.

    test_random_trees.py XYLEM [--trees N] [--seed S] [--only BLOCK]

Trees come in blocks, each in a pair of new repositories. A failure prints the seed and its block:
`--only` repeats that one.
"""

import argparse
import difflib
import os
import pathlib
import random
import subprocess
import sys
import tarfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (  # noqa: E402
    describe_tree, expect, paths_below, remove_tree, run, run_ok, work_directory)
from random_tree import NAMES, RandomTree  # noqa: E402

MODES = ["archive", "bare-user", "bare-user-only"] + (["bare"] if os.geteuid() == 0 else [])
TREES_PER_BLOCK = 20


class Options:
    """The options of one commit, and the files that they name."""

    def __init__(self, rng, work, tree, commits):
        self.rng, self.work, self.tree, self.commits = rng, work, tree, commits
        self.words = ["--timestamp=@1700000000"]

    def choose(self):
        for pick, chance in ((self.message, 0.5), (self.refs, 1), (self.owner, 0.4),
                             (self.plain, 0.6), (self.parent, 0.3), (self.metadata, 0.4),
                             (self.statoverride, 0.25), (self.skip_list, 0.25), (self.trees, 1)):
            if self.rng.random() < chance:
                pick()
        return self.words

    def add(self, *words):
        self.words += words

    def message(self):
        self.add("--subject=" + self.rng.choice(["", "one", "two\nlines", "größe", " "]))
        body = self.rng.choice(["", "text\n", "a\n\nb", "ä"])
        if self.rng.random() < 0.5:
            self.add("--body=" + body)
        elif body:
            path = self.work / "body"
            path.write_text(body)
            self.add(f"--body-file={path}")

    def refs(self):
        """No name like "a": `ostree` takes a commit that begins with it for its parent."""
        kind = self.rng.choice(["branch", "branch", "orphan", "bound", "unbound"])
        if kind == "orphan":
            self.add("--orphan")
        else:
            self.add("--branch=" + self.rng.choice(["os/main", "test", "b.c/d_e-f"]))
        if kind == "bound":
            self.add("--bind-ref=z", "--bind-ref=y")
        if kind == "unbound":
            self.add("--no-bindings")

    def owner(self):
        for option in ("--owner-uid", "--owner-gid"):
            if self.rng.random() < 0.7:
                self.add(f"{option}={self.rng.choice([0, 1, 1000, 65534, 2**31 - 1])}")

    def plain(self):
        options = ["--canonical-permissions", "--mode-ro-executables", "--no-xattrs", "--bootable",
                   "--generate-sizes", "--link-checkout-speedup", "--devino-canonical", "--table-output",
                   "--consume", "--skip-if-unchanged"]
        self.add(*self.rng.sample(options, self.rng.randint(1, 3)))

    def parent(self):
        self.add("--parent=" + self.rng.choice(["none", "f" * 64, *self.commits[-2:]]))

    def metadata(self):
        self.add(*self.rng.sample(
            ["--add-metadata-string=version=1", "--add-metadata-string=empty=",
             "--add-metadata-string=ä=ö", "--add-metadata=n=uint32 7", "--add-metadata=l=['a', 'b']",
             "--add-metadata=d={'k': <1>, 'j': <'v'>}", "--add-metadata=b=true",
             "--add-metadata=t=(1, 'x', [byte 1, 2])", "--add-metadata=m=just 5",
             "--add-detached-metadata-string=d=1", "--keep-metadata=version"],
            self.rng.randint(1, 4)))

    def some_path(self, links=True):
        paths = [path for path in paths_below(self.tree)
                 if "\n" not in str(path) and (links or not path.is_symlink())]
        if not paths or self.rng.random() < 0.1:
            return "/" + self.rng.choice(NAMES[:6])
        return "/" + str(self.rng.choice(paths).relative_to(self.tree))

    def statoverride(self):
        """Not of symlinks: a bare repository cannot keep the mode that `ostree` gives them."""
        path = self.work / "override"
        lines = [f"{sign}{self.rng.choice([0, 1, 0o4755, 0o644, 0o7777, 0o2000])} {self.some_path(False)}\n"
                 for sign in self.rng.choices(["", "+", "="], k=self.rng.randint(0, 3))]
        path.write_text("".join(lines))
        self.add(f"--statoverride={path}")

    def skip_list(self):
        path = self.work / "skip"
        path.write_text("".join(self.some_path() + "\n" for _ in range(self.rng.randint(0, 3))))
        self.add(f"--skip-list={path}")

    def trees(self):
        if self.commits and self.rng.random() < 0.15:
            self.add("--base=" + self.rng.choice(self.commits[-5:]))
        if self.commits and self.rng.random() < 0.2:
            self.add("--tree=ref=" + self.rng.choice(self.commits[-5:]))
        if self.rng.random() < 0.15:
            self.archive()
        else:
            self.add(f"--tree=dir={self.tree}")
        if self.commits and self.rng.random() < 0.1:
            self.add("--tree=ref=" + self.rng.choice(self.commits[-5:]))

    def archive(self):
        path = self.work / "tree.tar"
        form = self.rng.choice([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
        with tarfile.open(path, "w:" + self.rng.choice(["", "gz", "xz"]), format=form) as archive:
            archive.add(self.tree, ".")
        self.add(f"--tree=tar={path}")
        if self.rng.random() < 0.5:
            self.add("--tar-autocreate-parents")
        if self.rng.random() < 0.3:
            self.add("--tar-pathname-filter=" + self.rng.choice(["^a,b", "^etc/,usr/etc/", "x+,y"]))


def contents(repo, mode):
    """What a repository stores. An archive's files are named by their checksum; how well they are
    compressed is each program's own matter."""
    objects = repo / "objects"
    described = describe_tree(objects, times=False) if mode != "archive" else {}
    for what in described.values():
        # Both programs hash them as if they were not there; `ostree --consume` leaves them on a file.
        what["xattrs"] = {name: value for name, value in what["xattrs"].items() if value}
    if mode == "archive":
        return {str(path.relative_to(objects)): None for path in paths_below(objects)
                if "." in path.name}
    return {name: {"mode": what["mode"], "sha256": what.get("sha256")} if mode == "bare-user-only" else what
            for name, what in described.items() if "." in name[1:]}


class OstreeDamaged(Exception):
    """libostree's own check finds its own repository damaged: nothing more can be learned from it."""


class Twins:
    """One repository a program, with the same history."""

    def __init__(self, xylem, work, mode):
        self.work, self.mode, self.commits = work, mode, []
        self.programs = {"ostree": "ostree", "xylem": xylem}
        self.repos = {name: work / f"{name}-repo" for name in self.programs}
        for repo in self.repos.values():
            run_ok("ostree", "init", f"--repo={repo}", f"--mode={mode}")

    def commit(self, tree, words):
        done = {name: self.commit_with(name, tree, words) for name in self.programs}
        results = {name: self.checksum(one, words) for name, one in done.items()}
        # `ostree` crashes for some options; ours never.
        expect(done["xylem"].status >= 0, self.mode, words, done["xylem"])
        if results["ostree"] != results["xylem"]:
            self.require_sound_peer()
            raise AssertionError("\n".join(map(str, (self.mode, words, *done.values(),
                                                     *self.difference(results)))))
        refs = [self.refs(repo) for repo in self.repos.values()]
        expect(refs[0] == refs[1], self.mode, words, *refs)
        if results["xylem"]:
            self.commits.append(results["xylem"])
        return bool(results["xylem"])

    def require_sound_peer(self):
        """Some repositories cannot hold every mode that options give: a bare-user-only one, and a bare
        one that of a symlink. `ostree --consume` also keeps modes that are not those of the checksum."""
        if run("ostree", "fsck", "-q", f"--repo={self.repos['ostree']}").status != 0:
            raise OstreeDamaged

    def difference(self, results):
        """The lines of the listings of two commits that only one of them has."""
        lists = [run("ostree", "ls", "-RCX", f"--repo={self.repos[name]}", commit or "").out.splitlines()
                 + run("ostree", "show", f"--repo={self.repos[name]}", commit or "").out.splitlines()
                 for name, commit in results.items()]
        return [line[:300] for line in difflib.unified_diff(*lists, *results, n=0, lineterm="")][:20]

    def refs(self, repo):
        return sorted((path.name, path.read_text()) for path in paths_below(repo / "refs")
                      if path.is_file())

    def commit_with(self, name, tree, words):
        """A tree that is consumed is a copy."""
        if "--consume" in words:
            copy = self.work / f"{name}-copy"
            remove_tree(copy)
            run_ok("cp", "-a", tree, copy)
            words = [word.replace(str(tree), str(copy)) for word in words]
        return run(self.programs[name], "commit", f"--repo={self.repos[name]}", *words)

    def checksum(self, done, words):
        if done.status != 0:
            expect(done.status < 0 or "error: " in done.err, self.mode, words, done)
            return None
        if "--table-output" in words:
            return next(line.split()[1] for line in done.out.splitlines() if line.startswith("Commit: "))
        return done.out.strip()

    def compare(self):
        self.require_sound_peer()
        stored = {name: contents(repo, self.mode) for name, repo in self.repos.items()}
        # `ostree` also keeps files that no commit has, because a later tree replaced them.
        differing = [name for name in sorted(stored["xylem"])
                     if stored["ostree"].get(name, "none") != stored["xylem"][name]]
        expect(not differing, self.mode, len(differing), *(
            f"{name} {side}: {one.get(name, 'none')}" for name in differing[:3]
            for side, one in stored.items()))
        for program in self.programs.values():
            run_ok(program, "fsck", "-q", f"--repo={self.repos['xylem']}")


def run_block(xylem, seed, block):
    """Some trees in one pair of repositories. Returns how many both programs took."""
    mode = MODES[block % len(MODES)]
    taken = 0
    with work_directory() as work:
        twins = Twins(xylem, work, mode)
        try:
            for number in range(TREES_PER_BLOCK):
                rng = random.Random(f"{seed}/{block}/{number}")
                tree = RandomTree(rng, mode == "bare-user-only" and rng.random() < 0.8)
                tree = tree.make(work / f"tree{number}")
                taken += twins.commit(tree, Options(rng, work, tree, twins.commits).choose())
                remove_tree(tree)
            twins.compare()
        except OstreeDamaged:
            print(f"block {block}: `ostree` damaged its own repository", flush=True)
        finally:
            subprocess.run(["chmod", "-R", "u+rwX", work], check=False)
    return taken


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("xylem", type=pathlib.Path)
    parser.add_argument("--trees", type=int, default=80)
    parser.add_argument("--seed", type=int, default=int(time.time() // 86400), help="each day another")
    parser.add_argument("--only", type=int, help="one block of trees")
    options = parser.parse_args()
    blocks = range(-(-options.trees // TREES_PER_BLOCK)) if options.only is None else [options.only]
    failures = taken = 0
    print(f"seed {options.seed}", flush=True)
    for block in blocks:
        try:
            taken += run_block(options.xylem.absolute(), options.seed, block)
        except Exception as error:  # Any: the other blocks shall run too.
            failures += 1
            print(f"FAILED: --seed {options.seed} --only {block}: {type(error).__name__}: {error}",
                  flush=True)
    print(f"{len(blocks) * TREES_PER_BLOCK} trees, {taken} taken by both programs, "
          f"{failures} blocks failed")
    sys.exit(1 if failures else 0)


main()
