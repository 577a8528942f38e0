#!/usr/bin/env python3
"""Compares `xylem` with the installed `ostree` on one machine, in one run, and prints ratios.

The input is a real operating system tree (made by debootstrap, or --tree DIR), committed by `ostree`
and served by nginx on loopback. The tools take turns, each into a new repository that is made before
the clock starts and removed after it stops; the table shows medians. A floor is measured beside them:
downloading the same URLs with `curl --parallel`.
"""

import argparse
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

MODES = ("archive", "bare-user", "bare-user-only", "bare")
REF = "os/benchmark"

NGINX = """
daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
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


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """nginx on loopback: HTTP/1.1, and TLS with HTTP/2."""

    def __init__(self, work, root):
        self.dir = work / "nginx"
        self.dir.mkdir()
        self.port, self.tls_port = free_port(), free_port()
        self.ca = self.dir / "cert.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
            self.dir / "key.pem", "-out", self.ca)
        config = self.dir / "nginx.conf"
        config.write_text(NGINX.format(dir=self.dir, root=root, port=self.port,
                                       tls_port=self.tls_port))
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


class Bench:
    def __init__(self, arguments, work):
        self.tools = {"ostree": "ostree", "xylem": os.path.abspath(arguments.xylem)}
        self.runs = arguments.runs
        self.work = work
        self.rows = []

    def new_repo(self, mode, url=None, ca=None):
        repo = self.work / "target"
        run("ostree", "init", "--repo", repo, "--mode", mode)
        if url:
            run("ostree", "remote", "add", "--repo", repo, "--no-gpg-verify",
                *([f"--set=tls-ca-path={ca}"] if ca else []), "origin", url)
        return repo

    def compare(self, name, prepare, command):
        """`prepare()` makes the target; `command(tool, repo)` is what is timed."""
        samples = {tool: [] for tool in self.tools}
        for _ in range(self.runs):
            for tool, path in self.tools.items():
                repo = prepare()
                os.sync()
                samples[tool].append(measure(command(path, repo)))
                shutil.rmtree(repo)
        medians = {tool: [statistics.median(column) for column in zip(*rows)]
                   for tool, rows in samples.items()}
        self.rows.append((name, medians))
        theirs, ours = medians["ostree"], medians["xylem"]
        print(f"{name:34} {theirs[0]:8.2f} {ours[0]:8.2f} {theirs[0] / ours[0]:7.2f}x"
              f" {theirs[1]:8.2f} {ours[1]:8.2f} {ours[1] / theirs[1]:7.2f}x"
              f" {theirs[2]:7.0f} {ours[2]:7.0f}", flush=True)


def make_tree(path):
    run("debootstrap", "--variant=minbase",
        "--include=python3,perl,vim,git,gcc,g++,locales,man-db,systemd,curl,libboost-dev,cmake",
        "bookworm", path)
    for entry in (path / "dev").iterdir():
        entry.unlink() if not entry.is_dir() or entry.is_symlink() else shutil.rmtree(entry)


def change_one_percent(tree):
    """Appends a line to every hundredth regular file."""
    files = sorted(p for p in tree.rglob("*") if p.is_file() and not p.is_symlink())
    for path in files[::100]:
        with path.open("ab") as file:
            file.write(b"\nchanged\n")


def floor(server, source, work):
    """Downloads every file object with curl, as many at once as it likes."""
    config = work / "urls"
    with config.open("w") as out:
        for path in sorted((source / "objects").rglob("*.filez")):
            out.write(f'url = "{server.url(False)}/{path.relative_to(source)}"\noutput = "/dev/null"\n')
    return measure(["curl", "-s", "--parallel", "--parallel-max", "32", "-K", config])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--xylem", default="build/src/cli/xylem")
    parser.add_argument("--tree", type=pathlib.Path, help="an existing root file system")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--work", type=pathlib.Path, help="keep inputs here for the next time")
    arguments = parser.parse_args()
    os.umask(0o022)
    temporary = None if arguments.work else tempfile.TemporaryDirectory(prefix="xylem-bench-")
    work = (arguments.work or pathlib.Path(temporary.name)).absolute()
    work.mkdir(exist_ok=True)

    tree = arguments.tree or work / "tree"
    if not tree.exists():
        make_tree(tree)
    source = work / "source"
    if not source.exists():
        run("ostree", "init", "--repo", source, "--mode=archive")
        run("ostree", "commit", "--repo", source, "-b", REF, f"--tree=dir={tree}")
        changed = work / "changed"
        shutil.copytree(tree, changed, symlinks=True)
        change_one_percent(changed)
        run("ostree", "commit", "--repo", source, "-b", REF, f"--tree=dir={changed}")
        run("ostree", "summary", "--repo", source, "-u")
        shutil.rmtree(changed)
    shutil.rmtree(work / "nginx", ignore_errors=True)
    shutil.rmtree(work / "target", ignore_errors=True)
    old = run_text("ostree", "rev-parse", "--repo", source, REF + "^")
    server = Server(work, source)
    try:
        compare_all(Bench(arguments, work), server, source, old)
    finally:
        server.stop()


def run_text(*command):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True,
                          text=True).stdout.strip()


def compare_all(bench, server, source, old):
    print(f"{'':34} {'wall seconds':^26} {'CPU seconds':^26} {'peak MiB':^15}")
    print(f"{'':34} {'ostree':>8} {'xylem':>8} {'faster':>8} {'ostree':>8} {'xylem':>8}"
          f" {'share':>8} {'ostree':>7} {'xylem':>7}")
    pull = lambda tool, repo: [tool, "pull", "--repo", repo, "origin", REF]
    modes = [m for m in MODES if m != "bare" or os.geteuid() == 0]
    for mode in modes:
        bench.compare(f"pull, {mode}, HTTP/1.1", lambda: bench.new_repo(mode, server.url(False)),
                      pull)
    bench.compare("pull, bare-user, TLS and HTTP/2",
                  lambda: bench.new_repo("bare-user", server.url(True), server.ca), pull)

    def updatable():
        repo = bench.new_repo("bare-user", server.url(False))
        run("ostree", "pull", "--repo", repo, "origin", f"{REF}@{old}")
        return repo

    bench.compare("pull of a 1 % update, bare-user", updatable, pull)

    def up_to_date():
        repo = bench.new_repo("bare-user", server.url(False))
        run("ostree", "pull", "--repo", repo, "origin", REF)
        return repo

    bench.compare("pull of nothing new, bare-user", up_to_date, pull)
    bench.compare("pull-local, bare-user from archive", lambda: bench.new_repo("bare-user"),
                  lambda tool, repo: [tool, "pull-local", "--repo", repo, source, REF])
    wall, cpu, _ = floor(server, source, bench.work)
    print(f"\nfloor: curl --parallel downloads all files in {wall:.2f} s ({cpu:.2f} s CPU)")


if __name__ == "__main__":
    main()
