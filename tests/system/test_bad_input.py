#!/usr/bin/env python3
"""Gives `xylem pull` everything that can be wrong, one at a time.

    test_bad_input.py XYLEM [--show]

Each case must end in a clear error with the exit code of its kind, leave a repository that
`ostree fsck` accepts, and let a second pull from the healthy server succeed. --show prints the
messages.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import make_sample_tree, new_repo, nginx, remove_tree, run_ok, text_of  # noqa: E402

REF = "os/test"
# Exit codes by error kind, as in the manual.
EXIT = {"not-found": 3, "network": 5, "corrupt": 7, "signature-invalid": 8, "no-space": 9, "unsupported": 12,
        "invalid-argument": 13, "downgrade": 14, "io": 15}


class Case:
    def __init__(self, xylem, work, show):
        self.xylem, self.work, self.show = xylem, work, show
        self.source = work / "source"
        tree = work / "tree"
        make_sample_tree(tree)
        run_ok("ostree", "init", "--repo", self.source, "--mode=archive")
        run_ok("ostree", "commit", "--repo", self.source, "-b", REF, f"--tree=dir={tree}",
               "--add-detached-metadata-string=note=x")
        self.commit = text_of("ostree", "rev-parse", "--repo", self.source, REF)
        self.count = 0

    def new_repo(self, url, mode="bare-user"):
        return new_repo(self.xylem, self.work / "repo", url, mode)

    def pull(self, repo, *arguments):
        return subprocess.run([str(self.xylem), "pull", "--repo", str(repo), "--network-retries=1",
                               *map(str, arguments)], capture_output=True, text=True, timeout=120)

    def expect(self, name, done, kind, *words):
        """The right exit code, one `error:` line that has the words, and nothing like a crash."""
        self.count += 1
        # A warning may come before: of a key that is there twice, say.
        message = "\n".join(line for line in done.stderr.strip().splitlines()
                            if not line.startswith("warning: "))
        if self.show:
            print(f"--- {name} (exit {done.returncode})\n{message}", flush=True)
        assert done.returncode == EXIT[kind], (name, done.returncode, message)
        assert message.startswith("error: "), (name, message)
        for word in words:
            assert word in message, (name, word, message)

    def expect_healthy(self, name, repo, url):
        """Nothing is broken, and the next pull from the good server completes."""
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        done = self.pull(repo, "--url", url, "origin", REF)
        assert done.returncode == 0, (name, done.stderr)
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        assert text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REF}") == self.commit
        if not self.show:
            print(f"ok: {name}", flush=True)

    def object_path(self, repo, extension):
        """An object of this type; of files, the largest regular one."""
        paths = sorted((repo / "objects").rglob(f"*.{extension}"),
                       key=lambda path: path.stat().st_size)
        return paths[-1]


def corrupt_copy(case, extension, change):
    """A copy of the source with one object changed, and the name of that object."""
    bad = case.work / "bad"
    remove_tree(bad)
    shutil.copytree(case.source, bad, symlinks=True)
    path = case.object_path(bad, extension)
    content = path.read_bytes()
    path.write_bytes(change(content))
    return bad, path.parent.name + path.stem


def flip(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1:]


CORRUPTIONS = {
    "bit-flipped": flip,
    "truncated": lambda content: content[:-1],
    "emptied": lambda _: b"",
    "extended": lambda content: content + b"x",
    "replaced by HTML": lambda _: b"<!DOCTYPE html><html>Please log in</html>",
}


def corrupt_objects(case, healthy):
    for extension in ("commit", "dirtree", "dirmeta", "filez"):
        for name, change in CORRUPTIONS.items():
            bad, checksum = corrupt_copy(case, extension, change)
            with nginx(case.work / f"nginx{case.count}", bad) as server:
                repo = case.new_repo(server.url)
                title = f"{extension} {name}"
                case.expect(title, case.pull(repo, "origin", REF), "corrupt", checksum)
                case.expect_healthy(title, repo, healthy.url)


def wrong_places(case, healthy):
    with socket.socket() as nobody:  # holds the port, and does not listen
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        repo = case.new_repo(f"http://{address}")
        case.expect("dead port", case.pull(repo, "origin", REF), "network", address)
    case.expect_healthy("dead port", repo, healthy.url)

    repo = case.new_repo(healthy.url + "/no/such/path")
    case.expect("wrong path", case.pull(repo, "origin", REF), "not-found", REF, healthy.url)
    case.expect_healthy("wrong path", repo, healthy.url)

    for url in ("ftp://localhost/repo", "nonsense", "http://"):
        repo = case.new_repo(healthy.url)
        case.expect(f"URL {url}", case.pull(repo, "--url", url, "origin", REF),
                    "invalid-argument", url)
    case.expect_healthy("URLs", repo, healthy.url)

    repo = case.new_repo(healthy.url)
    case.expect("no such ref", case.pull(repo, "origin", "no/such"), "not-found", "no/such")
    case.expect("no such commit", case.pull(repo, "origin", "a" * 64), "not-found", "a" * 64)
    case.expect("no such remote", case.pull(repo, "other", REF), "not-found", "other")
    case.expect_healthy("names", repo, healthy.url)


def wrong_files(case, healthy):
    """HTML with status 200 where a ref or a summary should be; a server that is not an archive."""
    bad = case.work / "bad"
    for name in (f"refs/heads/{REF}", "summary"):
        remove_tree(bad)
        shutil.copytree(case.source, bad, symlinks=True)
        (bad / name).write_text("<!DOCTYPE html><html>Please log in</html>")
        with nginx(case.work / f"nginx{case.count}", bad) as server:
            repo = case.new_repo(server.url)
            case.expect(f"HTML as {name}", case.pull(repo, "origin", REF), "corrupt")
            case.expect_healthy(f"HTML as {name}", repo, healthy.url)

    for with_summary in (False, True):
        remove_tree(bad)
        run_ok("ostree", "init", "--repo", bad, "--mode=bare-user")
        run_ok("ostree", "pull-local", "--repo", bad, case.source, REF)
        if with_summary:
            run_ok("ostree", "summary", "--repo", bad, "-u")
        with nginx(case.work / f"nginx{case.count}", bad) as server:
            repo = case.new_repo(server.url)
            title = f"remote in bare-user mode, {'with' if with_summary else 'without'} a summary"
            case.expect(title, case.pull(repo, "origin", REF), "unsupported", "bare-user")
            case.expect_healthy(title, repo, healthy.url)


def wrong_values(case, healthy):
    repo = case.new_repo(healthy.url)
    cases = {
        "--depth=-11": "depth", "--depth=many": "depth", "--subpath=usr": "subpath",
        "--subpath=/usr/../etc": "subpath", "--network-retries=-1": "network-retries",
        "--update-frequency=-1": "update-frequency", "--http-header=nonsense": "http-header",
    }
    for option, word in cases.items():
        done = case.pull(repo, option, "origin", REF)
        assert done.returncode not in (0, 1) and done.returncode < 64, (option, done)
        assert word in done.stderr, (option, done.stderr)
        if case.show:
            print(f"--- {option} (exit {done.returncode})\n{done.stderr.strip()}")
    done = subprocess.run([str(case.xylem), "init", "--repo", str(case.work / "x"),
                           "--mode=strange"], capture_output=True, text=True)
    assert done.returncode not in (0, 1) and "strange" in done.stderr, done
    with (repo / "config").open("a") as config:
        config.write("[core]\nmode=strange\n")
    case.expect("unknown mode in config", case.pull(repo, "origin", REF), "invalid-argument",
                "strange")
    case.expect_healthy("values", case.new_repo(healthy.url), healthy.url)


def older_commit(case, healthy):
    repo = case.new_repo(healthy.url)
    assert case.pull(repo, "origin", REF).returncode == 0
    bad = case.work / "bad"
    remove_tree(bad)
    run_ok("ostree", "init", "--repo", bad, "--mode=archive")
    run_ok("ostree", "commit", "--repo", bad, "-b", REF, f"--tree=dir={case.work / 'tree'}",
           "--timestamp=2001-01-01T00:00:00Z")
    with nginx(case.work / f"nginx{case.count}", bad) as server:
        done = case.pull(repo, "-T", "--url", server.url, "origin", REF)
        case.expect("older commit", done, "downgrade", "older")
        done = case.pull(repo, f"--timestamp-check-from-rev=origin:{REF}", "--url", server.url,
                         "origin", REF)
        case.expect("older commit than a revision", done, "downgrade", "older")
    case.expect_healthy("downgrade", repo, healthy.url)


@contextlib.contextmanager
def small_disk(path, size):
    path.mkdir(exist_ok=True)
    run_ok("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", path)
    try:
        yield
    finally:
        run_ok("umount", "-l", path)


def full_disk(case, healthy):
    """A file system that is too small, and then grows."""
    disk = case.work / "disk"
    try:
        with small_disk(disk, "6m"):
            repo = disk / "repo"
            run_ok(case.xylem, "init", "--repo", repo, "--mode=archive")
            run_ok(case.xylem, "config", "--repo", repo, "set", "core.min-free-space-percent", "0")
            run_ok(case.xylem, "remote", "add", "--repo", repo, "--no-gpg-verify", "origin",
                   healthy.url)
            filler = disk / "filler"
            filler.write_bytes(b"x" * 4_000_000)
            case.expect("full disk", case.pull(repo, "origin", REF), "no-space")
            run_ok("ostree", "fsck", "-q", "--repo", repo)
            filler.unlink()
            case.expect_healthy("full disk", repo, healthy.url)
    except AssertionError as error:
        if "mount" not in str(error).split("failed")[0]:
            raise
        print("skipped: full disk (mounting is not allowed here)")


def reserve(case, healthy):
    repo = case.new_repo(healthy.url)
    run_ok(case.xylem, "config", "--repo", repo, "set", "core.min-free-space-size", "900000GB")
    case.expect("reserve of free space", case.pull(repo, "origin", REF), "no-space",
                "min-free-space-size")
    run_ok(case.xylem, "config", "--repo", repo, "unset", "core.min-free-space-size")
    case.expect_healthy("reserve of free space", repo, healthy.url)


def read_only(case, healthy):
    """As a user who may not write; root needs a read-only mount."""
    repo = case.new_repo(healthy.url)
    try:
        run_ok("mount", "--bind", repo, repo)
        run_ok("mount", "-o", "remount,ro,bind", repo)
    except AssertionError:
        print("skipped: read-only repository (mounting is not allowed here)")
        return
    try:
        case.expect("read-only repository", case.pull(repo, "origin", REF), "io", str(repo))
    finally:
        run_ok("umount", "-l", repo)
    case.expect_healthy("read-only repository", repo, healthy.url)


def verification(case, healthy):
    repo = case.new_repo(healthy.url)
    run_ok(case.xylem, "remote", "add", "--repo", repo, "signed", healthy.url)
    case.expect("remote that asks for verification", case.pull(repo, "signed", REF),
                "signature-invalid", "gpg-import")
    assert not list((repo / "objects").rglob("*.commit"))
    case.expect_healthy("verification", repo, healthy.url)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xylem", type=pathlib.Path)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="xylem-bad-input-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        work.chmod(0o755)
        case = Case(arguments.xylem.absolute(), work, arguments.show)
        with nginx(work / "nginx", case.source) as healthy:
            for check in (wrong_places, wrong_files, wrong_values, older_commit, full_disk, reserve,
                          read_only, verification, corrupt_objects):
                check(case, healthy)
        print(f"{case.count} cases")


if __name__ == "__main__":
    main()
