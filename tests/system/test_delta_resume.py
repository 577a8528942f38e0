#!/usr/bin/env python3
"""Parts of static deltas are downloads like others: resumed to the byte after a kill, after a reboot
too, and downloaded once however many pulls want them.

    test_delta_resume.py XYLEM FAULT_SERVER
"""

import json
import pathlib
import random
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from delta_site import REF, DeltaSite  # noqa: E402
from harness import ENVIRONMENT, expect, finish, main, run_ok  # noqa: E402
from test_sharing import FaultServer, stopping_servers  # noqa: E402

FAULT_SERVER = pathlib.Path(sys.argv[2]).absolute()
BIG = 6 << 20


class BigSite(DeltaSite):
    """The delta has one part of some megabytes."""

    def __init__(self, xylem, work):
        super().__init__(xylem, work)
        (self.tree / "lib/big").write_bytes(random.Random(3).randbytes(BIG))
        self.second = self.commit(plain=True)
        self.delta = self.generate(f"--from={self.first}")
        self.part = self.delta / "0"

    def serve(self, fault="path=*/none rate=1"):
        return FaultServer(FAULT_SERVER, self.source, self.work / "requests", fault)

    def start(self, repo, url, *options, boot=None):
        environment = ENVIRONMENT | ({"OSTREE_BOOTID": boot} if boot else {})
        return subprocess.Popen([self.xylem, "pull", "--repo", repo, "--url", url, *options,
                                 "origin", REF], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env=environment)


def wait_for_download(repo, size):
    """Until a part has so many bytes."""
    for _ in range(6000):
        for path in repo.glob("tmp/fetch-*/*.delta.part"):
            try:
                if path.stat().st_size >= size:
                    return path
            except FileNotFoundError:
                pass
        time.sleep(0.01)
    raise AssertionError("no part is downloaded")


def parts_asked_for(server):
    return [line for line in server.stop() if line.split()[1].endswith("/0")]


def resumed_after_kill(xylem, work):
    site = BigSite(xylem, work)
    with stopping_servers():
        for number, boot in enumerate((None, "another")):
            slow = site.serve(f"path=*/0 rate={BIG // 300}")
            repo = site.client(slow.url, name=f"client{number}")
            first = site.start(repo, slow.url, boot="first" if boot else None)
            part = wait_for_download(repo, BIG // 50)
            had = part.stat().st_size
            first.kill()
            first.communicate()
            slow.stop()
            run_ok("ostree", "fsck", "-q", "--repo", repo)
            fast = site.serve()
            second = site.start(repo, fast.url, "--progress=json", boot=boot)
            output, errors = second.communicate(timeout=120)
            expect(second.returncode == 0, output, errors)
            done = json.loads(output.splitlines()[-1])
            expect(done["bytes_resumed"] >= had, done, had)
            expect(done["delta_parts_fetched"] == 1, done)
            size = site.part.stat().st_size
            expect(done["bytes_transferred"] < size - had + 100_000, done, size, had)
            fast.stop()
            site.expect_second(repo)


def downloaded_once(xylem, work):
    """Several pulls at a time: the part is sent once, and all are well."""
    site = BigSite(xylem, work)
    with stopping_servers():
        server = site.serve(f"path=*/0 rate={BIG}")
        repo = site.client(server.url)
        finish([site.start(repo, server.url) for _ in range(6)])
        asked = parts_asked_for(server)
        expect(len(asked) == 1, asked)
        site.expect_second(repo)


def taken_over(xylem, work):
    """Who downloads a part is killed: one that waits goes on where that one was."""
    site = BigSite(xylem, work)
    with stopping_servers():
        server = site.serve(f"path=*/0 rate={BIG // 300} count=1")
        repo = site.client(server.url)
        first = site.start(repo, server.url)
        had = wait_for_download(repo, BIG // 50).stat().st_size
        second = site.start(repo, server.url, "--progress=json")
        time.sleep(0.5)  # It may be anywhere: either it waits, or it begins after the kill.
        first.kill()
        first.communicate()
        output, errors = second.communicate(timeout=120)
        expect(second.returncode == 0, output, errors)
        expect(json.loads(output.splitlines()[-1])["bytes_resumed"] >= had, output)
        site.expect_second(repo)


main(resumed_after_kill, downloaded_once, taken_over)
