#!/usr/bin/env python3
"""Objects that another user owns, or can write to, get into no repository and no checkout of root.

    test_neighbours.py XYLEM FAULT_SERVER

Needs root: the other user is `nobody`.
"""

import os
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, run_ok  # noqa: E402
from two_users import EVIL, MODES, NOBODY, REF, as_nobody, expect_own, main, objects_of  # noqa: E402

CORRUPT, UNSUPPORTED = 7, 12


def foreign_objects_are_never_linked(world):
    for mode in MODES:
        ways = {
            "pull-local": lambda repo, source: world.run("pull-local", "--repo", repo, source, REF),
            "trusted": lambda repo, source: world.run("pull-local", "--trusted", "--repo", repo,
                                                      source, REF),
            "a file URL": lambda repo, source: world.run(
                "pull", "--repo", repo, "--url", f"file://{source}", "origin", REF),
            "a cache": lambda repo, source: world.run(
                "pull", "--repo", repo, "-L", source, "--url",
                f"file://{world.source[mode]}", "origin", REF),
        }
        for name, way in ways.items():
            source, repo = world.foreign(mode), world.new(mode)
            done = way(repo, source)
            expect(done.status == 0, mode, name, done)
            expect_own(repo, mode)
            world.rewrite(source)
            run_ok("ostree", "fsck", "-q", "--repo", repo)
            run_ok(world.xylem, "fsck", "-q", "--repo", repo)


def fsck_tells_of_foreign_objects(world):
    for mode in MODES:
        for change in ("owner", "everybody", "group"):
            repo = world.new(mode)
            run_ok(world.xylem, "pull-local", "--repo", repo, world.source[mode], REF)
            run_ok(world.xylem, "fsck", "-q", "--repo", repo)
            path = next(path for path in objects_of(repo) if path.suffix == ".dirtree")
            run_ok("cp", "-a", path, f"{path}.copy")
            run_ok("mv", f"{path}.copy", path)
            if change == "owner":
                os.chown(path, NOBODY, NOBODY)
            else:
                os.chown(path, 0, NOBODY)
                path.chmod(0o646 if change == "everybody" else 0o664)
            done = world.run("fsck", "--repo", repo)
            expect(done.status == CORRUPT and path.stem in done.err, mode, change, done)
            expect("can be changed" in done.err, done)
    repo = world.new("archive")
    (repo / "objects").chmod(0o777)
    done = world.run("fsck", "--repo", repo)
    expect(done.status == CORRUPT and "written by everybody" in done.err, done)
    # Shared on purpose, with a group: its members may own and write.
    run_ok(world.xylem, "pull-local", "--repo", repo, world.source["archive"], REF)
    for path in [repo / "objects", *(repo / "objects").rglob("*")]:
        os.chown(path, NOBODY if path.is_file() else 0, 1)
        path.chmod(0o2775 if path.is_dir() else 0o664)
    done = world.run("fsck", "--repo", repo)
    expect(done.status == 0, done)


def checkouts_link_only_what_is_ours(world):
    for mode in ("bare-user", "bare-user-only"):
        repo = world.new(mode)
        run_ok(world.xylem, "pull-local", "--repo", repo, world.source[mode], REF)
        files = [path for path in objects_of(repo) if path.suffix == ".file"
                 and not path.is_symlink() and path.stat().st_size > 100]
        for path in files:
            os.chown(path, NOBODY, NOBODY)
        target = world.work / "checkout"
        shutil.rmtree(target, ignore_errors=True)
        done = world.run("checkout", "-U", "-H", "--repo", repo, REF, target)
        expect(done.status == UNSUPPORTED and "another user" in done.err, done)
        shutil.rmtree(target, ignore_errors=True)
        run_ok(world.xylem, "checkout", "-U", "--repo", repo, REF, target)
        owners = {path.lstat().st_uid for path in target.rglob("*")}
        expect(owners == {0}, owners)
        # What he has changed by then does not get out.
        shutil.rmtree(target)
        path = files[0]
        as_nobody(lambda: path.chmod(0o644) or path.write_bytes(EVIL))
        done = world.run("checkout", "-U", "--repo", repo, REF, target)
        expect(done.status == CORRUPT and path.parent.name + path.stem in done.err, done)


if __name__ == "__main__":
    main(foreign_objects_are_never_linked, fsck_tells_of_foreign_objects,
         checkouts_link_only_what_is_ours)
