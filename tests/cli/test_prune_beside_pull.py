#!/usr/bin/env python3
"""A prune and a pull in one repository: whatever the pull found there when it looked stays there."""

import contextlib
import http.server
import pathlib
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import ENVIRONMENT, expect, main, run, run_ok  # noqa: E402

LOCKED = 10
SHARED_FILE = "in both commits\n"


class Server:
    """Serves a directory, and keeps the first request for a file object until it is let go."""

    def __init__(self, root):
        self.asked, self.let_go = threading.Event(), threading.Event()
        outer = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *args, **options):
                super().__init__(*args, directory=str(root), **options)

            def do_GET(self):
                if self.path.endswith(".filez"):
                    outer.asked.set()
                    outer.let_go.wait()
                with contextlib.suppress(ConnectionError):
                    super().do_GET()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()


def commit(repo, work, ref, content):
    tree = work / f"tree-{ref}"
    tree.mkdir()
    (tree / "shared").write_text(SHARED_FILE)
    (tree / "own").write_text(content)
    run_ok("ostree", "commit", f"--repo={repo}", "-b", ref, f"--tree=dir={tree}", "--owner-uid=0",
           "--owner-gid=0", "--canonical-permissions")


@contextlib.contextmanager
def stalled_pull(program, work, mode="archive"):
    """A pull that waits for the server. In its repository lies an object without any ref, which it
    has found and will not fetch."""
    source, target = work / "source", work / "target"
    run_ok("ostree", "init", f"--repo={source}", "--mode=archive")
    commit(source, work, "new", "to be fetched\n")
    run_ok("ostree", "init", f"--repo={target}", f"--mode={mode}")
    commit(target, work, "old", "to be pruned\n")
    run_ok("ostree", "refs", f"--repo={target}", "--delete", "old")
    server = Server(source)
    run_ok("ostree", "remote", "add", f"--repo={target}", "--no-gpg-verify", "origin", server.url)
    pull = subprocess.Popen([str(program), "pull", f"--repo={target}", "origin", "new"],
                            env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        expect(server.asked.wait(60), "the pull asked for nothing")
        yield target, server, pull
    finally:
        server.close()
        pull.kill()
        pull.communicate()


def objects(repo):
    return {path for path in pathlib.Path(repo, "objects").rglob("*") if path.is_file()}


def finish(server, pull):
    server.let_go.set()
    out, _ = pull.communicate(timeout=60)
    expect(pull.returncode == 0, out)


def check(target):
    """Only when no prune is at work: what it deletes would be missing to a check that has begun."""
    run_ok("ostree", "fsck", f"--repo={target}")
    expect(run_ok("ostree", "cat", f"--repo={target}", "origin:new", "/shared") == SHARED_FILE)
    expect(run_ok("ostree", "cat", f"--repo={target}", "origin:new", "/own") == "to be fetched\n")


def set_timeout(target, seconds):
    run_ok("ostree", "config", f"--repo={target}", "set", "core.lock-timeout-secs", seconds)


def times_out(pull_program, prune_program, work):
    with stalled_pull(pull_program, work) as (target, server, pull):
        set_timeout(target, "1")
        before = objects(target)
        done = run(prune_program, "prune", f"--repo={target}", "--refs-only")
        expect(done.status != 0 and "ock" in done.err, done)
        expect(objects(target) == before)
        finish(server, pull)
        check(target)
        return done, pull


def waits(pull_program, prune_program, work):
    with stalled_pull(pull_program, work) as (target, server, pull):
        set_timeout(target, "60")
        before = objects(target)
        prune = subprocess.Popen([str(prune_program), "prune", f"--repo={target}", "--refs-only"],
                                 env=ENVIRONMENT, stdout=subprocess.PIPE)
        try:
            # Not a proof that it waits, but it had the time to do harm.
            with contextlib.suppress(subprocess.TimeoutExpired):
                prune.wait(1.5)
            expect(prune.poll() is None and objects(target) == before)
            finish(server, pull)
            out, _ = prune.communicate(timeout=60)
            expect(prune.returncode == 0 and b"Deleted" in out, out)
        finally:
            prune.kill()
        check(target)


def our_prune_beside_our_pull(xylem, work):
    done, pull = times_out(xylem, xylem, work)
    expect(done.status == LOCKED and f"process {pull.pid}" in done.err, done)


def our_prune_waits_for_our_pull(xylem, work):
    waits(xylem, xylem, work)


def their_prune_beside_our_pull(xylem, work):
    times_out(xylem, "ostree", work)


def their_prune_waits_for_our_pull(xylem, work):
    waits(xylem, "ostree", work)


def our_prune_beside_their_pull(xylem, work):
    done, pull = times_out("ostree", xylem, work)
    expect(done.status == LOCKED and f"process {pull.pid}" in done.err, done)


def our_prune_waits_for_their_pull(xylem, work):
    waits("ostree", xylem, work)


main(our_prune_beside_our_pull, our_prune_waits_for_our_pull, their_prune_beside_our_pull,
     their_prune_waits_for_our_pull, our_prune_beside_their_pull, our_prune_waits_for_their_pull)
