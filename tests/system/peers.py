"""The other side of the system tests: real `ostree`, real nginx, trees, and comparing them."""

import contextlib
import hashlib
import os
import pathlib
import shutil
import socket
import stat
import subprocess

NGINX = """
daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log {dir}/access.log; keepalive_requests 1000000;
  client_body_temp_path {dir}/t1; proxy_temp_path {dir}/t2; fastcgi_temp_path {dir}/t3;
  uwsgi_temp_path {dir}/t4; scgi_temp_path {dir}/t5;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
  server {{ listen 127.0.0.1:{tls_port} ssl http2; root {root};
    ssl_certificate {dir}/cert.pem; ssl_certificate_key {dir}/key.pem; }}
}}
"""


def run(*command, check=True):
    """Runs a command and returns what it printed; shows its errors if it fails."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if check and done.returncode != 0:
        raise AssertionError(f"{command} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def expect(condition, *details):
    """Unlike assert it cannot be switched off, and shows what it was about."""
    if not condition:
        raise AssertionError("\n".join(str(detail) for detail in details))


def listening():
    """A socket on a free port, to be handed on: nobody can take the port meanwhile."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(511)
    return listener


class Nginx:
    """Serves a directory over HTTP/1.1 and over TLS with HTTP/2."""

    def __init__(self, directory, root):
        self.dir = pathlib.Path(directory)
        self.dir.mkdir()
        self.ca = self.dir / "cert.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
            self.dir / "key.pem", "-out", self.ca)
        with listening() as http, listening() as https:
            self.port, self.tls_port = http.getsockname()[1], https.getsockname()[1]
            self.process = self.start(root, http.fileno(), https.fileno())

    def start(self, root, *sockets):
        """It inherits sockets that listen already; who connects before it is ready just waits."""
        config = self.dir / "nginx.conf"
        user = "user root;\n" if os.geteuid() == 0 else ""
        config.write_text(user + NGINX.format(dir=self.dir, root=root, port=self.port,
                                              tls_port=self.tls_port))
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


def make_sample_tree(root):
    """A small tree with one of everything that an operating system has."""
    root = pathlib.Path(root)
    for directory in ("etc", "usr/bin", "usr/lib/deep/er", "usr/share/ünïcode", "var/empty"):
        (root / directory).mkdir(parents=True)
    for number in range(300):
        path = root / f"usr/lib/deep/file{number:03}"
        path.write_bytes(f"content {number % 250}\n".encode() * (number + 1))
    (root / "etc/empty").touch()
    (root / "etc/shadow").write_text("secret\n")
    (root / "etc/shadow").chmod(0o600)
    (root / "usr/bin/tool").write_bytes(bytes(range(256)) * 64)
    (root / "usr/bin/tool").chmod(0o755)
    (root / "usr/bin/link").symlink_to("tool")
    (root / "usr/bin/dangling").symlink_to("/no/such/file")
    (root / "usr/share/ünïcode/nämé").write_text("x")
    # Compresses badly, so that it is a large body on the wire, too.
    seed = b"seed"
    with (root / "usr/lib/large").open("wb") as large:
        for _ in range(100_000):
            seed = hashlib.sha256(seed).digest()
            large.write(seed)
    (root / "usr/share/zeros").write_bytes(b"\0" * 5_000_000)
    if os.geteuid() == 0:
        (root / "usr/bin/tool").chmod(0o4755)
        (root / "var/empty").chmod(0o1777)
        os.chown(root / "etc/shadow", 0, 42)
        with contextlib.suppress(OSError):
            os.setxattr(root / "etc/empty", "user.note", b"hello")
            os.setxattr(root / "var", "user.dir", b"\0\1")


def commit_sample(source, tree, *refs):
    """Makes a sample tree and an archive repository of it: one commit a ref, each with a file of
    its own, and a summary."""
    make_sample_tree(tree)
    run("ostree", "init", "--repo", source, "--mode=archive")
    for ref in refs:
        (tree / f"usr/lib/{ref.replace('/', '-')}").write_text(ref * 1000)
        run("ostree", "commit", "--repo", source, "-b", ref, f"--tree=dir={tree}")
    run("ostree", "summary", "--repo", source, "-u")


def new_repo(xylem, repo, url, mode="bare-user"):
    """An empty repository with the remote `origin`, in place of what was there."""
    remove(repo)
    run(xylem, "init", "--repo", repo, "--mode", mode)
    run(xylem, "remote", "add", "--repo", repo, "--no-gpg-verify", "origin", url)
    return repo


def expect_complete(repo, source, refs):
    """All is well, these refs of origin are those of the source, and nothing is left over."""
    run("ostree", "fsck", "-q", "--repo", repo)
    for ref in refs:
        assert (run("ostree", "rev-parse", "--repo", repo, f"origin:{ref}")
                == run("ostree", "rev-parse", "--repo", source, ref))
    left = [entry.name for entry in (repo / "tmp").iterdir() if entry.name != "cache"]
    assert not left and not list((repo / "state").iterdir()), left


def finish(pulls):
    """Waits for pulls that run, all of which must succeed."""
    for pull in pulls:
        output, errors = pull.communicate(timeout=120)
        assert pull.returncode == 0, (pull.args, output, errors)


def describe(path, times=True):
    """All that a checkout may differ in, for one file. Without `times` where they are those of now."""
    info = path.lstat()
    kind = stat.S_IFMT(info.st_mode)
    what = {"mode": oct(info.st_mode), "uid": info.st_uid, "gid": info.st_gid}
    if kind == stat.S_IFLNK:
        what["target"] = os.readlink(path)
    elif kind == stat.S_IFREG:
        what["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        # Empty files are never linked, so they have the time of the checkout.
        what["mtime"] = int(info.st_mtime) if times and info.st_size > 0 else None
    what["xattrs"] = {name: os.getxattr(path, name, follow_symlinks=False)
                      for name in sorted(os.listxattr(path, follow_symlinks=False))}
    return what


def describe_tree(root, times=True):
    root = pathlib.Path(root)
    return {str(path.relative_to(root)): describe(path, times)
            for path in [root, *root.rglob("*")]}


def assert_same_tree(left, right, times=True):
    first, second = describe_tree(left, times), describe_tree(right, times)
    only = sorted(first.keys() ^ second.keys())
    assert not only, f"only on one side: {only[:10]}"
    differing = [(path, first[path], second[path]) for path in first if first[path] != second[path]]
    assert not differing, f"{len(differing)} differ, first: {differing[0]}"
    return len(first)


def remove(path):
    """Also what a checkout left read-only. Files are let be: they may be links to objects."""
    if os.path.exists(path):
        subprocess.run(["find", str(path), "-type", "d", "-exec", "chmod", "u+rwx", "{}", "+"],
                       check=False)
        shutil.rmtree(path)
