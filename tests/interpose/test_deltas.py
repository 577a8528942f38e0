#!/usr/bin/env python3
"""A program that was written for libostree applies static deltas in files: with libostree, and with
the library that stands in for it. Both bring the same commit, or fail alike.

    test_deltas.py XYLEM DIRECTORY HOST
"""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import commit_sample, expect, main, new_repo, run, run_ok, text_of  # noqa: E402

DUMMY = {"OSTREE_DUMMY_SIGN_ENABLED": "1"}
DIRECTORY, HOST = (pathlib.Path(argument).absolute() for argument in sys.argv[2:4])


class Scene:
    """A repository with two commits, of which there are deltas in files."""

    def __init__(self, work):
        self.work, self.source, self.log = work, work / "source", work / "log"
        commit_sample(self.source, work / "tree", "one", "two")
        self.one, self.two = (text_of("ostree", "rev-parse", "--repo", self.source, ref)
                              for ref in ("one", "two"))

    def delta(self, *options, start=None):
        path = self.work / "delta"
        done = run("ostree", "static-delta", "generate", "--repo", self.source, "--inline",
               "--min-fallback-size=0", f"--filename={path}", f"--to={self.two}",
               *([f"--from={start}"] if start else ["--empty"]), *options, env=DUMMY)
        expect(done.status == 0, done)
        return path

    def both(self, xylem, delta, key="", config=()):
        """What each printed; they must be alike."""
        outcomes = []
        for name, library in (("real", {}), ("ours", {"LD_LIBRARY_PATH": str(DIRECTORY)})):
            repo = new_repo(xylem, self.work / name, "http://127.0.0.1:9")
            for entry in config:
                run_ok("ostree", "config", "--repo", repo, "set", *entry)
            done = run(HOST, "delta", repo, delta, key,
                       env=library | DUMMY | {"XYLEM_INTERPOSE_LOG": str(self.log)})
            outcomes.append((done.status, re.findall(r"error: (\S+ \d+):", done.out),
                             self.has_commit(repo), done))
        real, ours = outcomes
        expect(real[:3] == ours[:3], real, ours)
        lines = self.log.read_text().splitlines()
        expect(lines[-1].startswith("ours") and " delta " in lines[-1], lines)
        return ours

    def has_commit(self, repo):
        if not (repo / f"objects/{self.two[:2]}/{self.two[2:]}.commit").exists():
            return False
        run_ok("ostree", "refs", "--repo", repo, "--create=got", self.two)
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        return True


def signed_delta(scene):
    """By libostree's engine for tests, for Debian's has no other one with keys."""
    return scene.delta("--sign-type=dummy", "--sign=word")


def a_delta_from_nothing(xylem, work):
    scene = Scene(work)
    status, _, has, done = scene.both(xylem, scene.delta())
    expect(status == 0 and has, done)


def a_delta_whose_start_is_missing(xylem, work):
    scene = Scene(work)
    status, _, has, done = scene.both(xylem, scene.delta(start=scene.one))
    expect(status == 1 and not has and "which is the delta source" in done.out, done)


def a_delta_that_is_missing(xylem, work):
    status, *_, done = Scene(work).both(xylem, work / "nothing")
    expect(status == 1, done)


def a_delta_that_is_damaged(xylem, work):
    scene = Scene(work)
    delta = scene.delta()
    content = bytearray(delta.read_bytes())
    content[len(content) // 2] ^= 255
    delta.write_bytes(content)
    status, *_, done = scene.both(xylem, delta)
    expect(status == 1, done)


def a_signature_that_nobody_asks_for(xylem, work):
    scene = Scene(work)
    status, _, has, done = scene.both(xylem, signed_delta(scene))
    expect(status == 0 and has, done)


def a_key_is_mandatory_where_the_repository_says_so(xylem, work):
    scene = Scene(work)
    config = [("core.sign-verify-deltas", "true")]
    status, _, has, done = scene.both(xylem, signed_delta(scene), config=config)
    expect(status == 1 and not has and "Key is mandatory" in done.out, done)


def a_good_signature(xylem, work):
    scene = Scene(work)
    status, _, has, done = scene.both(xylem, signed_delta(scene), "word")
    expect(status == 0 and has, done)


def a_signature_by_another_key(xylem, work):
    scene = Scene(work)
    delta = signed_delta(scene)
    status, _, has, done = scene.both(xylem, delta, "another")
    expect(status == 1 and not has, done)


def a_key_and_no_signature(xylem, work):
    scene = Scene(work)
    scene.both(xylem, scene.delta(), "another")


main(a_delta_from_nothing, a_delta_whose_start_is_missing, a_delta_that_is_missing,
     a_delta_that_is_damaged, a_signature_that_nobody_asks_for,
     a_key_is_mandatory_where_the_repository_says_so, a_good_signature, a_signature_by_another_key,
     a_key_and_no_signature)
