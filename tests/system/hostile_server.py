"""An HTTP server that gives each path what a hostile one would."""

import contextlib
import http.server
import threading

LINE = b"HTTP/1.1 200 OK\r\n"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # a reply is one packet

    def do_GET(self):
        path = self.path.lstrip("/").split("?")[0]
        self.server.asked.append(path)
        trick = next((trick for end, trick in self.server.tricks.items() if path.endswith(end)), None)
        with contextlib.suppress(ConnectionError, ValueError):
            if trick is not None:
                self.close_connection = True
                trick(self.wfile.write)
            elif path in self.server.files:
                self.answer(200, self.server.files[path])
            else:
                self.answer(404, b"")

    def answer(self, status, body):
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    """`files`: path → bytes; `tricks`: end of a path → function that gets what writes
    to the socket."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.tricks, self.asked = {}, {}, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_arguments):
        pass  # clients hang up on such a server


def endless(write):
    write(LINE + b"Connection: close\r\n\r\n")
    while True:
        write(bytes(1 << 16))


def endless_headers(write):
    write(LINE)
    while True:
        write(b"X-Header: " + b"x" * 8000 + b"\r\n")


def huge_length(write):
    write(LINE + b"Content-Length: 99999999999999\r\n\r\n" + bytes(1 << 20))


def lying_length(write):
    write(LINE + b"Content-Length: 1000\r\nConnection: close\r\n\r\nshort")


def negative_length(write):
    write(LINE + b"Content-Length: -5\r\nConnection: close\r\n\r\nabc")


def bad_chunks(write):
    write(LINE + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nabc")


def silence(write):
    write(LINE + b"Content-Length: 100\r\n\r\nx")
    threading.Event().wait(20)


def no_http(write):
    write(b"\0\1\2\3 this is no HTTP\r\n\r\n")


def web_page(write):
    page = b"<!DOCTYPE html><html>Please log in</html>"
    write(LINE + b"Content-Length: %d\r\n\r\n" % len(page) + page)


def not_modified(write):
    write(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n")


def partial_content(write):
    write(b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n"
          b"Connection: close\r\n\r\nabcde")


def gzip_bomb(write):
    write(LINE + b"Content-Encoding: gzip\r\nContent-Length: 4\r\nConnection: close\r\n\r\n\x1f\x8b\x08\0")


def redirect(target):
    def trick(write):
        write(b"HTTP/1.1 302 Found\r\nLocation: " + target + b"\r\nContent-Length: 0\r\n"
              b"Connection: close\r\n\r\n")
    return trick


def body(content):
    def trick(write):
        write(LINE + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(content) + content)
    return trick
