#!/usr/bin/env python3
"""Links that move, however badly: a pull ends, and keeps what came.

    test_bad_links.py XYLEM            the test: small repositories
    test_bad_links.py XYLEM --table    prints how long `xylem` and `ostree` take on each profile
"""

import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import ENVIRONMENT, expect, main, new_repo, run, run_ok, work_directory  # noqa: E402

REF = "os/test"
PROFILES = ["gprs", "satellite", "hotel-portal", "overloaded-mirror", "corporate-proxy",
            "old-server", "half-answers"]


def make_source(work, files, size):
    """An archive repository of files that cannot be compressed."""
    source, tree = work / "source", work / "tree"
    tree.mkdir()
    for number in range(files):
        (tree / f"{number:03}").write_bytes(os.urandom(size))
    run_ok("ostree", "init", "--repo", source, "--mode=archive")
    run_ok("ostree", "commit", "--repo", source, "-b", REF, f"--tree=dir={tree}")
    run_ok("ostree", "summary", "--repo", source, "-u")
    return source


class BadServer:
    """`xylem serve --misbehave`, until the end of the block."""

    def __init__(self, xylem, source, how):
        self.log = source.parent / "server.log"
        self.log.unlink(missing_ok=True)
        how = [f"--misbehave={how}"] if how else []
        self.process = subprocess.Popen(
            [xylem, "serve", source, f"--log-file={self.log}", *how], stdout=subprocess.PIPE,
            text=True, env=ENVIRONMENT)
        self.url = self.process.stdout.readline().split()[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def answers(self, status):
        return sum(f" {status} " in line for line in self.log.read_text().splitlines())


def pull(program, repo, *options, timeout=600):
    return run(program, "pull", "--repo", repo, *options, "origin", REF, timeout=timeout)


def expect_pulled(done, repo):
    expect(done.status == 0, done.status, done.err)
    run_ok("ostree", "fsck", "-q", "--repo", repo)


def every_profile_ends(xylem, work):
    source = make_source(work, 24, 3000)
    for profile in PROFILES:
        with BadServer(xylem, source, profile) as server:
            repo = new_repo(xylem, work / "repo", server.url)
            expect_pulled(pull(xylem, repo), repo)


def a_narrow_link_is_shared(xylem, work):
    """Each request gets less than the limit, and all together more: nothing is given up."""
    source = make_source(work, 12, 2000)
    with BadServer(xylem, source, "rate=3000") as server:
        repo = new_repo(xylem, work / "repo", server.url)
        expect_pulled(pull(xylem, repo, "--low-speed-limit-bytes=1000",
                           "--low-speed-time-seconds=3", "--network-retries=0"), repo)


def a_slower_link_than_the_limit_moves_on(xylem, work):
    """What came of small files is kept: each try gets further."""
    source = make_source(work, 1, 40000)
    with BadServer(xylem, source, "rate=4000") as server:
        repo = new_repo(xylem, work / "repo", server.url)
        expect_pulled(pull(xylem, repo, "--low-speed-limit-bytes=8000",
                           "--low-speed-time-seconds=4"), repo)
        expect(server.answers(206) > 0, server.log.read_text())


def a_killed_pull_keeps_small_files(xylem, work):
    source = make_source(work, 1, 40000)
    with BadServer(xylem, source, "rate=4000") as server:
        repo = new_repo(xylem, work / "repo", server.url)
        process = subprocess.Popen([xylem, "pull", "--repo", repo, "origin", REF], env=ENVIRONMENT,
                                   stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not list(repo.glob("tmp/fetch-*/*.filez.part")):
            expect(process.poll() is None and time.monotonic() < deadline, "nothing was kept")
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with BadServer(xylem, source, "") as server:
        run_ok(xylem, "remote", "add", "--repo", repo, "--force", "--no-gpg-verify", "origin",
               server.url)
        expect_pulled(pull(xylem, repo), repo)
        expect(server.answers(206) == 1, server.log.read_text())


def a_busy_server_is_waited_for(xylem, work):
    """As many files as it refuses at first, with the tries that a pull has by default."""
    source = make_source(work, 60, 200)
    with BadServer(xylem, source, "limit=20") as server:
        repo = new_repo(xylem, work / "repo", server.url)
        expect_pulled(pull(xylem, repo), repo)
        expect(server.answers(429) > 0, server.log.read_text())


def a_server_that_is_down_is_not_waited_for_ever(xylem, work):
    source = make_source(work, 1, 10)
    with BadServer(xylem, source, "limit=0,portal=0:1000000") as server:
        repo = new_repo(xylem, work / "repo", server.url)
        done = pull(xylem, repo, "--network-retries=2", timeout=60)
        expect(done.status == 7 and "web page" in done.err, done.err)


def bad_words_are_told(xylem, work):
    source = make_source(work, 1, 10)
    for words in ("slow", "rate", "rate=x", "portal=3", "gprs,"):
        done = run(xylem, "serve", source, f"--misbehave={words}", timeout=20)
        expect(done.status == 13 and "satellite" in done.err, words, done.err)


def seconds(program, repo):
    began = time.monotonic()
    done = pull(program, repo, timeout=1200)
    return time.monotonic() - began, done.status


def print_table(xylem):
    print("| Profile | `xylem` | `ostree` |\n|---|---|---|")
    sizes = {"gprs": (20, 24000), "satellite": (60, 8000)}
    for profile in ["rate=12000", *PROFILES]:
        cells = []
        with work_directory() as work:
            source = make_source(work, *sizes.get(profile, (60, 24000) if "=" in profile
                                                  else (200, 4000)))
            for program in (xylem, "ostree"):
                with BadServer(xylem, source, profile) as server:
                    repo = new_repo(xylem, work / "repo", server.url)
                    time_taken, status = seconds(program, repo)
                    cells.append(f"{time_taken:.1f} s" if status == 0 else
                                 f"fails after {time_taken:.1f} s")
        print(f"| {profile} | {cells[0]} | {cells[1]} |", flush=True)


if "--table" in sys.argv:
    print_table(pathlib.Path(sys.argv[1]).absolute())
else:
    main(every_profile_ends, a_narrow_link_is_shared, a_slower_link_than_the_limit_moves_on,
         a_killed_pull_keeps_small_files, a_busy_server_is_waited_for,
         a_server_that_is_down_is_not_waited_for_ever, bad_words_are_told)
