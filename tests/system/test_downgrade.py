#!/usr/bin/env python3
"""What a ref may be moved to, by the age of commits, with `ostree` beside it.

    test_downgrade.py XYLEM

With -T both refuse an older commit and take one of the same time. Where `ostree` compares with a ref of
that name in any remote, or with a local one, ours looks at the ref that the pull would move. A strict
check, and one that the remote's configuration asks for, are ours alone.
"""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, nginx, remove_tree, run_ok, text_of  # noqa: E402

REF = "os/test"
DOWNGRADE = 14
DAYS = {"older": "2026-01-01", "current": "2026-02-01", "same time": "2026-02-01",
        "newer": "2026-03-01"}


class World:
    def __init__(self, xylem, work):
        self.xylem, self.work = xylem, work
        self.source = work / "source"
        run_ok("ostree", "init", "--repo", self.source, "--mode=archive")
        self.commits = {name: self.commit(name, day) for name, day in DAYS.items()}

    def commit(self, name, day):
        tree = self.work / "tree"
        tree.mkdir(exist_ok=True)
        (tree / "file").write_text(name)
        return text_of("ostree", "commit", "--repo", self.source, "-b", REF, "--parent=none",
                       f"--tree=dir={tree}", f"--timestamp={day} 00:00:00 +0000")

    def offer(self, name):
        """From now on the server's ref means this commit."""
        (self.source / "refs/heads" / REF).write_text(self.commits[name] + "\n")

    def client(self, url, *settings):
        repo = self.work / "client"
        remove_tree(repo)
        run_ok(self.xylem, "init", "--repo", repo, "--mode=bare-user")
        for remote in ("origin", "other"):
            run_ok(self.xylem, "remote", "add", "--repo", repo, "--no-gpg-verify", *settings,
                   remote, url)
        return repo

    def pull(self, program, repo, *words, remote="origin"):
        return subprocess.run([str(program), "pull", "--repo", str(repo), *words, remote, REF],
                              capture_output=True, text=True, timeout=60)


def expect_refused(done, words="chronologically older"):
    expect(done.returncode == DOWNGRADE and words in done.stderr, done)
    expect("hint: " in done.stderr, done)


def judge(world, url, program, offered, *words, settings=()):
    """What becomes of a ref at the current commit when this one is offered."""
    repo = world.client(url, *settings)
    world.offer("current")
    first = world.pull(world.xylem, repo)
    expect(first.returncode == 0, "first pull", first)
    world.offer(offered)
    done = world.pull(program, repo, *words)
    now = text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REF}")
    taken = done.returncode == 0
    expect(now == world.commits[offered if taken else "current"], program, offered, now, done)
    run_ok("ostree", "fsck", "-q", "--repo", repo)
    return done


def same_as_ostree(world, url):
    for offered, taken in (("older", False), ("current", True), ("same time", True),
                           ("newer", True)):
        ours = judge(world, url, world.xylem, offered, "-T")
        theirs = judge(world, url, "ostree", offered, "-T")
        expect((ours.returncode == 0) == (theirs.returncode == 0) == taken, offered, ours, theirs)
        if not taken:
            expect_refused(ours)
        expect(judge(world, url, world.xylem, offered).returncode == 0, "without a check")
        print(f"ok: -T, {offered}: {'taken' if taken else 'refused'} by both", flush=True)


def strict(world, url):
    for how in (dict(words=["--timestamp-check-strict"]),
                dict(settings=["--set=timestamp-check=strict"])):
        words, settings = how.get("words", ()), how.get("settings", ())
        for offered, refused in (("older", "chronologically older"), ("current", None),
                                 ("same time", "same timestamp"), ("newer", None)):
            done = judge(world, url, world.xylem, offered, *words, settings=settings)
            if refused:
                expect_refused(done, refused)
            else:
                expect(done.returncode == 0, offered, done)
    print("ok: a strict check refuses another commit of the same time", flush=True)


def by_configuration(world, url):
    expect_refused(judge(world, url, world.xylem, "older", settings=["--set=timestamp-check=true"]))
    done = judge(world, url, world.xylem, "same time", settings=["--set=timestamp-check=true"])
    expect(done.returncode == 0, done)
    repo = world.client(url)
    config = repo / "config"
    group = '[remote "origin"]\n'
    config.write_text(config.read_text().replace(group, group + "timestamp-check=perhaps\n"))
    done = world.pull(world.xylem, repo)
    expect(done.returncode == 13 and "timestamp-check" in done.stderr, done)
    print("ok: the remote's configuration asks for the check", flush=True)


def another_place(world, url, have_newer):
    """The ref of that name is newer elsewhere, where this pull does not write."""
    answers = {}
    for program in (world.xylem, "ostree"):
        repo = world.client(url)
        world.offer("newer")
        have_newer(repo)
        world.offer("current")
        answers[program] = world.pull(program, repo, "-T")
    return answers[world.xylem], answers["ostree"]


def other_refs(world, url):
    def in_other_remote(repo):
        expect(world.pull(world.xylem, repo, remote="other").returncode == 0, "other")

    def in_heads(repo):
        in_other_remote(repo)
        run_ok("ostree", "refs", "--repo", repo, "--create", REF, f"other:{REF}")

    for place, prepare in (("another remote", in_other_remote), ("refs/heads", in_heads)):
        ours, theirs = another_place(world, url, prepare)
        expect(ours.returncode == 0, place, ours)
        expect(theirs.returncode != 0 and "older" in theirs.stderr, place, theirs)
        print(f"ok: -T, newer in {place}: taken by ours, refused by ostree", flush=True)


def from_rev(world, url):
    for offered, taken in (("older", False), ("same time", True)):
        repo = world.client(url)
        world.offer("current")
        expect(world.pull(world.xylem, repo, remote="other").returncode == 0, "other")
        world.offer(offered)
        for program in (world.xylem, "ostree"):
            done = world.pull(program, repo, f"--timestamp-check-from-rev={world.commits['current']}")
            expect((done.returncode == 0) == taken, offered, done)
    print("ok: --timestamp-check-from-rev as ostree has it", flush=True)


def main():
    xylem = pathlib.Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory(prefix="xylem-downgrade-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        work.chmod(0o755)
        world = World(xylem, work)
        with nginx(work / "nginx", world.source) as server:
            for part in (same_as_ostree, strict, by_configuration, other_refs, from_rev):
                part(world, server.url)


if __name__ == "__main__":
    main()
