#!/usr/bin/env python3
"""Headers and tokens reach the origins that the user named, and no mirror that a server names.

    test_secrets.py XYLEM
"""

import contextlib
import functools
import hashlib
import http.server
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import commit_sample, expect, main, new_repo, run, run_ok  # noqa: E402

REF = "os/test"
SECRET = "X-Secret"
INVALID = 13


class Recorder(http.server.SimpleHTTPRequestHandler):
    """Serves a directory, and notes which requests came with the secret."""
    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments, seen, lists, **options):
        self.seen, self.lists = seen, lists
        super().__init__(*arguments, **options)

    def do_GET(self):
        self.seen.append((self.path, SECRET in self.headers, self.headers.get(SECRET)))
        text = self.lists.get(self.path)
        if text is None:
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        return None

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def server(root):
    """A server on a port, and so an origin, of its own: its URL, what it saw, texts it has too."""
    seen, lists = [], {}
    handler = functools.partial(Recorder, directory=str(root), seen=seen, lists=lists)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{running.server_address[1]}", seen, lists
        finally:
            running.shutdown()


def metalink(url, summary):
    return f"""<?xml version="1.0"?>
<metalink version="3.0" xmlns="http://www.metalinker.org/"><files><file name="summary">
<size>{len(summary)}</size>
<verification><hash type="sha256">{hashlib.sha256(summary).hexdigest()}</hash></verification>
<resources>
<url protocol="http" type="http" preference="100">{url}/summary</url>
</resources></file></files></metalink>""".encode()


def mirrors_get_no_secrets(xylem, work):
    commit_sample(work / "source", work / "tree", REF)
    summary = (work / "source/summary").read_bytes()
    for kind in ("mirrorlist", "metalink"):
        with server(work / "empty") as (named, named_seen, lists), \
                server(work / "source") as (mirror, mirror_seen, _):
            (work / "empty").mkdir(exist_ok=True)
            lists["/list"] = f"{mirror}\n".encode() if kind == "mirrorlist" else metalink(
                mirror, summary)
            repo = new_repo(xylem, work / "repo", f"mirrorlist={named}/list")
            if kind == "metalink":
                run_ok("ostree", "config", "--repo", repo, "set", 'remote "origin".metalink',
                       f"{named}/list")
            run_ok(xylem, "pull", "--repo", repo, f"--http-header={SECRET}=token", "origin", REF)
            expect(named_seen and all(secret for _, secret, _ in named_seen), kind, named_seen)
            expect(mirror_seen and not any(secret for _, secret, _ in mirror_seen), kind,
                   [path for path, secret, _ in mirror_seen if secret])


def a_named_content_server_gets_them(xylem, work):
    commit_sample(work / "source", work / "tree", REF)
    with server(work / "source") as (url, seen, _), server(work / "source") as (content, more, _):
        repo = new_repo(xylem, work / "repo", url)
        run_ok("ostree", "config", "--repo", repo, "set", 'remote "origin".contenturl', content)
        run_ok(xylem, "pull", "--repo", repo, f"--http-header={SECRET}=token", "origin", REF)
        expect(seen and more and all(secret for _, secret, _ in seen + more))


def line_breaks_are_refused(xylem, work):
    commit_sample(work / "source", work / "tree", REF)
    with server(work / "source") as (url, seen, _):
        repo = new_repo(xylem, work / "repo", url)
        for words in ([f"--http-header={SECRET}=a\r\nX-Injected: b"],
                      [f"--http-header={SECRET}=a\nX-Injected: b"],
                      [f"--http-header={SECRET}\r\nX-Injected=b"],
                      ["--append-user-agent=a\r\nX-Injected: b"]):
            done = run(xylem, "pull", "--repo", repo, *words, "origin", REF)
            expect(done.status == INVALID and "X-Injected" not in done.err.split("\n")[0], done)
        expect(not seen, seen)


if __name__ == "__main__":
    main(mirrors_get_no_secrets, a_named_content_server_gets_them, line_breaks_are_refused)
