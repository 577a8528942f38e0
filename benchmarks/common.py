"""What the benchmarks share: an input, a server, and how a command is measured."""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

NGINX = """
daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  log_format bytes $body_bytes_sent; access_log {log}; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path {dir}/t1; proxy_temp_path {dir}/t2; fastcgi_temp_path {dir}/t3;
  uwsgi_temp_path {dir}/t4; scgi_temp_path {dir}/t5;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
  server {{ listen 127.0.0.1:{tls_port} ssl http2; root {root};
    http2_max_requests 10000000; ssl_certificate {dir}/cert.pem; ssl_certificate_key {dir}/key.pem; }}
}}
"""


def run(*command, **options):
    return subprocess.run([str(c) for c in command], check=True, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, **options)


def run_text(*command):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True,
                          text=True).stdout.strip()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """nginx on loopback: HTTP/1.1, and TLS with HTTP/2."""

    def __init__(self, work, root, count_bytes=False):
        self.dir = work / "nginx"
        self.dir.mkdir()
        self.port, self.tls_port = free_port(), free_port()
        self.ca = self.dir / "cert.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
            self.dir / "key.pem", "-out", self.ca)
        config = self.dir / "nginx.conf"
        config.write_text(NGINX.format(
            dir=self.dir, root=root, port=self.port, tls_port=self.tls_port,
            log=f"{self.dir}/bytes.log bytes" if count_bytes else "off"))
        os.chmod(work, 0o755)
        self.process = subprocess.Popen(["nginx", "-c", config], stderr=subprocess.DEVNULL)
        self.wait()

    def wait(self):
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        sys.exit("nginx did not start: " + (self.dir / "error.log").read_text())

    def url(self, tls):
        return f"https://localhost:{self.tls_port}" if tls else f"http://127.0.0.1:{self.port}"

    def bytes_sent(self):
        """Bodies of all requests that have ended, in bytes. Only with `count_bytes`."""
        return sum(int(line) for line in (self.dir / "bytes.log").read_text().split())

    def stop(self):
        self.process.terminate()
        self.process.wait()


def measure(command):
    """Wall and CPU seconds and peak memory (MiB) of a command and its children."""
    start = time.monotonic()
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        sys.exit(f"{command}: {errors.decode()}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def make_tree(path):
    run("debootstrap", "--variant=minbase",
        "--include=python3,perl,vim,git,gcc,g++,locales,man-db,systemd,curl,cmake,"
        "linux-image-amd64", "bookworm", path)
    run("chroot", path, "apt-get", "clean")
    for entry in (path / "dev").iterdir():
        entry.unlink() if not entry.is_dir() or entry.is_symlink() else shutil.rmtree(entry)


def add_options(parser):
    parser.add_argument("--xylem", default="build/src/cli/xylem")
    parser.add_argument("--tree", type=pathlib.Path, help="an existing root file system")
    parser.add_argument("--work", type=pathlib.Path, help="keep inputs here for the next time")


def workplace(arguments, *outdated):
    """Returns a directory for inputs and targets, without `outdated`, and what keeps it there."""
    os.umask(0o022)
    temporary = None if arguments.work else tempfile.TemporaryDirectory(prefix="xylem-bench-")
    work = (arguments.work or pathlib.Path(temporary.name)).absolute()
    work.mkdir(exist_ok=True)
    for name in ("nginx", *outdated):
        shutil.rmtree(work / name, ignore_errors=True)
    return work, temporary


def new_repo(path, mode, url=None, ca=None):
    run("ostree", "init", "--repo", path, "--mode", mode)
    if url:
        run("ostree", "remote", "add", "--repo", path, "--no-gpg-verify",
            *([f"--set=tls-ca-path={ca}"] if ca else []), "origin", url)
    return path
