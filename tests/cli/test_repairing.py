#!/usr/bin/env python3
"""`fsck --repair`: bad and missing objects come back from the remote, and nothing else is fetched."""

import contextlib
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, main, nginx, run, run_ok  # noqa: E402

CORRUPT = 7
MODES = ["archive", "bare", "bare-user", "bare-user-only"]


def make_source(work):
    source, tree = work / "source", work / "tree"
    for name in ("usr/bin", "usr/lib/deep", "etc"):
        (tree / name).mkdir(parents=True)
        for number in range(6):
            (tree / name / f"file{number}").write_text(f"{name} {number}\n" * 200)
    (tree / "usr/lib/link").symlink_to("deep")
    os.chmod(tree / "etc", 0o750)
    run_ok("ostree", "init", f"--repo={source}", "--mode=archive")
    for number in range(2):
        (tree / "etc/version").write_text(f"{number}\n")
        run_ok("ostree", "commit", f"--repo={source}", "-b", "os/main", f"--tree=dir={tree}",
               "--owner-uid=0", "--owner-gid=0", "--timestamp=2026-11-01T00:00:00Z")
    run_ok("ostree", "summary", f"--repo={source}", "-u")
    return source


class Client:
    """A repository that has pulled everything, with a checkout that shares its files."""

    def __init__(self, xylem, work, mode, url):
        self.xylem, self.path = xylem, work / f"client-{mode}"
        self.repo, self.checkout = f"--repo={self.path}", work / f"checkout-{mode}"
        run_ok(xylem, "init", self.repo, f"--mode={mode}")
        run_ok(xylem, "remote", "add", self.repo, "--no-gpg-verify", "origin", url)
        run_ok(xylem, "pull", self.repo, "--depth=-1", "origin", "os/main")
        user = ["-U"] if mode in ("archive", "bare-user") else []
        run_ok("ostree", "checkout", self.repo, *user, "origin:os/main", self.checkout)

    def objects(self, extension):
        return sorted(path for path in (self.path / "objects").rglob(f"*.{extension}")
                      if path.is_file() and not path.is_symlink())

    def some_of_each_type(self):
        """Two files, two dirtrees, a dirmeta and a commit: the older one."""
        head = run_ok("ostree", "rev-parse", self.repo, "origin:os/main").strip()
        older = [path for path in self.objects("commit")
                 if path.parent.name + path.stem != head]
        files = self.objects("filez") or self.objects("file")
        return files[:2] + self.objects("dirtree")[:2] + self.objects("dirmeta")[:1] + older

    def fsck(self, *words):
        return run(self.xylem, "fsck", self.repo, *words)

    def repair(self):
        """Repairs, and returns what is told."""
        done = self.fsck("--repair", "--json")
        expect(done.status == 0 and done.err == "", done)
        return json.loads(done.out)


def damage(path):
    """Changes one byte, in place: a hard-linked checkout is damaged with it."""
    content = path.read_bytes()
    path.chmod(0o644)
    with open(path, "r+b") as file:
        file.seek(len(content) // 2)
        file.write(bytes([content[len(content) // 2] ^ 0xFF]))


def name_of(path):
    return f"{path.parent.name}/{path.stem}"


@contextlib.contextmanager
def clients(xylem, work, modes):
    with nginx(work / "nginx", make_source(work)) as server:
        yield server, [Client(xylem, work, mode, server.url) for mode in modes]


def objects_requested(server, since):
    """Names of objects, without detached metadata, which is asked for on each pull."""
    lines = server.requests()[since:]
    paths = [line.split('"')[1].split()[1] for line in lines]
    return sorted(path.removeprefix("/objects/").rsplit(".", 1)[0] for path in paths
                  if path.startswith("/objects/") and not path.endswith(".commitmeta"))


def state_of(checkout):
    return {path.relative_to(checkout): (path.lstat().st_ino, path.lstat().st_mtime,
                                         path.read_bytes() if path.is_file() else b"")
            for path in pathlib.Path(checkout).rglob("*")}


def marked(client):
    return {path.stem: path.read_text() for path in (client.path / "state").iterdir()}


def corrupt_objects_come_back(xylem, work):
    with clients(xylem, work, MODES) as (server, all_clients):
        for client in all_clients:
            bad = client.some_of_each_type()
            for path in bad:
                damage(path)
            expect(run("ostree", "fsck", client.repo).status != 0)
            before, since = state_of(client.checkout), len(server.requests())
            told = client.repair()
            expect({name_of(path) for path in bad} ==
                   {name[:2] + "/" + name[2:].split(".")[0]
                    for name in (problem["object"] for problem in told["problems"])}, told)
            expect(objects_requested(server, since) == sorted(map(name_of, bad)), client.path,
                   objects_requested(server, since), sorted(map(name_of, bad)))
            expect(all(repair["repaired"] and repair["remote"] == "origin"
                       for repair in told["repairs"]), told)
            expect(told["remaining"] == [] and told["broken_commits"] == [], told)
            expect(state_of(client.checkout) == before, "the checkout was changed")
            expect(marked(client) == {}, marked(client))
            run_ok("ostree", "fsck", client.repo)
            expect(client.fsck("--repair").out.endswith("no errors found.\n"))


def missing_objects_come_back(xylem, work):
    with clients(xylem, work, MODES) as (server, all_clients):
        for client in all_clients:
            gone = client.some_of_each_type()
            for path in gone:
                path.unlink()
            since = len(server.requests())
            # Nothing names a parent that is not there.
            expected = sorted(name_of(path) for path in gone if path.suffix != ".commit")
            client.repair()
            expect(objects_requested(server, since) == expected, client.path,
                   objects_requested(server, since), expected)
            run_ok("ostree", "fsck", client.repo)


def a_commit_that_a_ref_needs_comes_back(xylem, work):
    with clients(xylem, work, ["archive"]) as (server, [client]):
        head = run_ok("ostree", "rev-parse", client.repo, "origin:os/main").strip()
        path = client.path / "objects" / head[:2] / f"{head[2:]}.commit"
        for spoil in (damage, pathlib.Path.unlink):
            spoil(path)
            since = len(server.requests())
            done = client.fsck("--repair")
            expect(done.status == 0 and f"Repaired commit {head} from origin" in done.out, done)
            expect(objects_requested(server, since) == [name_of(path)])
            run_ok("ostree", "fsck", client.repo)


def what_delete_marked_is_repaired_later(xylem, work):
    with clients(xylem, work, ["bare-user"]) as (_, [client]):
        damage(client.objects("file")[0])
        expect(client.fsck("--delete").status == CORRUPT)
        expect(set(marked(client).values()) == {"f"}, marked(client))
        expect(client.fsck().status == CORRUPT)
        expect(client.fsck("--json").status == CORRUPT)
        # The peer sees it the same way.
        theirs = run("ostree", "fsck", client.repo)
        expect("partial commits from fsck-detected corruption" in theirs.err, theirs)
        client.repair()
        run_ok("ostree", "fsck", client.repo)


def without_a_remote_that_has_it(xylem, work):
    with clients(xylem, work, ["bare-user"]) as (_, [client]):
        bad = client.objects("file")[0]
        for path in (work / "source/objects").rglob(f"{bad.stem}.filez"):
            path.unlink()
        damage(bad)
        for again in range(2):
            done = client.fsck("--repair")
            expect(done.status == CORRUPT and "error: " in done.err and "hint: " in done.err, done)
            expect("cannot be repaired, and stays partial" in done.out, again, done)
            expect(bad.parent.name + bad.stem in done.out, done)
            expect(set(marked(client).values()) == {"f"}, marked(client))
        told = json.loads(client.fsck("--repair", "--json").out)
        expect(told["repairs"][0]["failures"][0]["kind"] == "not-found", told)
        expect(set(told["broken_commits"]) == set(marked(client)), told)
        run_ok(xylem, "remote", "delete", client.repo, "origin")
        done = client.fsck("--repair")
        expect(done.status == CORRUPT and "No remote is configured" in done.out, done)


def another_remote_helps(xylem, work):
    with clients(xylem, work, ["archive"]) as (server, [client]):
        run_ok(xylem, "remote", "delete", client.repo, "origin")
        for name, url in (("a-broken-one", server.url + "/nowhere"), ("z-mirror", server.url)):
            run_ok(xylem, "remote", "add", client.repo, "--no-gpg-verify", name, url)
        client.objects("filez")[0].unlink()
        told = client.repair()
        # The other commits lack nothing by then.
        expect(told["repairs"][0]["remote"] == "z-mirror", told)
        run_ok("ostree", "fsck", client.repo)


def what_nobody_needs_just_goes(xylem, work):
    with clients(xylem, work, ["archive"]) as (server, [client]):
        tree = work / "more"
        tree.mkdir()
        (tree / "loose").write_text("not on the server\n")
        before = set(client.objects("filez"))
        run_ok("ostree", "commit", client.repo, "-b", "x", f"--tree=dir={tree}")
        loose, = set(client.objects("filez")) - before
        run_ok("ostree", "refs", client.repo, "--delete", "x")
        run_ok("ostree", "prune", client.repo, "--refs-only", "--commit-only")
        damage(loose)
        since = len(server.requests())
        client.repair()
        expect(not loose.exists() and objects_requested(server, since) == [])


main(corrupt_objects_come_back, missing_objects_come_back, a_commit_that_a_ref_needs_comes_back,
     what_delete_marked_is_repaired_later, without_a_remote_that_has_it, another_remote_helps,
     what_nobody_needs_just_goes)
