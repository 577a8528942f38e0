#!/usr/bin/env python3
"""What a pull needs is known before content is fetched, and what cannot fit is not begun.

    test_space_plan.py XYLEM

Needs root, to mount small disks.
"""

import contextlib
import json
import os
import pathlib
import random
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import Skip, expect, main, new_repo, nginx, run, run_ok, text_of  # noqa: E402

REF = "os/test"
NO_SPACE = 9
MODE = "bare-user-only"
NOBODY = 65534
MIB = 1 << 20


@contextlib.contextmanager
def disk(path, size):
    if os.geteuid() != 0:
        raise Skip("only root can mount a small disk")
    path.mkdir(exist_ok=True)
    if run("mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", path).status != 0:
        raise Skip("mounting is not allowed here")
    try:
        yield
    finally:
        run_ok("umount", "-l", path)


def commit(source, tree, name, files, *options):
    """More files of half a MiB each that cannot be compressed."""
    dice = random.Random(name)
    (tree / name).mkdir(parents=True)
    for number in range(files):
        (tree / name / str(number)).write_bytes(dice.randbytes(MIB // 2))
    return text_of("ostree", "commit", "--repo", source, "-b", REF, f"--tree=dir={tree}",
                   "--canonical-permissions", "--no-xattrs", *options)


def make_source(work, *options, mode="archive", files=40, place=None):
    source = (place or work) / "source"
    run_ok("ostree", "init", "--repo", source, f"--mode={mode}")
    run_ok("ostree", "config", "--repo", source, "set", "core.min-free-space-percent", "0")
    return source, commit(source, work / "tree", "first", files, *options)


def make_client(xylem, repo, url, reserve="0"):
    new_repo(xylem, repo, url, MODE)
    run_ok(xylem, "config", "--repo", repo, "set", "core.min-free-space-percent", reserve)
    return repo


def asked_for(server, ending):
    return [line for line in server.requests() if ending in line]


def expect_no_room(done, *details):
    """With need, have, the file system, and what helps."""
    expect(done.status == NO_SPACE, done, *details)
    numbers = re.search(r"need (\d+) bytes .* and (\d+) may be used", done.err)
    expect(numbers and int(numbers[1]) > int(numbers[2]), done)
    for word in ("prune", "recover", "another file system"):
        expect(word in done.err, word, done)


def expect_nothing_of_it(repo):
    files = list(repo.glob("objects/*/*.file")) + list(repo.glob("tmp/staging-*/*/*.file"))
    expect(not files, "no content was stored", files[:3])


def by_sizes(xylem, work):
    """Nothing is asked for if it cannot fit; with room the same pull goes through."""
    source, _ = make_source(work, "--generate-sizes")
    with nginx(work / "nginx", source) as server:
        for size, reserve, fits in ((8, "0", False), (64, "90", False), (64, "0", True)):
            with disk(work / "disk", size):
                repo = make_client(xylem, work / "disk/repo", server.url, reserve)
                before = len(asked_for(server, ".filez"))
                done = run(xylem, "pull", "--repo", repo, "origin", REF)
                asked = len(asked_for(server, ".filez")) - before
                if fits:
                    expect(done.status == 0 and asked == 40, done)
                    continue
                expect_no_room(done, size, reserve)
                expect(asked == 0, "content was asked for")
                expect_nothing_of_it(repo)


def by_what_is_here(xylem, work):
    """Without sizes the objects that are here tell what the others weigh."""
    source, _ = make_source(work, files=20)
    with nginx(work / "nginx", source) as server, disk(work / "disk", 16):
        repo = make_client(xylem, work / "disk/repo", server.url)
        run_ok(xylem, "pull", "--repo", repo, "origin", REF)
        commit(source, work / "tree", "second", 80)
        before = len(asked_for(server, ".filez"))
        done = run(xylem, "pull", "--repo", repo, "origin", REF)
        expect_no_room(done)
        expect("estimated" in done.err, done)
        expect(len(asked_for(server, ".filez")) == before)
        run_ok("ostree", "fsck", "-q", "--repo", repo)


def of_deltas(xylem, work):
    """One that does not fit is told of, and no part of it is asked for."""
    source, _ = make_source(work, "--generate-sizes", files=2)
    commit(source, work / "tree", "second", 16, "--generate-sizes")
    run_ok("ostree", "static-delta", "generate", "--repo", source, "--min-fallback-size=0", REF)
    run_ok("ostree", "summary", "-u", "--repo", source)
    old = text_of("ostree", "rev-parse", "--repo", source, f"{REF}^")
    with nginx(work / "nginx", source) as server:
        for size, options, fits in ((4, [], False), (4, ["--require-static-deltas"], False),
                                    (64, [], True)):
            with disk(work / "disk", size):
                repo = make_client(xylem, work / "disk/repo", server.url)
                run_ok(xylem, "pull", "--repo", repo, "origin", f"{REF}@{old}")
                before = len(server.requests())
                done = run(xylem, "pull", "--repo", repo, "--progress=json", *options, "origin",
                           REF)
                asked = server.requests()[before:]
                parts = [line for line in asked if re.search(r"/deltas/.*/\d+ ", line)]
                codes = [event.get("code") for event in map(json.loads, done.out.splitlines())
                         if event["event"] == "message" and event["warning"]]
                expect((len(parts) > 0) == fits, size, options, parts, done)
                if fits:
                    expect(done.status == 0 and not codes, done)
                    continue
                expect(done.status == NO_SPACE and "need" in done.err, done)
                expect(codes == ([] if options else ["delta-unusable"]), codes, done)
                expect(not [line for line in asked if ".filez" in line], asked)
                run_ok("ostree", "fsck", "-q", "--repo", repo)


def of_links(xylem, work):
    """What is linked costs nothing; what another user could change is copied, and costs."""
    with disk(work / "disk", 32):
        source, _ = make_source(work, mode=MODE, place=work / "disk")
        objects = source / "objects"
        files = list(objects.glob("*/*.file"))
        # Whose the directory is says nothing of the files.
        os.chown(objects, NOBODY, NOBODY)
        repo = make_client(xylem, work / "disk/repo", f"file://{source}")
        run_ok(xylem, "pull", "--repo", repo, "origin", REF)
        expect(all(path.stat().st_nlink == 2 for path in files))
        run_ok("rm", "-r", repo)
        os.chown(objects, 0, 0)
        for path in files:
            os.chown(path, NOBODY, NOBODY)
        repo = make_client(xylem, work / "disk/repo", f"file://{source}")
        expect_no_room(run(xylem, "pull", "--repo", repo, "origin", REF))
        expect_nothing_of_it(repo)
        done = run(xylem, "pull-local", "--repo", repo, source, REF)
        expect_no_room(done)


def dry_runs(xylem, work):
    """Of any pull: by sizes, by a delta, by an estimate, from a directory."""
    source, first = make_source(work, "--generate-sizes", files=20)
    with nginx(work / "nginx", source) as server:
        repo = make_client(xylem, work / "repo", server.url)
        for url in (server.url, f"file://{source}"):
            plan = plan_of(xylem, repo, f"--url={url}")
            expect(plan["basis"] == "sizes" and plan["content_objects"] == 20, plan)
            expect(10 * MIB <= plan["bytes_on_disk"] < 12 * MIB, plan)
            expect(plan["bytes_available"] > 0, plan)
        run_ok(xylem, "pull", "--repo", repo, "origin", REF)
        commit(source, work / "tree", "second", 10)
        plan = plan_of(xylem, repo)
        expect(plan["basis"] == "estimate" and plan["content_objects"] == 10, plan)
        expect(4 * MIB <= plan["bytes_on_disk"] < 12 * MIB, plan)
        run_ok("ostree", "static-delta", "generate", "--repo", source, "--min-fallback-size=0",
               REF)
        run_ok("ostree", "summary", "-u", "--repo", source)
        plan = plan_of(xylem, repo, "--require-static-deltas")
        expect(plan["basis"] == "delta" and plan["bytes_on_disk"] >= 5 * MIB, plan)
        expect(text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REF}") == first)


def plan_of(xylem, repo, *options):
    out = run_ok(xylem, "pull", "--repo", repo, "--dry-run", "--progress=json", *options, "origin",
                 REF)
    return json.loads(out.splitlines()[-1])["plan"]


if __name__ == "__main__":
    main(by_sizes, by_what_is_here, of_deltas, of_links, dry_runs)
