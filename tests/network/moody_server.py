"""An HTTP server and a proxy that answer in their own ways: a rule decides about each request."""

import base64
import contextlib
import http.server
import pathlib
import re
import socket
import threading
import urllib.parse

PAGE = b"<!DOCTYPE html>\n<html><body>Please log in.</body></html>\n"


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves files below a directory, unless the rule has answered."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_GET(self):
        with self.server.lock:
            self.server.asked.append((self.path, dict(self.headers)))
        with contextlib.suppress(ConnectionError):
            if not self.server.rule(self):
                self.give()

    @property
    def name(self):
        """The decoded path, without its first slash."""
        return urllib.parse.unquote(urllib.parse.urlparse(self.path).path).lstrip("/")

    def content(self):
        file = self.server.root / self.name
        return file.read_bytes() if file.is_file() else None

    def give(self, headers=(), body=None, send=None):
        """The file, or the range of it that was asked for; `send` is how many bytes really come."""
        whole = self.content() if body is None else body
        if whole is None:
            return self.say(404)
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        if start and start >= len(whole):
            return self.say(416, {"Content-Range": f"bytes */{len(whole)}"})
        status, extra = (206, {"Content-Range": f"bytes {start}-{len(whole) - 1}/{len(whole)}"}
                         ) if start else (200, {})
        self.say(status, extra | dict(headers), whole[start:], send)
        return None

    def say(self, status, headers=None, body=b"", send=None):
        self.send_response_only(status)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if send is not None:
            self.close_connection = True
            body = body[:send]
        self.wfile.write(body)

    def page(self):
        self.say(200, {"Content-Type": "text/html; charset=utf-8"}, PAGE)

    def login(self):
        """User and password that came with the request; None without."""
        value = self.headers.get("Authorization") or self.headers.get("Proxy-Authorization") or ""
        return base64.b64decode(value[6:]).decode() if value.startswith("Basic ") else None

    def log_message(self, *_arguments):
        pass


class MoodyServer(http.server.ThreadingHTTPServer):
    """`rule` gets each request's handler, and returns whether it has answered."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, root, rule=lambda _request: False, context=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.root, self.rule, self.asked = pathlib.Path(root), rule, []
        self.lock = threading.Lock()
        self.scheme = "https" if context else "http"
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"{self.scheme}://localhost:{self.server_address[1]}"

    def handle_error(self, *_arguments):
        pass  # clients hang up on such a server

    def count(self, end):
        return sum(path.endswith(end) for path, _headers in self.asked)


class RefusingProxy:
    """Answers each request, CONNECT or not, with a status, and counts them."""

    def __init__(self, status):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.status, self.requests = status, []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client, _address = self.listener.accept()
            threading.Thread(target=self.refuse, args=(client,), daemon=True).start()

    def refuse(self, client):
        with client, contextlib.suppress(ConnectionError):
            head = b""
            while b"\r\n\r\n" not in head:
                piece = client.recv(4096)
                if not piece:
                    return
                head += piece
            self.requests.append(head.decode())
            client.sendall(b"HTTP/1.1 %d No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                           b"Content-Length: 0\r\nConnection: close\r\n\r\n" % self.status)
