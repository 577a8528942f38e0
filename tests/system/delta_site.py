"""A server with two commits and a static delta between them, made by the real `ostree`."""

import contextlib
import os
import pathlib
import random
import shutil

from harness import describe_tree, nginx, remove_tree, run, run_ok, text_of

REF = "os/test"


def write_first(tree, dice):
    """Files that grow, shrink, move, change in the middle, or go."""
    for directory in ("bin", "lib/deep", "share"):
        (tree / directory).mkdir(parents=True)
    for name in ("lib/changed", "lib/front", "lib/grown", "lib/shrunk", "lib/moved"):
        (tree / name).write_bytes(dice.randbytes(300_000))
    for number in range(40):
        (tree / f"share/text{number}").write_text(f"line {number}\n" * (number + 1))
    (tree / "bin/tool").write_bytes(dice.randbytes(5000))
    (tree / "bin/tool").chmod(0o755)
    (tree / "bin/link").symlink_to("tool")


def write_second(tree, dice):
    changed = bytearray((tree / "lib/changed").read_bytes())
    changed[150_000:150_100] = dice.randbytes(100)
    (tree / "lib/changed").write_bytes(changed)
    # At the begin, where libostree finds nothing to copy and makes a patch.
    front = (tree / "lib/front").read_bytes()
    (tree / "lib/front").write_bytes(b"other" + front[5:])
    grown = (tree / "lib/grown").read_bytes()
    (tree / "lib/grown").write_bytes(grown[:100_000] + dice.randbytes(6000) + grown[100_000:])
    (tree / "lib/shrunk").write_bytes((tree / "lib/shrunk").read_bytes()[:120_000])
    (tree / "lib/moved").rename(tree / "lib/deep/moved.1")
    (tree / "lib/new").write_bytes(dice.randbytes(200_000))
    (tree / "share/empty").touch()
    for number in range(0, 40, 3):
        (tree / f"share/text{number}").write_text(f"changed {number}\n" * (number + 2))
    (tree / "share/text1").unlink()
    (tree / "bin/tool").chmod(0o775)
    (tree / "bin/link").unlink()
    (tree / "bin/link").symlink_to("../lib/new")


def write_privileged(tree):
    """What a bare-user-only repository cannot keep."""
    (tree / "bin/tool").chmod(0o4755)
    with contextlib.suppress(OSError):
        os.setxattr(tree / "lib/new", "user.note", b"kept")


class DeltaSite:
    """`source` has commits `first` and `second` of REF, and no delta yet."""

    def __init__(self, xylem, work, plain=True):
        self.xylem, self.work = xylem, pathlib.Path(work)
        self.source, self.tree = self.work / "source", self.work / "tree"
        dice = random.Random(17)
        run_ok("ostree", "init", "--repo", self.source, "--mode=archive")
        write_first(self.tree, dice)
        self.first = self.commit(plain)
        write_second(self.tree, dice)
        if not plain:
            write_privileged(self.tree)
        self.second = self.commit(plain)
        run_ok("ostree", "summary", "-u", "--repo", self.source)

    def commit(self, plain):
        options = ["--canonical-permissions", "--no-xattrs"] if plain else []
        return text_of("ostree", "commit", "--repo", self.source, "-b", REF, *options,
                       f"--tree=dir={self.tree}")

    def generate(self, *options):
        """Makes a delta, by default from the first commit to the second, and lists it."""
        run_ok("ostree", "static-delta", "generate", "--repo", self.source,
               "--min-fallback-size=0", *options, REF)
        run_ok("ostree", "summary", "-u", "--repo", self.source)
        return self.delta_dirs()[-1]

    def delta_dirs(self):
        return sorted((path.parent for path in self.source.glob("deltas/*/*/superblock")),
                      key=lambda path: (path / "superblock").stat().st_mtime_ns)

    def drop_loose(self):
        """The server keeps no object but commits: what comes can only come by the delta."""
        for path in self.source.glob("objects/*/*"):
            if path.suffix not in (".commit", ".commitmeta"):
                path.unlink()

    def client(self, url, mode="bare-user", with_first=True, name="client", config=()):
        """A repository that has the first commit, if it shall have any."""
        repo = self.work / name
        remove_tree(repo)
        run_ok("ostree", "init", "--repo", repo, "--mode", mode)
        run_ok("ostree", "remote", "add", "--repo", repo, "--no-gpg-verify", "origin", url)
        for key, value in config:
            run_ok("ostree", "config", "--repo", repo, "set", f'remote "origin".{key}', value)
        if with_first:
            run_ok("ostree", "pull-local", "--repo", repo, "--remote=origin", self.source,
                   self.first)
            run_ok("ostree", "refs", "--repo", repo, f"--create=origin:{REF}", self.first)
        return repo

    def pull(self, repo, *options):
        return run(self.xylem, "pull", "--repo", repo, "origin", *options, REF)

    def expect_second(self, repo):
        """The second commit is here, whole, and nothing is left over."""
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        run_ok(self.xylem, "fsck", "-q", "--repo", repo)
        assert text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REF}") == self.second
        left = [path.name for path in (repo / "tmp").iterdir() if path.name != "cache"]
        assert not left and not list((repo / "state").iterdir()), left
        checkout = self.work / "checkout"
        shutil.rmtree(checkout, ignore_errors=True)
        run_ok("ostree", "checkout", "-U", "--repo", repo, f"origin:{REF}", checkout)
        assert describe_contents(checkout) == describe_contents(self.tree)
        shutil.rmtree(checkout)


def describe_contents(tree):
    """Owners and attributes depend on the mode of the repository, and fsck has looked at them."""
    return {path: (what.get("sha256"), what.get("target"))
            for path, what in describe_tree(tree, times=False).items()}


def paths_of(lines):
    """What was asked for, from the lines of nginx's log."""
    return [line.split('"')[1].split()[1] for line in lines]


@contextlib.contextmanager
def delta_site(xylem, work, plain=True):
    site = DeltaSite(xylem, work, plain)
    with nginx(pathlib.Path(work) / "nginx", site.source) as server:
        site.server = server
        yield site
