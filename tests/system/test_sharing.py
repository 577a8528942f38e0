#!/usr/bin/env python3
"""Pulls of one repository at the same time share their work: every object is sent once.

    test_sharing.py XYLEM FAULT_SERVER [--pulls N]
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (  # noqa: E402
    commit_sample, expect_complete, finish, new_repo, nginx, run_ok, text_of,
)

REFS = [f"os/test{number}" for number in range(3)]
CANCELLED = 11
MODES = ["archive", "bare-user"]


RUNNING = []


class FaultServer:
    """Our server, with one fault."""

    def __init__(self, program, root, requests_file, fault):
        arguments = [program, root, "--requests-file", requests_file, "--fault", fault]
        self.requests_file = requests_file
        RUNNING.append(self)
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.url = "http://" + line.split("http://")[1].split()[0].rstrip("/")

    def stop(self):
        """Returns a line for each request: status and path."""
        self.process.terminate()
        self.process.wait()
        return self.requests_file.read_text().splitlines()


@contextlib.contextmanager
def stopping_servers():
    try:
        yield
    finally:
        for server in RUNNING:
            server.process.kill()


def slowly(path):
    """A fault: what is sent of this file takes longer than all else does."""
    return f"path=*{path.name} rate={path.stat().st_size // 60}"


def very_slowly(path):
    """… than any test does."""
    return f"path=*{path.name} rate={path.stat().st_size // 300}"


class Sharing:
    def __init__(self, xylem, fault_server, work):
        self.xylem, self.fault_server, self.work = xylem, fault_server, work
        self.source = work / "source"
        commit_sample(self.source, work / "tree", *REFS)

    def new_repo(self, url, mode):
        return new_repo(self.xylem, self.work / "repo", url, mode)

    def start(self, repo, *refs, **options):
        return subprocess.Popen([self.xylem, "pull", "--repo", repo, "origin", *map(str, refs)],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                **options)

    def expect_complete(self, repo, refs):
        expect_complete(repo, self.source, refs)

    def requests(self, server, before=0):
        """How often each tree and file was asked for."""
        paths = (line.split('"')[1].split()[1] for line in server.requests()[before:])
        return collections.Counter(path for path in paths
                                   if path.endswith((".filez", ".dirtree", ".dirmeta")))

    def at_once(self, server, mode, count):
        """Overlapping refs, in different orders."""
        repo = self.new_repo(server.url, mode)
        before = len(server.requests())
        finish([self.start(repo, *(REFS[(first + n) % len(REFS)] for n in range(2)))
               for first in range(count)])
        self.expect_complete(repo, REFS)
        twice = {path: n for path, n in self.requests(server, before).items() if n > 1}
        assert not twice, twice
        print(f"ok: {count} pulls at once into {mode}: every object was asked for once",
              flush=True)

    def beside_ostree(self, server, mode):
        """The real `ostree` knows nothing of claims, and is no worse off."""
        repo = self.new_repo(server.url, mode)
        pulls = [self.start(repo, REFS[0]), self.start(repo, REFS[1])]
        theirs = subprocess.Popen(["ostree", "pull", "--repo", repo, "origin", REFS[0]],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        finish([*pulls, theirs])
        self.expect_complete(repo, REFS[:2])
        print(f"ok: beside a pull by ostree into {mode}", flush=True)

    def large_object(self):
        """The name of the file that is largest on the wire."""
        return max(self.source.glob("objects/*/*.filez"), key=lambda path: path.stat().st_size)

    def slow_server(self, fault):
        return FaultServer(self.fault_server, self.source, self.work / "requests", fault)

    def begin_slowly(self, mode):
        """A pull that will not end, in the middle of a large object; others get it at once."""
        large = self.large_object()
        server = self.slow_server(f"{very_slowly(large)} count=1")
        repo = self.new_repo(server.url, mode)
        first = self.start(repo, REFS[0])
        part = self.wait_for_part(repo, large.stat().st_size // 100)
        return large, server, repo, first, part

    def taken_over(self, mode):
        """Who fetches a large object dies; another one, which has joined it, goes on there."""
        large, server, repo, first, part = self.begin_slowly(mode)
        second = self.start(repo, "--verbose", REFS[0])
        waiting = f"Waiting for the pull that fetches {large.parent.name}{large.stem}"
        assert any(waiting in line for line in second.stderr)
        had = part.stat().st_size
        first.kill()
        first.communicate()
        finish([second])
        self.expect_complete(repo, REFS[:1])
        statuses = [line.split()[0] for line in server.stop() if large.name in line]
        assert statuses == ["200", "206"], statuses
        print(f"ok: a download of {large.stat().st_size} bytes into {mode} was taken over at "
              f"{had} when its owner was killed", flush=True)

    def waiting_ones(self, mode):
        """One pull works on a commit; when it dies, those who waited for it go on."""
        large, server, repo, first, part = self.begin_slowly(mode)
        self.wait_until_only_waiting(first, repo, part)
        late = [self.start(repo, REFS[0]) for _ in range(3)]
        for pull in late:
            self.wait_until_listed(pull, repo)
        first.kill()
        first.communicate()
        finish(late)
        self.expect_complete(repo, REFS[:1])
        statuses = [line.split()[0] for line in server.stop() if large.name in line]
        assert statuses == ["200", "206"], statuses
        print(f"ok: pulls into {mode} that waited for another one go on when it is killed",
              flush=True)

    def held_back(self, server, mode):
        """Nobody waits for a pull with a limited rate."""
        repo = self.new_repo(server.url, mode)
        slow = self.start(repo, "--limit-rate", self.large_object().stat().st_size // 1000, REFS[0])
        self.wait_until_listed(slow, repo)
        finish([self.start(repo, REFS[0]) for _ in range(2)])
        slow.kill()
        slow.communicate()
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        assert text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REFS[0]}")
        print(f"ok: pulls into {mode} overtake one with a limited rate", flush=True)

    def wait_until_listed(self, pull, repo):
        for _ in range(1200):
            if pull.pid in [entry.get("pid") for entry in self.transfers(repo)]:
                return
            time.sleep(0.05)
        raise AssertionError(f"process {pull.pid} does not pull")

    def wait_for_part(self, repo, size):
        for _ in range(12000):
            for part in repo.glob("tmp/fetch-*/*.part"):
                if part.stat().st_size >= size:
                    return part
            time.sleep(0.01)
        raise AssertionError("the large object is not being downloaded")

    def wait_until_only_waiting(self, pull, repo, part):
        """Until the pull is at work and all else is staged: then the staging directories stop
        changing."""
        for _ in range(500):
            at_work = pull.pid in [entry.get("pid") for entry in self.transfers(repo)]
            staged = len(list(repo.glob("tmp/staging-*/*/*")))
            time.sleep(0.3)
            if at_work and staged > 300 and len(list(repo.glob("tmp/staging-*/*/*"))) == staged:
                break
        assert pull.poll() is None and part.exists()

    def wait_until_active(self, repo, pid, name):
        """A process that died may have left the same download: the owner tells them apart."""
        for _ in range(600):
            owners = [entry.get("pid") for entry in self.transfers(repo) if entry["name"] == name]
            if owners == [pid]:
                return
            time.sleep(0.1)
        raise AssertionError(f"process {pid} does not download {name}")

    def transfers(self, repo):
        return json.loads(text_of(self.xylem, "transfers", "--repo", repo, "--json"))["transfers"]

    def listed_and_aborted(self, mode):
        """What is under way is seen from outside, and can be ended from there."""
        large = self.large_object()
        server = self.slow_server(slowly(large))
        repo = self.new_repo(server.url, mode)
        assert text_of(self.xylem, "transfers", "--repo", repo) == "No transfers"
        pull = self.start(repo, REFS[0])
        part = self.wait_for_part(repo, 1)
        whole, download = self.transfers(repo)
        assert whole["kind"] == "pull" and whole["refs"] == [REFS[0]], whole
        assert whole["pid"] == pull.pid and whole["state"] == "active", whole
        assert download["name"] == part.name.removesuffix(".part"), download
        assert 0 < download["bytes"] < download["total"] == large.stat().st_size, download

        pull.kill()
        pull.communicate()
        assert {entry["state"] for entry in self.transfers(repo)} == {"stale"}
        pull = self.start(repo, REFS[0])
        self.wait_until_active(repo, pull.pid, download["name"])
        run_ok(self.xylem, "transfers", "--repo", repo, "abort", download["name"])
        _, errors = pull.communicate(timeout=120)
        assert pull.returncode == CANCELLED and "aborted" in errors, (pull.returncode, errors)
        assert all(entry["kind"] == "pull" for entry in self.transfers(repo))
        assert not list(repo.glob("tmp/fetch-*/*.part"))
        server.stop()
        print(f"ok: a download into {mode} is listed, survives its owner, and is aborted",
              flush=True)

    def resumed(self, server, mode, boot):
        """Killed, and the machine perhaps started again: nothing is fetched twice."""
        repo = self.new_repo(server.url, mode)
        large = self.large_object()
        slow = self.slow_server(slowly(large))
        pull = self.start(repo, "--url", slow.url, REFS[0],
                          env={**os.environ, "OSTREE_BOOTID": "before"})
        part = self.wait_for_part(repo, large.stat().st_size // 30)
        self.wait_until_only_waiting(pull, repo, part)
        staged = {path.parent.name + path.name for path in repo.glob("tmp/staging-*/*/*.*")}
        pull.kill()
        pull.communicate()
        slow.stop()
        before = len(server.requests())
        after = self.start(repo, REFS[0], env={**os.environ, "OSTREE_BOOTID": boot})
        finish([after])
        self.expect_complete(repo, REFS[:1])
        again = [path for path in self.requests(server, before)
                 if (pathlib.Path(path).parent.name + pathlib.Path(path).stem + "." +
                     {".filez": "filez" if mode == "archive" else "file"}.get(
                         pathlib.Path(path).suffix, pathlib.Path(path).suffix[1:])) in staged]
        assert not again, again
        what = "in the same boot" if boot == "before" else "after a reboot"
        print(f"ok: killed and resumed {what} into {mode}: {len(staged)} objects were not fetched "
              "again", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xylem", type=pathlib.Path)
    parser.add_argument("fault_server", type=pathlib.Path)
    parser.add_argument("--pulls", type=int, default=6)
    arguments = parser.parse_args()
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="xylem-sharing-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        work.chmod(0o755)
        test = Sharing(arguments.xylem.absolute(), arguments.fault_server.absolute(), work)
        with nginx(work / "nginx", test.source) as server, stopping_servers():
            for mode in MODES:
                test.at_once(server, mode, arguments.pulls)
                test.beside_ostree(server, mode)
                test.taken_over(mode)
                test.waiting_ones(mode)
                test.held_back(server, mode)
                test.resumed(server, mode, "before")
                test.resumed(server, mode, "after")
            test.listed_and_aborted("bare-user")


if __name__ == "__main__":
    main()
