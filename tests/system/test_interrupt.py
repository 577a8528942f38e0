#!/usr/bin/env python3
"""Interrupts pulls: by signal, by SIGKILL at random points, and by other pulls at the same time.

    test_interrupt.py XYLEM [--kills N] [--seed N]
"""

import argparse
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (  # noqa: E402
    commit_sample, expect_complete, finish, new_repo, nginx, run_ok, text_of,
)

REF = "os/test"
CANCELLED = 11


class Interrupt:
    def __init__(self, xylem, work):
        self.xylem, self.work = xylem, work
        self.source = work / "source"
        commit_sample(self.source, work / "tree", *(f"{REF}{n}" for n in range(3)))

    def new_repo(self, url, mode):
        return new_repo(self.xylem, self.work / "repo", url, mode)

    def start(self, repo, *refs, tool=None):
        return subprocess.Popen([str(tool or self.xylem), "pull", "--repo", str(repo), "origin",
                                 *refs], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def expect_complete(self, repo, *refs):
        expect_complete(repo, self.source, refs)

    def signals(self, server):
        """Ctrl-C ends a pull soon, says so, and the next one goes on."""
        repo = self.new_repo(server.url, "bare-user")
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            pull = self.start(repo, "--url", url, REF + "0")
            connection, _ = silent.accept()  # from now on it waits for an answer that never comes
            begin = time.monotonic()
            pull.send_signal(signal.SIGINT)
            _, errors = pull.communicate(timeout=120)
            waited = time.monotonic() - begin
            connection.close()
        assert pull.returncode == CANCELLED and "cancelled" in errors, (pull.returncode, errors)
        assert text_of(self.xylem, "pull", "--repo", repo, "origin", REF + "0")
        self.expect_complete(repo, REF + "0")
        print(f"ok: a signal ends a pull ({waited:.2f} s)", flush=True)

    def kill(self, server, mode, kills, dice):
        """Whatever the moment: the repository is in order, and the next pull goes on."""
        repo = self.new_repo(server.url, mode)
        begin = time.monotonic()
        run_ok(self.xylem, "pull", "--repo", repo, "origin", REF + "0")
        duration = time.monotonic() - begin
        repo = self.new_repo(server.url, mode)
        done = 0
        for _ in range(kills):
            pull = self.start(repo, REF + "0")
            time.sleep(dice.uniform(0, duration))
            pull.kill()
            pull.communicate()
            run_ok("ostree", "fsck", "-q", "--repo", repo)
            if text_of("ostree", "refs", "--repo", repo):
                run_ok(self.xylem, "pull", "--repo", repo, "origin", REF + "0")
                self.expect_complete(repo, REF + "0")
                done += 1
                repo = self.new_repo(server.url, mode)
        run_ok(self.xylem, "pull", "--repo", repo, "origin", REF + "0")
        self.expect_complete(repo, REF + "0")
        print(f"ok: {kills} kills of a pull into {mode}, {done} of them too late", flush=True)

    def parallel(self, server, mode):
        """Several pulls of overlapping refs at once, one of them by the real `ostree`."""
        repo = self.new_repo(server.url, mode)
        refs = [[REF + "0"], [REF + "0"], [REF + "1", REF + "2"], [REF + "2", REF + "0"]]
        pulls = [self.start(repo, *wanted) for wanted in refs]
        pulls.append(self.start(repo, REF + "1", tool="ostree"))
        finish(pulls)
        self.expect_complete(repo, *(f"{REF}{number}" for number in range(3)))
        print(f"ok: {len(pulls)} pulls at once into {mode}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xylem", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=12, help="in each mode")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    dice = random.Random(arguments.seed)
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="xylem-interrupt-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        work.chmod(0o755)
        test = Interrupt(arguments.xylem.absolute(), work)
        with nginx(work / "nginx", test.source) as server:
            test.signals(server)
            for mode in ("archive", "bare-user"):
                test.kill(server, mode, arguments.kills, dice)
                test.parallel(server, mode)


if __name__ == "__main__":
    main()
