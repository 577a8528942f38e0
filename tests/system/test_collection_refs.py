#!/usr/bin/env python3
"""Refs of collections: find-remotes and create-usb, side by side with those of `ostree`, and each reading
what the other wrote.

    test_collection_refs.py XYLEM

Volumes are file systems in files, mounted in a mount namespace of our own; without the right to do so
only that part is left out.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, nginx, run_ok, text_of  # noqa: E402
import signing  # noqa: E402

COLLECTION, OTHER = "org.example.Os", "org.example.Apps"
REF = "os/test"
PAIR = (COLLECTION, REF)


class World:
    def __init__(self, xylem, work):
        self.xylem, self.work = xylem, work
        self.gpg = signing.Gpg(work / "gpg")
        self.keyring = self.gpg.export(work / "keyring", "good")
        self.source = work / "source"
        run_ok("ostree", "init", "--repo", self.source, "--mode=archive",
               f"--collection-id={COLLECTION}")
        self.old = self.commit("old", "2026-01-01")
        self.count = 0

    def commit(self, content, day, key="good"):
        tree = self.work / "tree"
        tree.mkdir(exist_ok=True)
        (tree / "file").write_text(content)
        commit = text_of("ostree", "commit", "--repo", self.source, "-b", REF, f"--tree=dir={tree}",
                         f"--timestamp={day} 00:00:00 +0000", f"--gpg-sign={self.gpg.keys[key]}",
                         f"--gpg-homedir={self.gpg.home}")
        run_ok("ostree", "summary", "--repo", self.source, "-u")
        return commit

    def both(self):
        return (self.xylem, "ostree")

    def client(self, url, collection=COLLECTION, keys=True):
        """A repository with one remote; a new one each time."""
        self.count += 1
        repo = self.work / f"client{self.count}"
        run_ok("ostree", "init", "--repo", repo, "--mode=bare-user")
        words = [f"--gpg-import={self.keyring}"] if keys else []
        run_ok("ostree", "remote", "add", "--repo", repo, f"--collection-id={collection}", *words,
               "origin", url)
        return repo

    def stick(self, program, *words, refs=PAIR, source=None):
        """A directory with what create-usb puts on a volume."""
        self.count += 1
        volume = self.work / f"stick{self.count}"
        volume.mkdir()
        run_ok(program, "create-usb", "--repo", source or self.source, *words, volume, *refs)
        return volume


def attempt(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          timeout=60)


def tree_of(volume):
    """What lies on a volume: names, and the content of refs."""
    found = {}
    for path in volume.rglob("*"):
        name = str(path.relative_to(volume))
        if any(part in name for part in ("/tmp", "/objects/", ".lock", "/summary", "/config")):
            continue
        found[name] = (os.readlink(path) if path.is_symlink()
                       else path.read_text() if path.is_file() else None)
    return found


def create_usb_is_the_same(world, _url):
    for words in ((), ("--destination-repo=data/os",), ("--destination-repo=ostree/repo",),
                  (f"--commit={world.old}",)):
        ours, theirs = (world.stick(program, *words) for program in world.both())
        expect(tree_of(ours) == tree_of(theirs), words, tree_of(ours), tree_of(theirs))
        repos = [next(volume.rglob("config")).parent for volume in (ours, theirs)]
        objects = [sorted(str(p.relative_to(repo)) for p in repo.glob("objects/*/*"))
                   for repo in repos]
        expect(objects[0] == objects[1], words)
        listings = [text_of("ostree", "refs", "-c", "--repo", repo) for repo in repos]
        expect(listings[0] == listings[1] == f"({COLLECTION}, {REF})", listings)
        run_ok("ostree", "fsck", "-q", "--repo", repos[0])
    again = world.stick(world.xylem, "--destination-repo=data/os")
    run_ok(world.xylem, "create-usb", "--repo", world.source, "--destination-repo=data/os", again,
           *PAIR)
    expect(len(list((again / ".ostree/repos.d").iterdir())) == 1)


def sticks_are_read_by_the_other(world, _url):
    """Without a volume, too. A plain `ostree pull` does not look into other collections."""
    tip = text_of("ostree", "rev-parse", "--repo", world.source, REF)
    for writer in world.both():
        volume = world.stick(writer)
        repo = world.client(f"file://{volume}/.ostree/repo")
        run_ok(world.xylem, "pull", "--repo", repo, "origin", REF)
        expect(text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REF}") == tip, writer)
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        # What was pulled can be copied on, from a remote's refs.
        for further in (world.stick(program, source=repo) for program in world.both()):
            expect(tree_of(further) == tree_of(volume), tree_of(further))
        repo = world.client("http://127.0.0.1:1/")
        run_ok("ostree", "pull-local", "--untrusted", "--repo", repo, volume / ".ostree/repo", tip)
        run_ok("ostree", "fsck", "-q", "--repo", repo)


def create_usb_refuses(world, _url):
    volume = world.work / "refused"
    volume.mkdir()
    for words, message in (((volume,), "COLLECTION-ID REF"), ((volume, COLLECTION), "pair"),
                           ((volume, COLLECTION, REF, OTHER), "pairs"), ((), "MOUNT-PATH"),
                           ((volume, "nodots", REF), "collection"),
                           ((volume, COLLECTION, "os/none"), "os/none"),
                           ((volume, OTHER, REF), REF),
                           ((world.work, "--destination-repo=source", *PAIR), "source repository")):
        done = attempt(world.xylem, "create-usb", "--repo", world.source, *words)
        expect(done.returncode != 0 and message in done.stderr, words, done)
        expect(attempt("ostree", "create-usb", "--repo", world.source, *words).returncode != 0, words)


def same_results(world, repo, *words):
    ours, theirs = (text_of(program, "find-remotes", "--repo", repo, *words)
                    for program in world.both())
    expect(ours == theirs, words, ours, theirs)
    return ours


def find_remotes_in_the_configuration(world, url):
    repo = world.client(url)
    found = same_results(world, repo, "--finders=config", *PAIR)
    expect("1/1 refs were found" in found and "OstreeRepoFinderConfig" in found, found)
    same_results(world, repo, "--finders=config", *PAIR, COLLECTION, "os/none")
    for pair in ((OTHER, REF), (COLLECTION, "os/none")):
        expect(same_results(world, repo, "--finders=config", *pair) == "No results.")
    # A remote that cannot be reached does not stop the others.
    run_ok("ostree", "remote", "add", "--repo", repo, f"--collection-id={COLLECTION}", "gone",
           "http://127.0.0.1:1/")
    same_results(world, repo, "--finders=config", *PAIR)


def find_remotes_pulls(world, url):
    for words in ((), ("--mirror",)):
        listings = []
        for program in world.both():
            repo = world.client(url)
            done = text_of(program, "find-remotes", "--repo", repo, "--finders=config", "--pull",
                           *words, *PAIR)
            expect("Pulled 1/1 refs successfully." in done, done)
            run_ok("ostree", "fsck", "-q", "--repo", repo)
            listings.append({str(path.relative_to(repo)): path.read_text()
                             for path in (repo / "refs").rglob("*") if path.is_file()})
        expect(listings[0] == listings[1] and listings[0], words, listings)


def find_remotes_refuses(world, url):
    repo = world.client(url)
    for words, message in ((("--mirror", *PAIR), "--pull"), (("--finders=", *PAIR), "finder"),
                           (("--finders=config,config", *PAIR), "duplicate"),
                           (("--finders=here", *PAIR), "Unknown"), ((COLLECTION,), "pair")):
        done = attempt(world.xylem, "find-remotes", "--repo", repo, *words)
        expect(done.returncode != 0 and message in done.stderr, words, done)
        expect(attempt("ostree", "find-remotes", "--repo", repo, *words).returncode != 0, words)


class Volume:
    """A file system in a file, mounted where desktops mount sticks."""

    def __init__(self, world, name):
        self.path = pathlib.Path(f"/media/xylem-test-{os.getpid()}-{name}")
        self.image = world.work / f"{name}.image"

    def __enter__(self):
        with self.image.open("wb") as file:
            file.truncate(32 << 20)
        run_ok("mkfs.ext4", "-q", self.image)
        self.path.mkdir(parents=True)
        try:
            run_ok("mount", "-o", "loop", self.image, self.path)
        except AssertionError:
            self.path.rmdir()
            raise
        return self.path

    def __exit__(self, *_):
        run_ok("umount", self.path)
        self.path.rmdir()


def volumes(world, url):
    tip = text_of("ostree", "rev-parse", "--repo", world.source, REF)
    for writer in world.both():
        for words in ((), ("--destination-repo=data/os",)):
            with Volume(world, f"{pathlib.Path(writer).name}{len(words)}") as volume:
                run_ok(writer, "create-usb", "--repo", world.source, *words, volume, *PAIR)
                repo = world.client("http://127.0.0.1:1/")
                found = same_results(world, repo, "--finders=mount", *PAIR)
                expect("OstreeRepoFinderMount" in found and tip in found, found)
                # Without keys for the collection nothing on a volume counts.
                keyless = world.client(url, collection=OTHER)
                expect(same_results(world, keyless, "--finders=mount", *PAIR) == "No results.")
                for reader in world.both():
                    repo = world.client("http://127.0.0.1:1/")
                    run_ok(reader, "find-remotes", "--repo", repo, "--finders=mount", "--pull",
                           *PAIR)
                    expect(text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REF}") == tip)
                    run_ok("ostree", "fsck", "-q", "--repo", repo)


def the_newest_counts(world, url):
    with Volume(world, "newest") as volume:
        run_ok(world.xylem, "create-usb", "--repo", world.source, volume, *PAIR)
        tip = world.commit("newer", "2026-05-01")
        repo = world.client(url)
        found = same_results(world, repo, *PAIR)
        expect("FinderConfig" in found and "FinderMount" not in found and tip in found, found)


def an_unsigned_stick(world, url):
    """A volume may come from anybody: its commits must be signed, whatever the remote says."""
    world.commit("stranger's", "2026-06-01", key="stranger")
    with Volume(world, "stranger") as volume:
        run_ok(world.xylem, "create-usb", "--repo", world.source, volume, *PAIR)
        repo = world.client(url)
        run_ok("ostree", "config", "--repo", repo, "set", 'remote "origin".gpg-verify', "false")
        for program in world.both():
            done = attempt(program, "find-remotes", "--repo", repo, "--finders=mount", "--pull",
                           *PAIR)
            expect(done.returncode != 0, program, done)
            expect(not list((repo / "refs/remotes").rglob("test")), program)


def can_mount():
    if os.environ.get("XYLEM_TEST_NAMESPACE"):
        return subprocess.run(["mount", "--make-rprivate", "/"], check=False).returncode == 0
    return False


def enter_namespace():
    """Runs this again where mounts concern nobody else, if we may."""
    if os.environ.get("XYLEM_TEST_NAMESPACE") or os.geteuid() != 0:
        return
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode == 0:
        os.environ["XYLEM_TEST_NAMESPACE"] = "1"
        os.execvp("unshare", ["unshare", "-m", sys.executable, *sys.argv])


def has_loop_devices(world):
    try:
        with Volume(world, "probe"):
            return True
    except (AssertionError, OSError) as problem:
        print(f"skipped: volumes: {problem}", flush=True)
        return False


def main():
    enter_namespace()
    xylem = pathlib.Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory(prefix="xylem-collections-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        work.chmod(0o755)
        world = World(xylem, work)
        parts = [create_usb_is_the_same, sticks_are_read_by_the_other, create_usb_refuses,
                 find_remotes_in_the_configuration, find_remotes_pulls, find_remotes_refuses]
        if can_mount() and has_loop_devices(world):
            parts += [volumes, the_newest_counts, an_unsigned_stick]
        with nginx(work / "nginx", world.source) as server:
            for part in parts:
                part(world, server.url)
                print(f"ok: {part.__name__.replace('_', ' ')}", flush=True)
        world.gpg.close()


if __name__ == "__main__":
    main()
