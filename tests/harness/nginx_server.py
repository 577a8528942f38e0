"""The real nginx, on free ports of this machine."""

import contextlib
import os
import pathlib
import socket
import subprocess

from harness.process import run_ok

NGINX = """
daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  log_format bytes $body_bytes_sent; access_log {log};
  sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path {dir}/t1; proxy_temp_path {dir}/t2; fastcgi_temp_path {dir}/t3;
  uwsgi_temp_path {dir}/t4; scgi_temp_path {dir}/t5;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
  server {{ listen 127.0.0.1:{tls_port} ssl http2; root {root}; http2_max_requests 10000000;
    ssl_certificate {dir}/cert.pem; ssl_certificate_key {dir}/key.pem; }}
}}
"""


def listening():
    """A socket on a free port, to be handed on: nobody can take the port meanwhile."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(511)
    return listener


class Nginx:
    """Serves a directory over HTTP/1.1 and over TLS with HTTP/2.

    `log` is what it writes a line about each request for: "requests", "bytes", or None."""

    def __init__(self, directory, root, log="requests"):
        self.log = log
        self.dir = pathlib.Path(directory)
        self.dir.mkdir()
        self.ca = self.dir / "cert.pem"
        run_ok("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
               "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
               "-keyout", self.dir / "key.pem", "-out", self.ca)
        with listening() as http, listening() as https:
            self.port, self.tls_port = http.getsockname()[1], https.getsockname()[1]
            self.process = self.start(root, http.fileno(), https.fileno())

    def start(self, root, *sockets):
        """It inherits sockets that listen already; who connects before it is ready just waits."""
        config = self.dir / "nginx.conf"
        user = "user root;\n" if os.geteuid() == 0 else ""
        formats = {"requests": "combined", "bytes": "bytes"}
        log = f"{self.dir}/access.log {formats[self.log]}" if self.log else "off"
        config.write_text(user + NGINX.format(dir=self.dir, root=root, port=self.port,
                                              tls_port=self.tls_port, log=log))
        (self.dir / "access.log").touch()  # Somebody may ask before nginx makes it.
        inherited = "".join(f"{socket};" for socket in sockets)
        return subprocess.Popen(["nginx", "-c", config], stderr=subprocess.DEVNULL,
                                pass_fds=sockets, env=os.environ | {"NGINX": inherited})

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def tls_url(self):
        return f"https://localhost:{self.tls_port}"

    def requests(self):
        """Log lines so far: one for each request."""
        return (self.dir / "access.log").read_text().splitlines()

    def bytes_sent(self):
        """Bodies of all requests that have ended, in bytes. Only with a log of bytes."""
        return sum(int(line) for line in self.requests())

    def stop(self):
        self.process.terminate()
        self.process.wait()


@contextlib.contextmanager
def nginx(directory, root):
    server = Nginx(directory, root)
    try:
        yield server
    finally:
        server.stop()
