"""A small server that keeps the headers of each request, and can be told how to answer."""

import contextlib
import gzip
import http.server
import threading


class Site(http.server.ThreadingHTTPServer):
    """Serves a directory. `seen` has (path, headers) of each request, `status` what a path gets in
    place of its file; with `zip` bodies are compressed for who accepts that."""

    def __init__(self, root):
        super().__init__(("127.0.0.1", 0), Handler)
        self.root, self.seen, self.status, self.zip = root, [], {}, False

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        site = self.server
        site.seen.append((self.path, dict(self.headers.items())))
        path = site.root / self.path.lstrip("/")
        status = site.status.get(self.path) or (200 if path.is_file() else 404)
        body = path.read_bytes() if status == 200 else b""
        self.send_response(status)
        if status == 200 and site.zip and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serve_site(root):
    site = Site(root)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        thread.join()
        site.server_close()
