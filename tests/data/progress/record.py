#!/usr/bin/env python3
"""Records the events of pulls over five kinds of links, for tests/cli/text/test_recorded.cpp.

    record.py XYLEM FAULT_SERVER [PROFILE...]

It takes some minutes, and writes PROFILE.jsonl beside itself: what `xylem pull --progress=json`
printed, without what the progress line does not use.
"""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
KEPT = {"event", "phase", "elapsed", "bytes_transferred", "metadata_fetched", "metadata_requested",
        "content_fetched", "content_requested", "content_imported", "scanned_metadata",
        "delta_parts_fetched", "delta_parts_requested", "bytes_left", "bytes_left_estimated",
        "bytes_staged", "code", "source", "reason", "attempt", "pid"}
xylem = str(pathlib.Path(sys.argv[1]).resolve())


def run(*words):
    return subprocess.run([xylem, *map(str, words)], check=True, capture_output=True, text=True).stdout


@contextlib.contextmanager
def served(work, *options):
    port = work / "port"
    port.unlink(missing_ok=True)
    server = subprocess.Popen([xylem, "serve", f"--repo={work}/server", f"--port-file={port}", *options],
                              stdout=subprocess.DEVNULL)
    while not (port.exists() and port.read_text().strip()):
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port.read_text().strip()}"
    server.kill()
    server.wait()


def start(work, name, url, *options):
    repo = work / name
    if not repo.exists():
        run("init", f"--repo={repo}", "--mode=bare-user")
        run("remote", "add", f"--repo={repo}", "--no-gpg-verify", "origin", url)
    return subprocess.Popen([xylem, "pull", f"--repo={repo}", "--progress=json",
                             "--update-frequency=500", f"--url={url}", *options, "origin", "os"],
                            stdout=subprocess.PIPE, text=True)


def keep(profile, process):
    lines = [json.loads(line) for line in process.communicate()[0].splitlines()]
    assert process.returncode == 0, lines[-1]
    text = ""
    for event in lines:
        if event["event"] in ("progress", "message"):
            if "source" in event:  # the port changes
                event["source"] = "http://server.example/repo/summary"
            text += json.dumps({key: value for key, value in event.items() if key in KEPT}) + "\n"
    (HERE / f"{profile}.jsonl").write_text(text)
    print(profile, len(lines), "events", lines[-1].get("elapsed"), flush=True)


def commit(work, *options):
    run("commit", f"--repo={work}/server", "--branch=os", f"--tree=dir={work}/tree", *options)
    run("summary", f"--repo={work}/server", "-u")


def make_server(work, small, large):
    tree = work / "tree"
    tree.mkdir()
    for number in range(small):
        (tree / f"{number}").write_bytes(os.urandom(20_000))
    if large:
        (tree / "large").write_bytes(os.urandom(large))
    run("init", f"--repo={work}/server", "--mode=archive")
    commit(work, "--generate-sizes")


def fast(work):
    make_server(work, 1000, 12_000_000)
    with served(work) as url:
        keep("fast", start(work, "client", url, "--limit-rate=3M"))


def tail(work):
    """Small files at once, then one large one over a slow link."""
    make_server(work, 300, 700_000)
    large = max(work.glob("server/objects/*/*.filez"), key=lambda path: path.stat().st_size)
    server = subprocess.Popen([sys.argv[2], work / "server", "--requests-file", work / "requests",
                               "--fault", f"path=*{large.name} rate=20000"],
                              stdout=subprocess.PIPE, text=True)
    url = "http://" + server.stdout.readline().split("http://")[1].split()[0].rstrip("/")
    keep("tail", start(work, "client", url))
    server.kill()
    server.wait()


def waiting(work):
    """A second pull of the same, beside one that is slow."""
    make_server(work, 10, 300_000)
    with served(work, "--misbehave=rate=40000") as url:
        first = start(work, "client", url)
        time.sleep(1)
        second = start(work, "client", url)
        keep("waiting", second)
        first.communicate()


def offline(work):
    """A server that is not there, and comes later."""
    make_server(work, 10, 300_000)
    with served(work, "--misbehave=rate=100000") as url:
        pass
    process = start(work, "client", url, "--wait-online")
    time.sleep(8)
    port = url.rsplit(":", 1)[1]
    with served(work, "--misbehave=rate=100000", f"--port={port}"):
        keep("offline", process)


def delta(work):
    make_server(work, 10, 4_000_000)
    with served(work) as url:
        start(work, "client", url).communicate()
    for number in range(20):
        (work / "tree" / f"new{number}").write_bytes(os.urandom(100_000))
    commit(work)
    run("static-delta", "generate", f"--repo={work}/server", "os")
    run("summary", f"--repo={work}/server", "-u")
    with served(work, "--misbehave=rate=150000") as url:
        keep("delta", start(work, "client", url))


if __name__ == "__main__":
    wanted = sys.argv[3:]
    for profile in (fast, tail, waiting, offline, delta):
        if not wanted or profile.__name__ in wanted:
            with tempfile.TemporaryDirectory() as directory:
                profile(pathlib.Path(directory))
