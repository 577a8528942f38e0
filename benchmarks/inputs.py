"""What the benchmarks pull: archive repositories below one directory, made once and kept there."""

import contextlib
import dataclasses
import os
import pathlib
import random
import shutil
import tempfile

from common import make_tree, run

REF = "os/benchmark"


@dataclasses.dataclass
class Input:
    """One archive repository; `name` is also where it is below the root of the server."""

    name: str
    repo: pathlib.Path
    ref: str = REF

    def commit(self, back=0):
        return run("ostree", "rev-parse", "--repo", self.repo, self.ref + "^" * back)


def commit(repo, tree, *options):
    run("ostree", "commit", "--repo", repo, "-b", REF, f"--tree=dir={tree}", *options)


def archive(work, name, fill):
    """An archive repository that `fill(repo)` fills, if it is not there from the last time."""
    repo = work / name
    if not (repo / "complete").exists():
        shutil.rmtree(repo, ignore_errors=True)
        run("ostree", "init", "--repo", repo, "--mode=archive")
        fill(repo)
        run("ostree", "summary", "--repo", repo, "-u")
        (repo / "complete").touch()
    return Input(name, repo)


def change_one_percent(tree):
    """Appends a line to every hundredth regular file."""
    files = sorted(p for p in tree.rglob("*") if p.is_file() and not p.is_symlink())
    for path in files[::100]:
        with path.open("ab") as file:
            file.write(b"\nchanged\n")


def system(work, tree):
    """A real root file system, and a second commit in which one file in a hundred differs."""
    tree = tree or work / "tree"
    if not tree.exists():
        make_tree(tree)

    def fill(repo):
        commit(repo, tree)
        changed = work / "changed"
        shutil.copytree(tree, changed, symlinks=True)
        change_one_percent(changed)
        commit(repo, changed)
        shutil.rmtree(changed)

    return archive(work, "system", fill), tree


@contextlib.contextmanager
def scratch(work, size):
    """An empty tree for so many bytes that is deleted again: in memory, if there is room, so that
    deleting it does not disturb the disk that is measured next."""
    memory = pathlib.Path("/dev/shm")
    available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    fits = memory.is_dir() and 2 * size < min(shutil.disk_usage(memory).free, available)
    with tempfile.TemporaryDirectory(dir=memory if fits else work) as above:
        tree = pathlib.Path(above) / "tree"  # with the mode that directories usually have
        tree.mkdir()
        yield tree


def many_files(work, count):
    """Small files that all differ, a hundred in a directory, a hundred directories in another."""
    bytes_each = 5500  # a page, and an inode

    def fill(repo):
        with scratch(work, count * bytes_each) as tree:
            for index in range(count):
                if index % 100 == 0:
                    directory = tree / f"{index // 10000}" / f"{index // 100 % 100}"
                    directory.mkdir(parents=True)
                (directory / f"{index % 100}").write_text(f"file number {index}\n" * 8)
            commit(repo, tree)

    return archive(work, f"many-{count}", fill)


def large_file(work, size):
    """One file that deflates to about a third, as programs do."""

    def fill(repo):
        dice = random.Random(1)
        words = [dice.randbytes(dice.randrange(2, 9)) for _ in range(4096)]
        with scratch(work, size) as tree:
            with (tree / "file").open("wb") as file:
                while file.tell() < size:
                    file.write(b"".join(dice.choices(words, k=1 << 16)))
            commit(repo, tree)

    return archive(work, f"large-{size}", fill)
