#!/usr/bin/env python3
"""Sources that fail cost a line, never the pull: caches, parents, mirrors, claims.

    test_sources.py XYLEM
"""

import json
import pathlib
import shutil
import subprocess
import sys
import threading
import http.server

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (  # noqa: E402
    commit_sample, expect, main, new_repo, nginx, run, run_ok, text_of,
)

REF = "os/test"


def make_source(work):
    source = work / "source"
    commit_sample(source, work / "tree", REF)
    return source


def pull(xylem, repo, *options):
    """The final object and the messages of a pull that must succeed."""
    lines = [json.loads(line) for line in run_ok(xylem, "pull", "--repo", repo, "--progress=json",
                                                 *options, "origin", REF).splitlines()]
    return lines[-1], [line for line in lines if line["event"] == "message"]


def codes(messages):
    return {message["code"] for message in messages}


def expect_good(repo, source):
    run_ok("ostree", "fsck", "-q", "--repo", repo)
    expect(text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REF}")
           == text_of("ostree", "rev-parse", "--repo", source, REF))


def missing_caches(xylem, work):
    """Not there, a file, no repository, a configuration that cannot be read."""
    source = make_source(work)
    (work / "file").write_text("x")
    (work / "empty").mkdir()
    broken = work / "broken"
    run_ok("ostree", "init", "--repo", broken, "--mode=bare-user")
    (broken / "config").write_text("[core\n")
    with nginx(work / "nginx", source) as server:
        for cache in (work / "missing", work / "file", work / "empty", broken):
            repo = new_repo(xylem, work / "repo", server.url)
            done, messages = pull(xylem, repo, "-L", cache)
            expect(done["event"] == "done", done)
            dropped = [message for message in messages if message["code"] == "source-dropped"]
            expect(len(dropped) == 1 and dropped[0]["source"] == str(cache), messages)
            expect(str(cache) in dropped[0]["text"], dropped)
            expect_good(repo, source)
        repo = new_repo(xylem, work / "repo", server.url)
        plain = run(xylem, "pull", "--repo", repo, "-L", work / "missing", "origin", REF)
        expect(plain.status == 0 and plain.err.startswith("warning: Going on without"), plain)


def damaged_cache(xylem, work):
    """Some objects are damaged: they come from the server; the others do not."""
    source = make_source(work)
    cache = work / "cache"
    run_ok("ostree", "init", "--repo", cache, "--mode=archive")
    run_ok("ostree", "pull-local", "--repo", cache, source, REF)
    files = sorted(cache.glob("objects/*/*.filez"))
    for number, file in enumerate(files):
        if number < 3:
            file.unlink()  # it may be a hard link to the source's
            file.write_bytes(b"garbage")
        elif number < 6:
            file.unlink()
            file.mkdir()
    with nginx(work / "nginx", source) as server:
        repo = new_repo(xylem, work / "repo", server.url)
        done, messages = pull(xylem, repo, "-L", cache)
        expect(done["content_fetched"] == 6, done)
        expect(done["content_imported"] == len(files) - 6, done)
        expect("object-refetched" in codes(messages), messages)
        expect_good(repo, source)
        for file in files:
            shutil.rmtree(file) if file.is_dir() else file.unlink()
            file.write_bytes(b"garbage")
        repo = new_repo(xylem, work / "repo", server.url)
        done, messages = pull(xylem, repo, "-L", cache)
        expect(done["content_fetched"] == len(files), done)
        expect(codes(messages) == {"object-refetched", "source-dropped"}, codes(messages))
        expect(len(messages) < 30, "a broken cache is dropped, and not told of for ever")
        expect_good(repo, source)


def configured_caches(xylem, work):
    """core.localcache-repos names caches for all pulls, absolute or beside the repository."""
    source = make_source(work)
    with nginx(work / "nginx", source) as server:
        for value in (f"{source};", f"../source;{work}/missing"):
            repo = new_repo(xylem, work / "repo", server.url)
            run_ok(xylem, "config", "--repo", repo, "set", "core.localcache-repos", value)
            done, messages = pull(xylem, repo)
            expect(done["content_fetched"] == 0 and done["content_imported"] > 300, done)
            expect(codes(messages) == ({"source-dropped"} if "missing" in value else set()))
            expect_good(repo, source)


def damaged_parent(xylem, work):
    """Directories that a parent has damaged, or not at all, are fetched."""
    source = make_source(work)
    with nginx(work / "nginx", source) as server:
        parent = new_repo(xylem, work / "parent", server.url)
        run_ok(xylem, "pull", "--repo", parent, "origin", REF)
        for number, file in enumerate(sorted(parent.glob("objects/*/*.dirtree"))):
            if number % 2 == 0:
                file.write_bytes(b"garbage")
            else:
                file.unlink()
        run_ok("ostree", "refs", "--repo", parent, "--delete", f"origin:{REF}")
        for commit in parent.glob("objects/*/*.commit"):
            commit.write_bytes(b"garbage")
        repo = new_repo(xylem, work / "repo", server.url)
        run_ok(xylem, "config", "--repo", repo, "set", "core.parent", parent)
        done, messages = pull(xylem, repo)
        expect(done["content_fetched"] == 0, "its files are good", done)
        expect(codes(messages) == {"object-refetched"}, messages)
        expect(list(repo.glob("objects/*/*.dirtree")))
        run_ok(xylem, "checkout", "--repo", repo, "-U", f"origin:{REF}", work / "tree2")
        run_ok("diff", "-r", "--no-dereference", work / "tree/usr", work / "tree2/usr")


class Unwilling:
    """A mirror that answers files with an error, or with other bytes, the first time or always."""

    def __init__(self, root, answer):
        seen = set()

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *args, **options):
                super().__init__(*args, directory=str(root), **options)

            def do_GET(self):
                first = self.path not in seen
                seen.add(self.path)
                if self.path.endswith(".filez") and not answer(self, first):
                    return
                super().do_GET()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


def unavailable_once(handler, _first):
    """For all files together: a server that refuses more in a row is given up."""
    if getattr(handler.server, "was_unavailable", False):
        return True
    handler.server.was_unavailable = True
    handler.send_error(503)
    return False


def bad_bytes_once(handler, first):
    if not first:
        return True
    handler.send_response(200)
    handler.send_header("Content-Length", "7")
    handler.end_headers()
    handler.wfile.write(b"garbage")
    return False


def never(handler, _first):
    handler.send_error(500)
    return False


def told_of(xylem, work):
    """Each event has its code: a retry, bad bytes that are fetched again, a change of mirrors."""
    source = make_source(work)
    for answer, code in ((unavailable_once, "retry"), (bad_bytes_once, "object-refetched")):
        repo = new_repo(xylem, work / "repo", Unwilling(source, answer).url)
        _, messages = pull(xylem, repo)
        expect(code in codes(messages), code, messages[:3])
        expect(all(message["text"] and message["source"] for message in messages), messages[:3])
        expect_good(repo, source)
    with nginx(work / "nginx", source) as server:
        (source / "mirrors").write_text(f"{Unwilling(source, never).url}\n{server.url}\n")
        repo = new_repo(xylem, work / "repo", f"mirrorlist={server.url}/mirrors")
        _, messages = pull(xylem, repo)
        expect("mirror-switched" in codes(messages), messages[:3])
        expect_good(repo, source)


def lost_list_of_mirrors(xylem, work):
    """contenturl names a list that cannot be had: objects come from url."""
    source = make_source(work)
    with nginx(work / "nginx", source) as server:
        repo = new_repo(xylem, work / "repo", server.url)
        run_ok(xylem, "config", "--repo", repo, "set", "--group", 'remote "origin"', "contenturl",
               f"mirrorlist={server.url}/missing")
        _, messages = pull(xylem, repo)
        expect(codes(messages) == {"source-dropped"}, messages)
        expect_good(repo, source)


def claims_cannot_be_had(xylem, work):
    """Where the file of claims should be is a directory."""
    source = make_source(work)
    with nginx(work / "nginx", source) as server:
        repo = new_repo(xylem, work / "repo", server.url)
        claims = repo / "tmp/cache/xylem/claims"
        claims.mkdir(parents=True)
        pulls = [subprocess.Popen([xylem, "pull", "--repo", repo, "origin", REF],
                                  stdout=subprocess.DEVNULL) for _ in range(2)]
        expect([process.wait(120) for process in pulls] == [0, 0])
        expect_good(repo, source)


if __name__ == "__main__":
    main(missing_caches, damaged_cache, configured_caches, damaged_parent, told_of,
         lost_list_of_mirrors, claims_cannot_be_had)
