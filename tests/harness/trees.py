"""Trees with one of everything, and comparing trees file by file."""

import contextlib
import hashlib
import os
import pathlib
import shutil
import stat
import subprocess


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


def paths_below(root):
    """Sorted. `rglob` of Python 3.11.2 fails at a symlink whose target is too long for a name."""
    return sorted(pathlib.Path(directory, name) for directory, directories, files in os.walk(root)
                  for name in [*directories, *files])


def describe_tree(root, times=True):
    root = pathlib.Path(root)
    return {str(path.relative_to(root)): describe(path, times)
            for path in [root, *paths_below(root)]}


def assert_same_tree(left, right, times=True):
    first, second = describe_tree(left, times), describe_tree(right, times)
    only = sorted(first.keys() ^ second.keys())
    assert not only, f"only on one side: {only[:10]}"
    differing = [(path, first[path], second[path]) for path in first if first[path] != second[path]]
    assert not differing, f"{len(differing)} differ, first: {differing[0]}"
    return len(first)


def remove_tree(path):
    """Also what a checkout left read-only. Files are let be: they may be links to objects."""
    if os.path.exists(path):
        subprocess.run(["find", str(path), "-type", "d", "-exec", "chmod", "u+rwx", "{}", "+"],
                       check=False)
        shutil.rmtree(path)
