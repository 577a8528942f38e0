#!/usr/bin/env python3
"""Deltas that we generate, applied by the real `ostree`, offline and in a pull, and by us; and the
other way round. Random pairs of trees, and every way to generate."""

import os
import pathlib
import random
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))
from harness import expect, main, nginx, run, run_ok, text_of  # noqa: E402

MODES = ("archive", "bare", "bare-user")
WAYS = ([], ["--inline"], ["--disable-bsdiff"], ["--swap-endianness"], ["--max-chunk-size=0"],
        ["--min-fallback-size=0", "--max-bsdiff-size=0"], ["--for-memory=16M"])


class Tree:
    """Files of all kinds, and a next version of them. The same seed gives the same ones."""

    def __init__(self, path, seed):
        self.path = path
        self.random = random.Random(seed)
        path.mkdir()
        for number in range(self.random.randrange(5, 30)):
            self.add(f"file{number}")

    def pick(self):
        files = [path for path in self.path.rglob("*") if path.is_file() and not path.is_symlink()]
        return self.random.choice(sorted(files)) if files else None

    def noise(self, size):
        return self.random.randbytes(size)

    def content(self):
        size = self.random.choice([0, 1, 20, 700, 5_000, 60_000, 300_000])
        kind = self.random.randrange(4)
        if kind == 0:
            return self.noise(size)
        if kind == 1:
            return b"".join(f"line {self.random.randrange(50)}\n".encode()
                            for _ in range(size // 8))
        if kind == 2:
            return b"\0" * size
        return (self.noise(200) * (size // 200 + 1))[:size]

    def add(self, name):
        directory = self.path / self.random.choice(["", "usr", "usr/lib", "etc/deep/er"])
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / name
        if self.random.randrange(8) == 0:
            path.symlink_to(self.random.choice(["there", "/no/where", "../x"]))
            return
        path.write_bytes(self.content())
        path.chmod(self.random.choice([0o644, 0o600, 0o755, 0o4755, 0o444]))
        if self.random.randrange(5) == 0:
            os.setxattr(path, "user.note", self.noise(9))

    def change(self):
        for number in range(self.random.randrange(1, 25)):
            path = self.pick()
            if path is None:
                self.add(f"new{number}")
                continue
            self.change_file(path, number)

    def change_file(self, path, number):
        content = path.read_bytes()
        at = self.random.randrange(len(content) + 1)
        kind = self.random.randrange(9)
        if kind == 0:
            path.unlink()
        elif kind == 1:
            path.rename(path.with_name(f"{path.name}.{number}"))
        elif kind == 2:
            self.write(path, content[:at] + self.noise(30) + content[at:])
        elif kind == 3:
            self.write(path, content[:at])
        elif kind == 4:
            cut = sorted(self.random.sample(range(len(content) + 3), 2))
            self.write(path, content[cut[0]:] + content[:cut[1]])
        elif kind == 5:
            changed = bytearray(content)
            for spot in range(0, len(changed), 97):
                changed[spot] ^= 1
            self.write(path, bytes(changed))
        elif kind == 6:
            path.chmod(path.stat().st_mode ^ 0o11)
        elif kind == 7:
            self.write(path, content + b"\0" * 200_000 + content)
        else:
            self.add(f"new{number}")

    @staticmethod
    def write(path, content):
        mode = path.stat().st_mode
        path.unlink()
        path.write_bytes(content)
        path.chmod(mode)


class Pair:
    """An archive or bare repository with two versions of a random tree on `main`."""

    def __init__(self, work, seed, mode="archive"):
        self.path = work / "source"
        self.repo = f"--repo={self.path}"
        run_ok("ostree", "init", self.repo, f"--mode={mode}")
        run_ok("ostree", "config", self.repo, "set", "core.fsync", "false")
        tree = Tree(work / "tree", seed)
        self.first = self.commit(tree)
        tree.change()
        self.second = self.commit(tree)
        self.id = f"{self.first}-{self.second}"

    def commit(self, tree):
        return text_of("ostree", "commit", self.repo, "-b", "main", f"--tree=dir={tree.path}")

    def directory(self):
        return next(path for path in (self.path / "deltas").glob("*/*") if "-" in path.name)

    def client(self, work, mode, *revs):
        """A new repository with these commits."""
        client = work / "client"
        shutil.rmtree(client, ignore_errors=True)
        run_ok("ostree", "init", f"--repo={client}", f"--mode={mode}")
        run_ok("ostree", "config", f"--repo={client}", "set", "core.fsync", "false")
        for rev in revs:
            run_ok("ostree", "pull-local", f"--repo={client}", self.path, rev)
        return client


def expect_sound(xylem, repo, pair):
    """Both programs find nothing wrong, and the tree is the one that was committed."""
    run_ok("ostree", "fsck", "-q", f"--repo={repo}")
    run_ok(xylem, "fsck", "-q", f"--repo={repo}")
    listing = [text_of("ostree", "ls", "-R", "-C", "-X", f"--repo={path}", pair.second)
               for path in (repo, pair.path)]
    expect(listing[0] == listing[1], "the trees differ")
    expect(not list((repo / "state").glob("*")), "a marker is left")


def generate(program, pair, *ways):
    shutil.rmtree(pair.path / "deltas", ignore_errors=True)
    run_ok(program, "static-delta", "generate", pair.repo, *ways, "main")


def every_way_is_applied_offline(xylem, work):
    pair = Pair(work, 1)
    for way in WAYS:
        generate(xylem, pair, *way)
        for mode in ("bare", "bare-user"):
            for program in ("ostree", xylem):
                client = pair.client(work, mode, pair.first)
                run_ok(program, "static-delta", "apply-offline", f"--repo={client}",
                       pair.directory())
                expect_sound(xylem, client, pair)


def random_pairs_are_applied(xylem, work):
    """Made by us, applied by the peer."""
    for seed in range(int(os.environ.get("XYLEM_TREE_PAIRS", "12"))):
        place = work / str(seed)
        place.mkdir()
        pair = Pair(place, seed, MODES[seed % 3])
        generate(xylem, pair, *WAYS[seed % len(WAYS)], "--min-fallback-size=0")
        program = ("ostree", xylem)[seed % 2]
        client = pair.client(place, MODES[1 + seed % 2], pair.first)
        run_ok(program, "static-delta", "apply-offline", f"--repo={client}", pair.directory())
        expect_sound(xylem, client, pair)
        shutil.rmtree(place)


def ostrees_deltas_are_applied(xylem, work):
    for seed in range(4):
        place = work / str(seed)
        place.mkdir()
        pair = Pair(place, 100 + seed)
        generate("ostree", pair, *WAYS[seed % 4], "--min-fallback-size=0")
        for mode in MODES:
            client = pair.client(place, mode, pair.first)
            run_ok(xylem, "static-delta", "apply-offline", f"--repo={client}", pair.directory())
            expect_sound(xylem, client, pair)


def from_nothing_into_every_mode(xylem, work):
    pair = Pair(work, 7)
    run_ok(xylem, "static-delta", "generate", pair.repo, "--empty", "--inline",
           f"--filename={work}/all", "--min-fallback-size=0", "main")
    for mode in MODES:
        for program in ("ostree", xylem):
            client = pair.client(work, mode)
            run_ok(program, "static-delta", "apply-offline", f"--repo={client}", work / "all")
            expect_sound(xylem, client, pair)


def ostree_pulls_ours(xylem, work):
    """The commit is known before, as the peer would fetch all objects loose beside the delta."""
    pair = Pair(work, 3)
    for way in WAYS:
        generate(xylem, pair, *way)
        run_ok("ostree", "summary", pair.repo, "-u")
        for mode in ("bare", "bare-user"):
            pull(xylem, work, pair, mode)


def pull(xylem, work, pair, mode):
    client = pair.client(work, mode, pair.first)
    server_files = work / "nginx"
    shutil.rmtree(server_files, ignore_errors=True)
    with nginx(server_files, pair.path) as server:
        run_ok("ostree", "remote", "add", "--no-gpg-verify", f"--repo={client}", "origin",
               server.url)
        run_ok("ostree", "pull", f"--repo={client}", "--commit-metadata-only",
               "--disable-static-deltas", "origin", pair.second)
        done = run_ok("ostree", "pull", f"--repo={client}", "--require-static-deltas", "origin",
                      "main")
    expect("delta parts" in done or "content" in done, done)
    expect_sound(xylem, client, pair)


def pull_local_takes_ours(xylem, work):
    pair = Pair(work, 4)
    generate(xylem, pair)
    run_ok("ostree", "summary", pair.repo, "-u")
    client = pair.client(work, "bare-user", pair.first)
    run_ok("ostree", "pull-local", "--require-static-deltas", f"--repo={client}", pair.path, "main")
    expect_sound(xylem, client, pair)


def equal_trees_make_an_empty_part(xylem, work):
    pair = Pair(work, 5)
    same = text_of("ostree", "commit", pair.repo, "-b", "main", f"--tree=ref={pair.second}")
    run_ok(xylem, "static-delta", "generate", pair.repo, "main")
    shown = run_ok("ostree", "static-delta", "show", pair.repo, f"{pair.second}-{same}")
    expect("Number of parts: 1" in shown and "nobjects=0" in shown, shown)
    expect("Total Uncompressed Size: 0 (0 bytes)" in shown.replace("\u00a0", " "), shown)
    client = pair.client(work, "bare-user", pair.second)
    run_ok("ostree", "static-delta", "apply-offline", f"--repo={client}", pair.directory())
    run_ok("ostree", "ls", f"--repo={client}", same)


def the_peer_shows_ours_as_we_do(xylem, work):
    pair = Pair(work, 6)
    for way in ([], ["--swap-endianness"], ["--max-chunk-size=0"]):
        generate(xylem, pair, *way)
        shown = [run("ostree", "static-delta", "show", pair.repo, pair.id),
                 run(xylem, "static-delta", "show", pair.repo, pair.id)]
        expect(shown[0].status == 0 and shown[0].out == shown[1].out, shown)


main(every_way_is_applied_offline, random_pairs_are_applied, ostrees_deltas_are_applied,
     from_nothing_into_every_mode, ostree_pulls_ours, pull_local_takes_ours,
     equal_trees_make_an_empty_part, the_peer_shows_ours_as_we_do)
