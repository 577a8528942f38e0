#!/usr/bin/env python3
"""tmp/ does not grow: what killed pulls and commits leave serves the next one, or goes with it.

    test_left_overs.py XYLEM
"""

import contextlib
import hashlib
import http.server
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import Skip, expect, main, new_repo, run, run_ok, text_of  # noqa: E402

NOT_FOUND = 3
NOBODY = 65534


class Server:
    """Serves a directory; of the file objects it answers only the first `passing`, and keeps the
    others waiting for ever."""

    def __init__(self, root, passing=None):
        self.passing, self.served, self.held = passing, 0, threading.Event()
        self.lock, self.end = threading.Lock(), threading.Event()
        outer = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *args, **options):
                super().__init__(*args, directory=str(root), **options)

            def do_GET(self):
                with contextlib.suppress(ConnectionError):
                    if self.path.endswith(".filez") and not outer.may_pass():
                        outer.held.set()
                        outer.end.wait()
                        return
                    super().do_GET()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def may_pass(self):
        with self.lock:
            self.served += 1
            return self.passing is None or self.served <= self.passing

    def restart(self, passing):
        self.end.set()
        self.end, self.held = threading.Event(), threading.Event()
        self.passing, self.served = passing, 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.end.set()
        self.server.shutdown()
        self.server.server_close()


@contextlib.contextmanager
def serving(root, passing=None):
    server = Server(root, passing)
    try:
        yield server
    finally:
        server.close()


def commit(source, work, ref, files=30):
    """A new version of a ref, all of whose files are new."""
    tree = work / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    (tree / "dir").mkdir(parents=True)
    for number in range(files):
        data = hashlib.sha256(f"{ref} {number} {time.time_ns()}".encode()).digest() * 100
        (tree / f"dir/{number}").write_bytes(data)
    run_ok("ostree", "commit", "--repo", source, "-b", ref, f"--tree=dir={tree}")


def make_source(work, *refs):
    source = work / "source"
    run_ok("ostree", "init", "--repo", source, "--mode=archive")
    for ref in refs:
        commit(source, work, ref)
    return source


def left_in_tmp(repo):
    return sorted(entry.name for entry in (repo / "tmp").iterdir() if entry.name != "cache")


def kill_pull(xylem, repo, server, ref, passing=10):
    """Once some of its files are staged."""
    server.restart(passing)
    pull = subprocess.Popen([xylem, "pull", "--repo", repo, "origin", ref],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    expect(server.held.wait(60), "the pull asks for more")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list(repo.glob("tmp/staging-*/??/*.file*")):
        time.sleep(0.01)
    pull.kill()
    pull.wait()
    server.restart(None)
    expect(list(repo.glob("tmp/staging-*/??/*.file*")), "it has left something")


def pulls_of_new_versions(xylem, work):
    """Killed ones, each followed by a good one of another ref: nothing stays."""
    source = make_source(work, "often", "other")
    with serving(source) as server:
        repo = new_repo(xylem, work / "repo", server.url)
        for _ in range(5):
            commit(source, work, "often")
            commit(source, work, "other")
            kill_pull(xylem, repo, server, "often")
            run_ok(xylem, "pull", "--repo", repo, "origin", "other")
            expect(not left_in_tmp(repo), left_in_tmp(repo))
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        run_ok(xylem, "prune", "--repo", repo, "--refs-only", "--depth=0")
        objects = run_ok("find", repo / "objects", "-name", "*.file*").split()
        expect(len(objects) == 30, "a prune frees what the killed ones had fetched", len(objects))


def nothing_is_fetched_twice(xylem, work):
    """A good pull of another ref loses nothing that a killed one had."""
    source = make_source(work, "first", "other")
    with serving(source) as server:
        repo = new_repo(xylem, work / "repo", server.url)
        kill_pull(xylem, repo, server, "first", passing=20)
        staged = len(list(repo.glob("tmp/staging-*/??/*.file*")))
        run_ok(xylem, "pull", "--repo", repo, "origin", "other")
        expect(run(xylem, "rev-parse", "--repo", repo, "origin:first").status != 0)
        expect(not list(repo.glob("tmp/staging-*")), left_in_tmp(repo))
        done = run_ok(xylem, "pull", "--repo", repo, "--progress=json", "origin", "first")
        fetched = json.loads(done.splitlines()[-1])["content_fetched"]
        expect(fetched == 30 - staged, fetched, staged)
        run_ok("ostree", "fsck", "-q", "--repo", repo)


def killed_at_once(xylem, work):
    """Several at a time leave several directories; one good one takes them all."""
    source = make_source(work, "first", "second", "third", "good")
    with serving(source) as server:
        repo = new_repo(xylem, work / "repo", server.url)
        server.restart(10)
        pulls = [subprocess.Popen([xylem, "pull", "--repo", repo, "origin", ref],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                 for ref in ("first", "second", "third")]
        expect(server.held.wait(60))
        time.sleep(0.5)
        for pull in pulls:
            pull.kill()
            pull.wait()
        server.restart(None)
        run_ok(xylem, "pull", "--repo", repo, "origin", "good")
        expect(not list(repo.glob("tmp/staging-*")), left_in_tmp(repo))


def killed_commits(xylem, work):
    """Of different trees, with a good one after each."""
    repo = work / "repo"
    run_ok(xylem, "init", "--repo", repo, "--mode=bare-user")
    good = work / "good"
    good.mkdir()
    for number in range(5):
        tree = work / f"tree{number}"
        tree.mkdir()
        for file in range(200):
            (tree / str(file)).write_text(f"{number} {file}\n" * 1000)
        killed = subprocess.Popen([xylem, "commit", "--repo", repo, "-b", "killed", tree],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while killed.poll() is None and not list(repo.glob("tmp/staging-*/??/*")):
            time.sleep(0.0005)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        (good / str(number)).write_text(str(number))
        run_ok(xylem, "commit", "--repo", repo, "-b", "good", f"--tree=dir={good}")
        expect(not left_in_tmp(repo), left_in_tmp(repo))
    run_ok("ostree", "fsck", "-q", "--repo", repo)


def download_of_what_is_here(xylem, work):
    """Killed between storing an object and removing its download: the download goes."""
    source = make_source(work, "ref")
    with serving(source) as server:
        repo = new_repo(xylem, work / "repo", server.url)
        kill_pull(xylem, repo, server, "ref")
        staged = next(repo.glob("tmp/staging-*/??/*.file*"))
        dead = repo / "tmp/fetch-164Re5"
        dead.mkdir()
        (dead / (staged.parent.name + staged.stem + ".filez")).write_bytes(b"x" * 1000)
        (repo / "tmp/fetch-164Re5-lock").touch()
        run_ok(xylem, "pull", "--repo", repo, "origin", "ref")
        expect(not left_in_tmp(repo), left_in_tmp(repo))


def downloads_of_other_refs_stay(xylem, work):
    """A partial download of another ref is kept, and the recovery takes it if it shall."""
    source = make_source(work, "ref", "other")
    with serving(source) as server:
        repo = new_repo(xylem, work / "repo", server.url)
        record = {"remote": "origin", "pid": 1, "bytes": 1, "started": 1, "updated": 1}
        for name, ref, size in (("fetch-aaaaaa", "other", 1000), ("fetch-bbbbbb", "other", 2000),
                                ("fetch-cccccc", "ref", 3000)):
            directory = repo / "tmp" / name
            directory.mkdir(parents=True)
            (directory / "pull.record").write_text(json.dumps(record | {"refs": [ref]}))
            (directory / ("0" * 63 + name[-1] + ".filez.part")).write_bytes(b"x" * size)
        run_ok(xylem, "pull", "--repo", repo, "origin", "ref")
        expect(left_in_tmp(repo) == ["fetch-bbbbbb"], left_in_tmp(repo))
        listed = json.loads(run_ok(xylem, "recover", "--repo", repo, "--json"))
        expect([entry["name"] for entry in listed["left_over"]] == ["fetch-bbbbbb"], listed)
        expect(listed["left_over"][0]["bytes"] >= 2000, listed)
        text = run_ok(xylem, "recover", "--repo", repo)
        expect("Left over: tmp/fetch-bbbbbb" in text and "recover --all" in text, text)
        expect("Removed tmp/fetch-bbbbbb" in run_ok(xylem, "recover", "--repo", repo, "--all"))
        expect(not left_in_tmp(repo), left_in_tmp(repo))


def recovery_spares_the_living(xylem, work):
    """What somebody holds is listed, and stays even if all shall go."""
    source = make_source(work, "ref")
    with serving(source, passing=5) as server:
        repo = new_repo(xylem, work / "repo", server.url)
        pull = subprocess.Popen([xylem, "pull", "--repo", repo, "origin", "ref"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        expect(server.held.wait(60))
        answer = json.loads(run_ok(xylem, "recover", "--repo", repo, "--all", "--json"))
        expect(not answer["removed"] and len(answer["in_use"]) == 2, answer)
        expect(answer["bytes_in_use"] > 0, answer)
        pull.kill()
        pull.wait()
        answer = json.loads(run_ok(xylem, "recover", "--repo", repo, "--all", "--json"))
        expect(len(answer["removed"]) == 2 and not left_in_tmp(repo), answer)


def transfers_without_tmp(xylem, work):
    """Where nothing may be written and nothing ever was, there are no transfers."""
    if os.geteuid() != 0:
        raise Skip("only root may become another user")
    repo = make_source(work, "ref")
    shutil.rmtree(repo / "tmp")
    work.chmod(0o755)
    as_nobody = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", xylem)
    expect(text_of(*as_nobody, "transfers", "--repo", repo) == "No transfers")
    failed = run(*as_nobody, "transfers", "abort", "--repo", repo, "fetch-abcdef")
    expect(failed.status != 0 and "descriptor" not in failed.err, failed)
    expect(not (repo / "tmp").exists())


if __name__ == "__main__":
    main(pulls_of_new_versions, nothing_is_fetched_twice, killed_at_once, killed_commits,
         download_of_what_is_here, downloads_of_other_refs_stay, recovery_spares_the_living,
         transfers_without_tmp)
