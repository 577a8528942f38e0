#!/usr/bin/env python3
"""Bad objects, planted wherever a pull takes objects from: none may get in unless --trusted says so.

    test_planted.py XYLEM

Each kind of object in each place: a repository on this machine and its parent, a local cache and its
parent, partial and whole downloads of an earlier pull, staging directories of this boot and of another
one, whether their user is dead, lives, or claims to have checked what is in them.
"""

import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, new_repo, nginx, remove_tree, run_ok, text_of  # noqa: E402

REF = "os/test"
CORRUPT = 7
BOOT = "11111111-2222-3333-4444-555555555555"
F_OFD_SETLK = 37
STRANGER = 65534  # The user "nobody".


def lock(path):
    """An exclusive lock as libostree takes it; held until the file is closed."""
    file = open(path, "w")
    fcntl.fcntl(file, F_OFD_SETLK, struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
    return file


class World:
    def __init__(self, xylem, work):
        self.xylem, self.work = xylem, work
        self.good = {mode: self.make_repo(f"good-{mode}", mode, b"good\n" * 20_000, 0o755)
                     for mode in ("archive", "bare-user")}
        self.evil = {mode: self.make_repo(f"evil-{mode}", mode, b"evil\n" * 20_000, 0o700)
                     for mode in ("archive", "bare-user")}

    def make_repo(self, name, mode, content, dir_mode):
        tree = self.work / f"{name}.tree"
        (tree / "dir").mkdir(parents=True)
        (tree / "dir").chmod(dir_mode)
        (tree / "dir/data").write_bytes(content)
        repo = self.work / name
        run_ok("ostree", "init", "--repo", repo, "--mode", mode)
        run_ok("ostree", "commit", "--repo", repo, "-b", REF, f"--tree=dir={tree}", "--owner-uid=0",
               "--owner-gid=0", "--timestamp=2026-01-01 00:00:00 +0000")
        return repo

    def object_of(self, repo, kind):
        """The path below objects/ of the one object of this kind that matters."""
        mode = "archive" if "archive" in repo.name else "bare-user"
        if kind == "commit":
            checksum, end = text_of("ostree", "rev-parse", "--repo", repo, REF), "commit"
        else:
            line = text_of("ostree", "ls", "-C", "--repo", repo, REF,
                           "/dir/data" if kind == "file" else "-d", *([] if kind == "file" else ["/dir"]))
            checksums = [word for word in line.split() if len(word) == 64]
            checksum = checksums[{"file": 0, "dirtree": 0, "dirmeta": 1}[kind]]
            end = ("filez" if mode == "archive" else "file") if kind == "file" else kind
        return f"{checksum[:2]}/{checksum[2:]}.{end}"

    def plant(self, objects, mode, kind):
        """Puts the evil object below `objects`, under the name of the good one."""
        target = objects / self.object_of(self.good[mode], kind)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        source = self.evil[mode] / "objects" / self.object_of(self.evil[mode], kind)
        shutil.copy2(source, target)  # with attributes
        return target

    def poisoned(self, mode, kind, name):
        """The good repository, but for one object."""
        repo = self.work / name
        remove_tree(repo)
        shutil.copytree(self.good[mode], repo)
        self.plant(repo / "objects", mode, kind)
        return repo

    def behind(self, parent, mode, name):
        """A repository that has everything but what its parent has: nothing of its own but the ref."""
        repo = self.work / name
        remove_tree(repo)
        run_ok("ostree", "init", "--repo", repo, "--mode", mode)
        run_ok("ostree", "config", "--repo", repo, "set", "core.parent", parent)
        (repo / "refs/heads/os").mkdir()
        shutil.copy(self.good[mode] / "refs/heads" / REF, repo / "refs/heads" / REF)
        return repo

    def client(self, mode, url):
        return new_repo(self.xylem, self.work / "client", url, mode)

    def xylem_run(self, *words):
        return subprocess.run([str(self.xylem), *map(str, words)], capture_output=True, text=True,
                              timeout=60, env={**os.environ, "OSTREE_BOOTID": BOOT})

    def bad_objects(self, repo, mode):
        """Objects of the good repository that are different here."""
        bad = []
        for path in (repo / "objects").glob("*/*"):
            original = self.good[mode] / "objects" / path.relative_to(repo / "objects")
            if not original.exists() or original.read_bytes() != path.read_bytes():
                bad.append(str(path))
        return bad

    def expect_good(self, repo, mode, kind, done):
        expect(done.returncode == 0, kind, done)
        expect(not self.bad_objects(repo, mode), kind, self.bad_objects(repo, mode))
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        content = text_of("ostree", "cat", "--repo", repo, f"origin:{REF}", "/dir/data")
        expect(content.startswith("good"), kind, content)


def local_source(world, url, mode, kind):
    for name in ("source", "parent of the source"):
        bad = world.poisoned(mode, kind, "poisoned")
        source = bad if name == "source" else world.behind(bad, mode, "behind")
        repo = world.client(mode, url)
        done = world.xylem_run("pull-local", "--repo", repo, source, REF)
        expect(done.returncode == CORRUPT, name, kind, done)
        expect(not world.bad_objects(repo, mode), name, kind)
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        # It is not in staging either: the next pull goes well.
        world.expect_good(repo, mode, kind, world.xylem_run("pull", "--repo", repo, "origin", REF))


def cache(world, url, mode, kind):
    for name in ("cache", "parent of the cache"):
        bad = world.poisoned(mode, kind, "poisoned")
        source = bad if name == "cache" else world.behind(bad, mode, "behind")
        repo = world.client(mode, url)
        done = world.xylem_run("pull", "--repo", repo, "-L", source, "origin", REF)
        world.expect_good(repo, mode, kind, done)


def own_parent(world, url, mode, kind):
    """It is a part of the repository: fsck finds what is wrong with it, a pull copies nothing."""
    bad = world.poisoned(mode, kind, "poisoned")
    repo = world.client(mode, url)
    run_ok("ostree", "config", "--repo", repo, "set", "core.parent", bad)
    world.xylem_run("pull", "--repo", repo, "origin", REF)
    expect(not world.bad_objects(repo, mode), kind)
    expect(world.xylem_run("fsck", "--repo", bad).returncode != 0, kind)


def plant_download(world, repo, mode, whole, url):
    """What an earlier pull left in its download directory, with a record that fits the server's file."""
    name = world.object_of(world.good["archive"], "file")
    served = world.good["archive"] / "objects" / name
    evil = (world.evil["archive"] / "objects" / world.object_of(world.evil["archive"], "file"))
    downloads = repo / "tmp/fetch-PLANT1"
    downloads.mkdir()
    download = downloads / name.replace("/", "")
    if whole:
        shutil.copyfile(evil, download)
        return
    info = served.stat()
    download.with_name(download.name + ".part").write_bytes(evil.read_bytes()[:info.st_size // 2])
    download.with_name(download.name + ".json").write_text(json.dumps({
        "url": f"{url}/objects/{name}", "etag": f'"{int(info.st_mtime):x}-{info.st_size:x}"',
        "last_modified": "", "started": 1, "updated": 2, "total": info.st_size}))


def download(world, url, mode, kind):
    if kind != "file":
        return
    for whole in (False, True):
        repo = world.client(mode, url)
        plant_download(world, repo, mode, whole, url)
        done = world.xylem_run("pull", "--repo", repo, "origin", REF)
        world.expect_good(repo, mode, kind, done)
        expect(not list(repo.glob("tmp/fetch-*/*")), list(repo.glob("tmp/fetch-*/*")))


@contextlib.contextmanager
def staging(world, repo, mode, kind, boot=BOOT, alive=False, vouched=False, owner=None):
    """A staging directory of somebody, with an object that is a hard link to a file of theirs."""
    directory = repo / f"tmp/staging-{boot}-PLANT1"
    directory.mkdir()
    original = world.plant(world.work / "stock", mode, kind)
    name = directory / original.relative_to(world.work / "stock")
    name.parent.mkdir()
    os.link(original, name)
    held = []
    if alive:
        held.append(lock(f"{directory}-lock"))
    if vouched:
        held.append(lock(directory / "checked"))
    if owner is not None:
        for path in (directory, name.parent, name):
            os.chown(path, owner, owner)
    yield
    for file in held:
        file.close()


def staged(world, url, mode, kind):
    cases = {"a dead user of this boot": {}, "a living user": {"alive": True},
             "another boot": {"boot": "other-boot"},
             "a living user of another boot": {"boot": "other-boot", "alive": True},
             "a dead user who had vouched": {}}
    if os.geteuid() == 0:
        cases["a stranger who vouches"] = {"alive": True, "vouched": True, "owner": STRANGER}
    for name, how in cases.items():
        repo = world.client(mode, url)
        with staging(world, repo, mode, kind, **how):
            if "had vouched" in name:
                lock(repo / f"tmp/staging-{BOOT}-PLANT1/checked").close()
            done = world.xylem_run("pull", "--repo", repo, "origin", REF)
            expect(done.returncode == 0, name, kind, done)
            world.expect_good(repo, mode, kind, done)


def trusted(world, url, mode, kind):
    if kind != "file":
        return  # other metadata means other objects, which are not there
    bad = world.poisoned(mode, kind, "poisoned")
    repo = world.client(mode, url)
    done = world.xylem_run("pull-local", "--trusted", "--repo", repo, bad, REF)
    expect(done.returncode == 0 and len(world.bad_objects(repo, mode)) == 1, done)
    repo = world.client(mode, url)
    done = world.xylem_run("pull", "--trusted", "--repo", repo, "-L", bad, "origin", REF)
    expect(done.returncode == 0 and len(world.bad_objects(repo, mode)) == 1, done)
    expect(world.xylem_run("fsck", "--repo", repo).returncode != 0)
    # --untrusted has the last word.
    repo = world.client(mode, url)
    done = world.xylem_run("pull-local", "--trusted", "--untrusted", "--repo", repo, bad, REF)
    expect(done.returncode == CORRUPT and not world.bad_objects(repo, mode), done)


def main():
    xylem = pathlib.Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory(prefix="xylem-planted-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        work.chmod(0o755)
        world = World(xylem, work)
        with nginx(work / "nginx", world.good["archive"]) as server:
            for place in (local_source, cache, own_parent, download, staged, trusted):
                for mode in ("archive", "bare-user"):
                    for kind in ("commit", "dirtree", "dirmeta", "file"):
                        place(world, server.url, mode, kind)
                print(f"ok: {place.__name__.replace('_', ' ')}", flush=True)


if __name__ == "__main__":
    main()
