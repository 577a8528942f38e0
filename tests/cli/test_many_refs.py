#!/usr/bin/env python3
"""Many refs in one pull: each commit is asked for once, and the disk is flushed as often as for a
few.

    test_many_refs.py XYLEM
"""

import collections
import http.server
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import Skip, make_sample_tree, new_repo, run, run_ok, text_of  # noqa: E402
from harness.cases import expect, main  # noqa: E402

FLUSHES = "fsync,fdatasync,syncfs,sync"


class Counting(http.server.SimpleHTTPRequestHandler):
    """Counts requests by path."""
    counts = collections.Counter()

    def do_GET(self):
        self.counts[self.path] += 1
        super().do_GET()

    def log_message(self, *_):
        pass


def serve(directory):
    handler = type("ThisCounting", (Counting,), {"counts": collections.Counter()})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *rest: handler(*rest, directory=str(directory)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}", handler.counts


def make_source(work, versions):
    source, tree = work / "source", work / "tree"
    make_sample_tree(tree)
    run_ok("ostree", "init", "--repo", source, "--mode=archive")
    for version in range(versions):
        (tree / "changing").write_text(str(version))
        run_ok("ostree", "commit", "--repo", source, "-b", "main", f"--tree=dir={tree}")
    return source


def add_refs(source, commit, names):
    """As `ostree refs --create` writes them, but in one go."""
    for name in names:
        (source / "refs/heads" / name).write_text(commit + "\n")


def repeated(counts):
    return {path: count for path, count in counts.items()
            if count > 1 and path.endswith((".commit", ".commitmeta"))}


def refs_on_one_commit(xylem, work):
    source = make_source(work, 3)
    commit = text_of("ostree", "rev-parse", "--repo", source, "main")
    add_refs(source, commit, [f"ref{number}" for number in range(100)])
    add_refs(source, text_of("ostree", "rev-parse", "--repo", source, "main^"), ["older", "old2"])
    run_ok("ostree", "summary", "--repo", source, "-u")
    for depth in ("0", "-1", "1"):
        server, url, counts = serve(source)
        repo = new_repo(xylem, work / f"repo{depth}", url, "archive")
        options = ["--disable-verify-bindings", f"--depth={depth}"]
        run_ok(xylem, "pull", "--repo", repo, "--mirror", *options, "origin")
        expect(not repeated(counts), depth, repeated(counts))
        listed = run_ok(xylem, "refs", "--repo", repo, "-r")
        expect(listed.count(commit) == 101, listed)
        counts.clear()
        run_ok(xylem, "pull", "--repo", repo, "--mirror", *options, "origin")
        expect(not repeated(counts), "again", depth, repeated(counts))
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        server.shutdown()


def each_ref_is_checked(xylem, work):
    """Of refs on one commit, one that the commit is not bound to."""
    source = make_source(work, 1)
    add_refs(source, text_of("ostree", "rev-parse", "--repo", source, "main"), ["other"])
    repo = new_repo(xylem, work / "repo", f"file://{source}", "archive")
    done = run(xylem, "pull", "--repo", repo, "origin", "main", "other")
    expect(done.status != 0 and "other" in done.err, done)
    expect(not run_ok("ostree", "refs", "--repo", repo))


def count_flushes(xylem, work, source, refs):
    repo = new_repo(xylem, work / "repo", f"file://{source}", "archive")
    trace = work / "trace"
    run_ok("strace", "-f", "-qq", "-o", trace, "-e", f"trace={FLUSHES}", xylem, "pull", "--repo",
           repo, "origin", *refs)
    return len(trace.read_text().splitlines())


def flushes_do_not_grow_with_refs(xylem, work):
    if run("strace", "-V").status != 0:
        raise Skip("strace")
    source, tree = make_source(work, 1), work / "tree"
    names = [f"ref{number}" for number in range(40)]
    for name in names:
        (tree / "changing").write_text(name)
        run_ok("ostree", "commit", "--repo", source, "-b", name, f"--tree=dir={tree}")
    few = count_flushes(xylem, work, source, names[:12])
    many = count_flushes(xylem, work, source, names)
    expect(many <= few, few, many)


main(refs_on_one_commit, each_ref_is_checked, flushes_do_not_grow_with_refs)
