#!/usr/bin/env python3
"""`prune`, beside the real one: of two copies of a repository each prunes one with the same options.
The same objects must be left, and the same text printed."""

import functools
import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, link_as_ostree, main, run, run_ok  # noqa: E402

DAYS = ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z",
        "2026-11-04T00:00:00Z"]


class Sample:
    """Histories, refs of all kinds, partial commits, loose ends, deltas, caches."""

    def __init__(self, path, mode="archive", mirrors=True):
        self.path = path
        self.repo = f"--repo={path}"
        self.tree = path.parent / "tree"
        run_ok("ostree", "init", self.repo, f"--mode={mode}")
        run_ok("ostree", "config", self.repo, "set", "core.fsync", "false")  # Much faster.
        self.main = [self.commit("os/main", day) for day in DAYS]
        self.dev = [self.commit("os/dev", day) for day in DAYS[1:]]
        self.other = [self.commit("os/other", day) for day in DAYS[:3]]
        self.solo = [self.commit("os/solo", day) for day in DAYS[:3]]
        run_ok("ostree", "refs", self.repo, "--create=origin:os/other", "os/other")
        run_ok("ostree", "refs", self.repo, "--alias", "--create=stable", "os/dev")
        if mirrors:
            self.mirrored = [self.commit("x", day) for day in DAYS[:2]]
            run_ok("ostree", "refs", self.repo, "-c", "--create=org.example.Os:x/y", "x")
            run_ok("ostree", "refs", self.repo, "--delete", "x")
        self.add_loose_ends()
        if mode == "archive":
            self.add_deltas()
        self.add_caches()

    def commit(self, ref, day, detached=True):
        tree = self.tree / ref.replace("/", "-")
        (tree / "etc" / "dir").mkdir(parents=True, exist_ok=True)
        for name in ("version", "etc/version", "etc/dir/version"):
            (tree / name).write_text(f"{ref} {day} {name}\n" * 30)
        (tree / "common").write_text("the same in all\n")
        extra = ["--add-detached-metadata-string=signed=yes"] if detached else []
        return run_ok("ostree", "commit", self.repo, f"--branch={ref}", f"--tree=dir={tree}",
                      f"--timestamp={day}", "--owner-uid=0", "--owner-gid=0", *extra).strip()

    def object(self, checksum, extension):
        return self.path / "objects" / checksum[:2] / f"{checksum[2:]}.{extension}"

    def add_loose_ends(self):
        """What prune decides about besides whole histories with refs; see loose_ends()."""
        self.lone = [self.commit("lone", day) for day in DAYS[:2]]
        self.drop_ref("lone")
        self.without = self.commit("without", DAYS[0], detached=False)
        self.orphaned_tree = self.directory_of(self.without)
        self.object(self.without, "commit").unlink()
        self.drop_ref("without")
        self.partial = self.make_partial("partial")
        self.lone_partial = self.make_partial("lone-partial")
        self.drop_ref("lone-partial")

    def drop_ref(self, ref):
        (self.path / "refs" / "heads" / ref).unlink()

    def directory_of(self, commit):
        """The dirtree of /etc/dir in a commit."""
        listing = run_ok("ostree", "ls", self.repo, "-d", "-C", commit, "/etc/dir")
        return [word for word in listing.split() if len(word) == 64][0]

    def make_partial(self, ref):
        """A commit that lacks a directory, and is marked as one that does."""
        commit = self.commit(ref, DAYS[0])
        self.object(self.directory_of(commit), "dirtree").unlink()
        (self.path / "state" / f"{commit}.commitpartial").write_text("")
        return commit

    def loose_ends(self, repo):
        """The nine kinds of loose ends by name, and which of them `repo`, a copy, still has."""
        def here(checksum, extension):
            return (repo / "objects" / checksum[:2] / f"{checksum[2:]}.{extension}").exists()

        def marked(commit):
            return (repo / "state" / f"{commit}.commitpartial").exists()

        def cached(name):
            return (repo / "tmp/cache/summaries" / name).exists()

        deltas = run_ok("ostree", "static-delta", "list", f"--repo={repo}").split()
        return {
            # Commits that no ref leads to. Only --refs-only takes them for garbage.
            "history without a ref": all(here(commit, "commit") for commit in self.lone),
            # Their detached metadata, which is an object of its own, goes and stays with them.
            "detached metadata without a ref": all(here(c, "commitmeta") for c in self.lone),
            # What a pull that was killed leaves: objects that no commit leads to.
            "tree without a commit": here(self.orphaned_tree, "dirtree"),
            # A pull goes on with it later: the objects that it has are in use.
            "partial commit with a ref": here(self.partial, "commit") and marked(self.partial),
            # The mark must not stay when the commit goes: it would make a later one partial.
            "partial commit without a ref":
                here(self.lone_partial, "commit") or marked(self.lone_partial),
            # A delta is kept as long as the commit that it leads to.
            "delta to a commit with a ref": f"{self.main[0]}-{self.main[2]}" in deltas,
            "delta to a commit without a ref": self.lone[1] in deltas,
            # Summaries are kept for remotes that are configured.
            "cached summary of a remote": cached("origin") and cached("origin.sig"),
            "cached summary of no remote": cached("gone") or cached("gone.sig"),
        }

    def add_deltas(self):
        for words in ([f"--from={self.main[0]}", f"--to={self.main[2]}"],
                      [f"--from={self.main[2]}", f"--to={self.main[3]}"],
                      ["--empty", f"--to={self.main[1]}"], ["--empty", f"--to={self.lone[1]}"]):
            run_ok("ostree", "static-delta", "generate", self.repo, *words)
        run_ok("ostree", "static-delta", "reindex", self.repo)

    def add_caches(self):
        run_ok("ostree", "remote", "add", self.repo, "--no-gpg-verify", "origin", "http://none")
        cache = self.path / "tmp" / "cache" / "summaries"
        cache.mkdir(parents=True, exist_ok=True)
        for name in ("origin", "origin.sig", "gone", "gone.sig"):
            (cache / name).write_text("x")


@functools.cache
def shared_sample(mode="archive", mirrors=True):
    """Made once; not to be changed."""
    directory = tempfile.TemporaryDirectory(prefix="xylem-sample-", dir="/var/tmp")
    sample = Sample(pathlib.Path(directory.name) / "repo", mode, mirrors)
    sample.directory = directory
    return sample


def files(path, *names):
    return {str(file.relative_to(path)) for name in names for file in (path / name).rglob("*")
            if not file.is_dir()}


class Twins:
    def __init__(self, xylem, sample, work):
        self.programs = {"theirs": "ostree", "ours": work / "bin" / "ostree"}
        if not (work / "bin").exists():
            link_as_ostree(xylem, work)
        for side in self.programs:
            shutil.rmtree(work / side, ignore_errors=True)
            # Both replace files, and write to none.
            shutil.copytree(sample.path, work / side / "repo", symlinks=True, copy_function=os.link)
        self.work = work

    def prune(self, side, *words):
        return run(self.programs[side], "prune", "--repo=repo", *words, cwd=self.work / side)

    def compare(self, *words, own_words=False, names=("objects", "state", "deltas", "refs",
                                                      "tmp/cache")):
        theirs, ours = (self.prune(side, *words) for side in self.programs)
        expect(theirs.status == ours.status, words, theirs, ours)
        expect(theirs.out == ours.out, words, theirs, ours)
        texts = [[line for line in done.err.splitlines()
                  if not line.startswith("hint:")][-1:] for done in (theirs, ours)]
        expect(own_words or texts[0] == texts[1], words, theirs, ours)
        left = [files(self.work / side / "repo", *names) for side in self.programs]
        expect(left[0] == left[1], words, left[0] - left[1], left[1] - left[0])
        configs = [(self.work / side / "repo/config").read_text().split() for side in self.programs]
        expect(theirs.status != 0 or configs[0] == configs[1], *configs)
        expect(not files(self.work / "ours" / "repo", "tmp") - files(
            self.work / "ours" / "repo", "tmp/cache"), "tmp/ is not empty")
        return ours


def compare_all(xylem, work, sample, rows):
    for words in rows:
        twins = Twins(xylem, sample, work)
        twins.compare(*words)
    # Once more: nothing is left to do.
    twins.compare(*words)


def each_loose_end_has_its_verdict(xylem, work):
    """Said here, not only compared: both programs could be wrong in the same way."""
    sample = shared_sample()
    everything = set(sample.loose_ends(sample.path))
    expect(all(sample.loose_ends(sample.path).values()), sample.loose_ends(sample.path))
    never_needed = {"tree without a commit", "cached summary of no remote"}
    without_ref = {"history without a ref", "detached metadata without a ref",
                   "partial commit without a ref", "delta to a commit without a ref"}
    for words, removed in (([], never_needed),
                           (["--refs-only"], never_needed | without_ref)):
        twins = Twins(xylem, sample, work)
        expect(twins.prune("ours", *words).status == 0, words)
        left = {kind for kind, kept in sample.loose_ends(work / "ours/repo").items() if kept}
        expect(left == everything - removed, words, left ^ (everything - removed))


def by_refs_and_depth(xylem, work):
    compare_all(xylem, work, shared_sample(), [
        [], ["--depth=0"], ["--depth=1"], ["--refs-only"], ["--refs-only", "--depth=0"],
        ["--refs-only", "--depth=1"], ["--refs-only", "--depth=-1"], ["--commit-only"],
        ["--commit-only", "--refs-only", "--depth=0"]])


def by_branch_and_date(xylem, work):
    # Without mirrored refs, whose commits libostree deletes here; ours are another test.
    compare_all(xylem, work, shared_sample(mirrors=False), [
        ["--keep-younger-than=2026-11-03 00:00:00 +0000"],
        ["--keep-younger-than=2036-11-03 00:00:00 +0000"],
        ["--keep-younger-than=1999-11-03 00:00:00 +0000"],
        ["--retain-branch-depth=os/main=1"],
        ["--retain-branch-depth=os/main=1", "--depth=0"],
        ["--retain-branch-depth=os/main=-1", "--retain-branch-depth=os/solo=1", "--depth=0"],
        ["--retain-branch-depth=none=3", "--depth=1"],
        ["--only-branch=os/main", "--depth=0"],
        ["--only-branch=os/main", "--only-branch=os/dev", "--depth=1"],
        ["--only-branch=os/main", "--keep-younger-than=2026-11-03 00:00:00 +0000"],
        ["--only-branch=os/main", "--retain-branch-depth=os/solo=1", "--depth=0"],
        ["--only-branch=origin:os/other", "--depth=0", "--commit-only"],
        ["--keep-younger-than=2026-11-03 00:00:00 +0000", "--retain-branch-depth=os/main=2",
         "--commit-only"]])


def other_modes(xylem, work):
    for mode in ("bare-user", "bare-user-only", "bare"):
        compare_all(xylem, work, shared_sample(mode), [[], ["--refs-only", "--depth=0"]])


def deleting_a_commit(xylem, work):
    sample = shared_sample()
    for words in ([f"--delete-commit={sample.main[-1]}"],  # it has a ref
                  [f"--delete-commit={sample.mirrored[0]}", "--refs-only"]):
        Twins(xylem, sample, work).compare(*words)
    for words in ([f"--delete-commit={sample.main[1]}"],
                  [f"--delete-commit={sample.lone_partial}"],
                  [f"--delete-commit={sample.main[1]}", "--refs-only"],
                  [f"--delete-commit={sample.dev[0]}", "--commit-only"],
                  [f"--delete-commit={sample.main[1]}", "--static-deltas-only"]):
        # Of the deleted commit libostree leaves the mark of a partial one.
        Twins(xylem, sample, work).compare(*words, names=("objects", "deltas", "refs"))
    Twins(xylem, sample, work).compare(f"--delete-commit={'0' * 64}", own_words=True,
                                       names=("objects", "deltas"))
    done = Twins(xylem, sample, work).prune("ours", f"--delete-commit={sample.mirrored[1]}")
    expect("is referenced by" in done.err and done.status == 1, done)


def tombstones(xylem, work):
    sample = Sample(work / "repo")
    run_ok("ostree", "config", sample.repo, "set", "core.tombstone-commits", "true")
    compare_all(xylem, work, sample, [["--refs-only", "--depth=0"], ["--refs-only"]])
    left = files(work / "ours" / "repo", "objects")
    expect(sum(name.endswith(".tombstone-commit") for name in left) == 3, sorted(left))


def payload_links(xylem, work):
    sample = Sample(work / "repo", "bare-user")
    targets = sorted((work / "repo/objects").rglob("*.file"))[:2] + [pathlib.Path("00/0.file")]
    for number, target in enumerate(targets):
        link = work / "repo" / "objects" / "aa" / f"{str(number) * 62}.payload-link"
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(f"../{target.parent.name}/{target.stem:0>62}.file")
    for threshold, kept in ((None, 0), ("10", 2), ("10000000", 0)):
        if threshold:
            run_ok("ostree", "config", sample.repo, "set", "core.payload-link-threshold", threshold)
        twins = Twins(xylem, sample, work)
        for side in twins.programs:
            done = twins.prune(side)
            expect(done.status == 0, done)
        left = [{name for name in files(work / side / "repo", "objects") if "payload" in name}
                for side in twins.programs]
        expect(left[0] == left[1] and len(left[1]) == kept, threshold, *left)


def wrong_use(xylem, work):
    twins = Twins(xylem, shared_sample(), work)
    commit = "--delete-commit=" + "0" * 64
    for words in (["--static-deltas-only"], ["--no-prune", commit], ["--keep-younger-than=never"],
                  ["--retain-branch-depth=main"], ["--retain-branch-depth=main=x"],
                  ["--only-branch=none"], ["--depth=x"]):
        twins.compare(*words, own_words="=x" in str(words))
    # libostree takes these, and deletes the whole history.
    for words in (["--depth=-2", "--refs-only"], ["--retain-branch-depth=os/main=1x"],
                  ["--retain-branch-depth=os/main=-7"]):
        expect(twins.prune("ours", *words).status == 1, words)


def no_prune_changes_nothing(xylem, work):
    sample = shared_sample(mirrors=False)
    for words in ([], ["--refs-only", "--depth=0"], ["--only-branch=os/main", "--depth=0"],
                  ["--commit-only", "--refs-only", "--depth=0"]):
        twins = Twins(xylem, sample, work)
        before = files(work / "ours", "repo")
        twins.compare("--no-prune", *words, names=("objects", "state"))
        # libostree removes deltas and cached summaries here all the same.
        expect(files(work / "ours", "repo") - before <= {"repo/.lock"})
        expect(not before - files(work / "ours", "repo"))


def different_on_purpose(xylem, work):
    sample = shared_sample()
    twins = Twins(xylem, sample, work)
    repo = work / "ours" / "repo"
    done = twins.prune("ours", "--keep-younger-than=2036-01-01 00:00:00 +0000")
    expect(done.status == 0, done)
    # A ref that leads to nothing is never left, not of a mirror either.
    run_ok("ostree", "fsck", f"--repo={repo}")
    kept = files(repo, "objects")
    expect(any(sample.mirrored[1][2:] + ".commit" in name for name in kept))
    expect(not any(sample.mirrored[0][2:] + ".commit" in name for name in kept))
    # What a depth of nothing means.
    twins = Twins(xylem, sample, work)
    twins.prune("ours", "--retain-branch-depth=os/main=0")
    commits = {name for name in files(repo, "objects") if name.endswith(".commit")}
    expect(len([c for c in sample.main if any(c[2:] in name for name in commits)]) == 1, commits)
    expect(len([c for c in sample.dev if any(c[2:] in name for name in commits)]) == 3, commits)
    # A commit is kept for any ref that wants it: "stable" is another name of os/dev.
    twins = Twins(xylem, sample, work)
    twins.prune("ours", "--retain-branch-depth=os/dev=1", "--depth=0")
    commits = {name for name in files(repo, "objects") if name.endswith(".commit")}
    expect(len([c for c in sample.dev if any(c[2:] in name for name in commits)]) == 2, commits)
    # Indexes go with the deltas that they name.
    deltas = run_ok("ostree", "static-delta", "list", f"--repo={repo}").split()
    expect(len(deltas) == len(files(repo, "delta-indexes")) == 1, deltas)


def a_parent_is_never_touched(xylem, work):
    parent = Sample(work / "repo")
    child = work / "child"
    run_ok("ostree", "init", f"--repo={child}", "--mode=archive")
    run_ok("ostree", "config", f"--repo={child}", "set", "core.parent", parent.path)
    own = work / "own"
    own.mkdir()
    (own / "file").write_text("only in the child\n")
    kept = run_ok("ostree", "commit", f"--repo={child}", "-b", "own", f"--parent={parent.main[1]}",
                  f"--tree=ref={parent.main[1]}", f"--tree=dir={own}").strip()
    before = files(work, "repo")
    for words in ([], ["--refs-only", "--depth=0"], ["--commit-only"]):
        done = run_ok(xylem, "prune", f"--repo={child}", *words)
        expect("No unreachable objects" in done, words, done)
        expect(files(work, "repo") - before <= {"repo/.lock"})
        expect(not before - files(work, "repo"))
    expect(run_ok("ostree", "cat", f"--repo={child}", kept, "/etc/version").startswith("os/main"))
    run_ok("ostree", "refs", f"--repo={child}", "--delete", "own")
    expect("Deleted" in run_ok(xylem, "prune", f"--repo={child}", "--refs-only"))
    expect(not files(child, "objects") and not before - files(work, "repo"))


main(each_loose_end_has_its_verdict, by_refs_and_depth, by_branch_and_date, other_modes,
     deleting_a_commit, tombstones, payload_links, wrong_use, no_prune_changes_nothing,
     different_on_purpose, a_parent_is_never_touched)
