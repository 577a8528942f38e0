#!/usr/bin/env python3
"""`static-delta apply-offline`: a commit is there as a whole afterwards, or not at all, and who must
sign it."""

import json
import pathlib
import random
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))
from harness import ENVIRONMENT, expect, main, run, run_ok, text_of  # noqa: E402
from system.signing import make_key  # noqa: E402


class Sample:
    """An archive repository with two commits, a delta between them in `delta`, and a client."""

    def __init__(self, xylem, work, *options, size=200_000, files=4):
        self.work, self.xylem = work, xylem
        self.source = work / "source"
        self.random = random.Random(1)
        tree = work / "tree"
        tree.mkdir()
        run_ok("ostree", "init", f"--repo={self.source}", "--mode=archive")
        for number in range(files):
            (tree / f"file{number}").write_bytes(self.random.randbytes(size))
        self.first = self.commit(tree)
        for number in range(files):
            path = tree / f"file{number}"
            path.write_bytes(path.read_bytes() + self.random.randbytes(9))
        (tree / "fresh").write_bytes(self.random.randbytes(size))
        self.second = self.commit(tree)
        self.delta = work / "delta"
        self.delta.mkdir()
        run_ok(xylem, "static-delta", "generate", f"--repo={self.source}",
               f"--filename={self.delta}", *options, "main")
        self.client = self.new_client()

    def commit(self, tree):
        return text_of("ostree", "commit", f"--repo={self.source}", "-b", "main",
                       f"--tree=dir={tree}")

    def new_client(self, name="client", mode="bare-user"):
        client = self.work / name
        run_ok("ostree", "init", f"--repo={client}", f"--mode={mode}")
        run_ok("ostree", "pull-local", f"--repo={client}", self.source, self.first)
        return client

    def apply(self, *arguments, client=None):
        return run(self.xylem, "static-delta", "apply-offline", f"--repo={client or self.client}",
                   *arguments)

    def expect_applied(self, client=None):
        repo = f"--repo={client or self.client}"
        run_ok("ostree", "fsck", "-q", repo)
        run_ok("ostree", "ls", "-R", repo, self.second)
        left = list((client or self.client).glob("state/*"))
        expect(not left, left)

    def expect_not_applied(self):
        shown = run("ostree", "show", f"--repo={self.client}", self.second)
        expect(shown.status != 0, "the commit can be seen")
        run_ok("ostree", "fsck", "-q", f"--repo={self.client}")


def applies_and_says_what(xylem, work):
    sample = Sample(xylem, work)
    told = json.loads(sample.apply("--json", sample.delta).out)
    expect(told["commit"] == sample.second and told["objects-made"] == 6, told)
    sample.expect_applied()
    again = json.loads(sample.apply("--json", sample.delta / "superblock").out)
    expect(again["was-complete"] and again["objects-made"] == 0, again)
    silent = sample.apply(sample.delta, client=sample.new_client("other", "archive"))
    expect((silent.status, silent.out, silent.err) == (0, "", ""), silent)
    sample.expect_applied(work / "other")


def the_first_commit_must_be_there(xylem, work):
    sample = Sample(xylem, work)
    empty = work / "empty"
    run_ok("ostree", "init", f"--repo={empty}", "--mode=bare-user")
    done = sample.apply(sample.delta, client=empty)
    expect(done.status == 3, done)
    expect(f"error: Commit {sample.first}, which is the delta source, is not in repository"
           in done.err, done)
    (sample.client / "state" / f"{sample.first}.commitpartial").write_text("")
    done = sample.apply(sample.delta)
    expect(done.status == 3 and "lacks objects" in done.err, done)


def a_lost_object_of_the_first_commit_is_named(xylem, work):
    sample = Sample(xylem, work)
    checksum = text_of("ostree", "ls", "-C", f"--repo={sample.source}", sample.first,
                       "/file1").split()[4]
    (sample.client / "objects" / checksum[:2] / f"{checksum[2:]}.file").unlink()
    done = sample.apply(sample.delta)
    expect(done.status == 3 and checksum in done.err, done)
    expect("Executing delta part 0" in done.err, done)


def damaged_parts_do_no_harm(xylem, work):
    sample = Sample(xylem, work)
    part = sample.delta / "0"
    good = part.read_bytes()
    for at in (0, 1, 100, len(good) // 2, len(good) - 1):
        bad = bytearray(good)
        bad[at] ^= 1
        part.write_bytes(bad)
        done = sample.apply(sample.delta)
        expect(done.status in (7, 12) and "error: Executing delta part 0" in done.err, at, done)
        sample.expect_not_applied()
    for bad in (b"", good[:-1], good + b"x", good[:1]):
        part.write_bytes(bad)
        expect(sample.apply(sample.delta).status == 7, len(bad))
        sample.expect_not_applied()
    part.unlink()
    done = sample.apply(sample.delta)
    expect(done.status == 3 and "Part 0 of the delta is not in" in done.err, done)
    part.write_bytes(good)
    expect(sample.apply(sample.delta).status == 0)
    sample.expect_applied()


def damaged_superblocks_do_no_harm(xylem, work):
    sample = Sample(xylem, work)
    path = sample.delta / "superblock"
    good = path.read_bytes()
    for at in range(0, len(good), 7):
        bad = bytearray(good)
        bad[at] ^= 0x81
        path.write_bytes(bad)
        done = sample.apply(sample.delta)
        # What it says beside the commit and its parts may be anything.
        expect(done.status in (0, 3, 7, 12), at, done)
        if done.status != 0:
            sample.expect_not_applied()
            continue
        sample.expect_applied()
        shutil.rmtree(sample.client)
        sample.new_client()
    for bad in (b"", good[:100], b"\0" * 500):
        path.write_bytes(bad)
        expect(sample.apply(sample.delta).status == 7, len(bad))


def objects_that_are_left_out_must_be_there(xylem, work):
    sample = Sample(xylem, work, size=1_100_000, files=1)
    run_ok(xylem, "static-delta", "generate", f"--repo={sample.source}", "--min-fallback-size=1",
           f"--filename={sample.delta}", "main")
    done = sample.apply(sample.delta)
    expect(done.status == 3, done)
    expect("Cannot execute delta offline: contains nonempty http fallback entries" in done.err, done)
    sample.expect_not_applied()
    # Another commit brings it.
    run_ok("ostree", "commit", f"--repo={sample.source}", "-b", "other", "--orphan",
           f"--tree=ref={sample.second}")
    run_ok("ostree", "pull-local", f"--repo={sample.client}", sample.source, "other")
    expect(sample.apply(sample.delta).status == 0)
    sample.expect_applied()


def killed_at_any_moment(xylem, work):
    sample = Sample(xylem, work, "--max-chunk-size=0", size=500_000, files=6)
    begin = time.monotonic()
    expect(sample.apply(sample.delta).status == 0)
    whole = time.monotonic() - begin
    for step in range(16):
        shutil.rmtree(sample.client)
        sample.new_client()
        process = subprocess.Popen([xylem, "static-delta", "apply-offline",
                                    f"--repo={sample.client}", sample.delta], env=ENVIRONMENT)
        time.sleep(whole * step / 14)
        process.kill()
        process.wait()
        run_ok("ostree", "fsck", "-q", f"--repo={sample.client}")
        expect(sample.apply(sample.delta).status == 0)
        sample.expect_applied()


def keys_that_are_named_must_have_signed(xylem, work):
    secret, public = make_key("ed25519", work, "one")
    other = make_key("ed25519", work, "other")[1]
    sample = Sample(xylem, work, f"--sign={secret}")
    bad = sample.apply(sample.delta, other)
    expect(bad.status == 8, bad)
    sample.expect_not_applied()
    expect(sample.apply(sample.delta, other, public).status == 0)
    sample.expect_applied()
    unsigned = work / "unsigned"
    run_ok(xylem, "static-delta", "generate", f"--repo={sample.source}", f"--filename={unsigned}",
           "--inline", "main")
    done = sample.apply(unsigned, public, client=sample.new_client("other"))
    expect(done.status == 8 and "no signatures in static-delta" in done.err, done)


def the_repository_can_demand_signatures(xylem, work):
    secret, public = make_key("ed25519", work, "one")
    sample = Sample(xylem, work, f"--sign={secret}")
    run_ok("ostree", "config", f"--repo={sample.client}", "set", "core.sign-verify-deltas", "true")
    done = sample.apply(sample.delta)
    expect(done.status == 8, done)
    expect("error: Key is mandatory to check delta signature" in done.err, done)
    sample.expect_not_applied()
    run_ok(xylem, "static-delta", "generate", f"--repo={sample.source}",
           f"--filename={work}/unsigned", "--inline", "main")
    expect(sample.apply(work / "unsigned", public).status == 8)
    expect(sample.apply(sample.delta, public).status == 0)
    sample.expect_applied()


def keys_of_a_directory(xylem, work):
    secret, public = make_key("ed25519", work, "one")
    sample = Sample(xylem, work, f"--sign={secret}")
    keys = work / "keys"
    keys.mkdir()
    (keys / "trusted.ed25519").write_text(public + "\n")
    (keys / "revoked.ed25519").write_text(public + "\n")
    expect(sample.apply(f"--keys-dir={keys}", sample.delta).status == 8)
    (keys / "revoked.ed25519").unlink()
    expect(sample.apply(f"--keys-dir={keys}", sample.delta).status == 0)
    sample.expect_applied()


main(applies_and_says_what, the_first_commit_must_be_there,
     a_lost_object_of_the_first_commit_is_named, damaged_parts_do_no_harm,
     damaged_superblocks_do_no_harm, objects_that_are_left_out_must_be_there, killed_at_any_moment,
     keys_that_are_named_must_have_signed, the_repository_can_demand_signatures,
     keys_of_a_directory)
