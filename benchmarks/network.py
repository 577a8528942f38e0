#!/usr/bin/env python3
"""Measures `xylem` beside the installed `ostree` over long ways and broken links.

    network.py way    a tree of small objects at round trips of 0 and 50 ms, HTTP/1.1 and HTTP/2
    network.py link   one object of 1 GB whose link is cut 20 times at random places

The server is nginx; what lies between is tcp-relay of the tests. The tools take turns within a run.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import common
from harness import Nginx

REF = "os/network"


class Relay:
    """tcp-relay before a port of this machine; may be cut, and is there again at once."""

    def __init__(self, program, target, round_trip):
        self.command = [program, str(target), "--round-trip", str(round_trip)]
        self.port = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen([*self.command, "--port", str(self.port)],
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def cut(self):
        self.stop()
        self.start()


def commit(source, tree):
    common.run("ostree", "init", "--repo", source, "--mode=archive")
    common.run("ostree", "commit", "--repo", source, "-b", REF, f"--tree=dir={tree}")
    common.run("ostree", "summary", "--repo", source, "-u")


def make_small(work):
    """3,200 files of 200 to 8,000 bytes in 180 directories."""
    dice, tree = random.Random(3), work / "away" / "tree"
    for number in range(3200):
        directory = tree / f"d{number % 180}"
        directory.mkdir(parents=True, exist_ok=True)
        size = dice.choice([200, 500, 1000, 2000, 4000, 8000])
        (directory / f"f{number}").write_bytes(dice.randbytes(size))
    commit(work / "small", tree)


def make_large(work):
    tree = work / "away" / "tree"
    tree.mkdir(parents=True)
    with (tree / "large").open("wb") as file:
        for _ in range(1000):
            file.write(os.urandom(1_000_000))
    commit(work / "large", tree)


def new_repo(work, url, ca):
    """Those of before stay until the end: deleting many files disturbs ext4 for minutes."""
    away = work / "away"
    away.mkdir(exist_ok=True)
    repo = common.new_repo(tempfile.mkdtemp(dir=away), "bare-user", url, ca)
    os.sync()
    return pathlib.Path(repo)


def way(arguments, work):
    if not (work / "small").exists():
        make_small(work)
    server = Nginx(work / "nginx", work / "small", log=None)
    print(f"{'':28} {'wall seconds':^26} {'peak MiB':^15}")
    print(f"{'':28} {'ostree':>8} {'xylem':>8} {'faster':>8} {'ostree':>7} {'xylem':>7}")
    try:
        for round_trip in arguments.round_trips:
            for tls in (False, True):
                row(arguments, work, server, round_trip, tls)
    finally:
        server.stop()


def row(arguments, work, server, round_trip, tls):
    relay = Relay(arguments.relay, server.tls_port if tls else server.port, round_trip)
    # Without a round trip there is nothing for the relay to do: it would only be measured, too.
    port = relay.port if round_trip else (server.tls_port if tls else server.port)
    url = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
    samples = {"ostree": [], arguments.xylem: []}
    for _ in range(arguments.runs):
        for tool, rows in samples.items():
            repo = new_repo(work, url, server.ca)
            rows.append(common.measure([tool, "pull", "--repo", repo, "origin", REF]))
    relay.stop()
    theirs, ours = ([statistics.median(column) for column in zip(*rows)]
                    for rows in samples.values())
    name = f"{round_trip} ms, {'TLS and HTTP/2' if tls else 'HTTP/1.1'}"
    print(f"{name:28} {theirs[0]:8.2f} {ours[0]:8.2f} {theirs[0] / ours[0]:7.1f}x"
          f" {theirs[2]:7.0f} {ours[2]:7.0f}", flush=True)


def cut_often(relay, repo, places, ended):
    """Cuts when the partial file has grown past each place."""
    for place in places:
        while not ended.is_set():
            sizes = [p.stat().st_size for p in repo.glob("tmp/fetch-*/*.part")]
            if sizes and max(sizes) >= place:
                break
            time.sleep(0.001)
        if ended.is_set():
            return
        relay.cut()
        ended.cuts += 1


def link(arguments, work):
    if not (work / "large").exists():
        make_large(work)
    size = max(p.stat().st_size for p in (work / "large/objects").rglob("*.filez"))
    server = Nginx(work / "nginx", work / "large", log=None)
    relay = Relay(arguments.relay, server.port, 0)
    repo = new_repo(work, f"http://127.0.0.1:{relay.port}", server.ca)
    dice, trace, ended = random.Random(arguments.seed), work / "trace", threading.Event()
    trace.unlink(missing_ok=True)
    ended.cuts = 0
    places = sorted(dice.randrange(size) for _ in range(20))
    cutter = threading.Thread(target=cut_often, args=(relay, repo, places, ended))
    cutter.start()
    wall, cpu, peak = common.measure([arguments.xylem, "pull", "--repo", repo, "origin", REF,
                                       "--network-retries=20", f"--limit-rate={arguments.rate}",
                                       "--trace-file", trace])
    ended.set()
    cutter.join()
    relay.stop()
    server.stop()
    common.run("ostree", "fsck", "--repo", repo)
    requests = [json.loads(line) for line in trace.read_text().splitlines()]
    received = sum(request["bytes"] for request in requests if request["bytes"] > 100_000)
    print(f"{size} bytes in {ended.cuts} cuts and {len(requests)} requests: {received} received,"
          f" {received / size:.4f} x; {wall:.1f} s, {cpu:.1f} s CPU, peak {peak:.0f} MiB")
    if received > 1.02 * size or ended.cuts < 20:
        sys.exit("more than 1.02 x, or fewer than 20 cuts")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("way", "link"))
    parser.add_argument("--xylem", default="build/src/cli/xylem")
    parser.add_argument("--relay", default="build/tests/support/tcp-relay")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--round-trips", type=int, nargs="+", default=[0, 50])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=int, default=150_000_000, help="of `link`, in bytes/s")
    parser.add_argument("--work", type=pathlib.Path, help="keep inputs here for the next time")
    arguments = parser.parse_args()
    work, _temporary = common.workplace(arguments)
    try:
        {"way": way, "link": link}[arguments.what](arguments, work)
    finally:
        shutil.rmtree(work / "away", ignore_errors=True)


if __name__ == "__main__":
    main()
