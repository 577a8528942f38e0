#!/usr/bin/env python3
"""Static deltas: `xylem` beside the installed `ostree`, in one run, on pairs of real trees.

    delta.py [--xylem PROGRAM] [--work DIR] [--runs N] [OLD NEW]…

Without trees: the packages of debian_updates.py, as released and with their security updates, and
the pair of trees in ostree-tests. Each tool generates the delta between two commits of the same
archive repository, with its defaults; the tools take turns. Then each delta is applied offline by
both tools, into a bare-user repository that has the first commit, and checked by `ostree fsck`.
The tables have medians.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import tempfile

from common import measure, run

INSTALLED_TESTS = pathlib.Path("/usr/libexec/installed-tests/libostree")


def tree_pairs(work):
    """Made once for each work directory."""
    debian = work / "debian"
    if not (debian / "new").exists():
        shutil.rmtree(debian, ignore_errors=True)
        run(pathlib.Path(__file__).with_name("debian_updates.py"), debian)
    yield "Debian 12 and its security updates", debian / "old", debian / "new"
    fah = work / "fah"
    for age in ("old", "new"):
        archive = INSTALLED_TESTS / f"fah-deltadata-{age}.tar.xz"
        if archive.exists() and not (fah / age).exists():
            (fah / age).mkdir(parents=True)
            run("tar", "-xJf", archive, "-C", fah / age)
    if (fah / "new").exists():
        yield "fah-deltadata of ostree-tests", fah / "old", fah / "new"


class Pair:
    """Two commits of an archive repository on `main`, and what came of them."""

    def __init__(self, name, old, new, work, tools, runs):
        self.name, self.work, self.tools, self.runs = name, work, tools, runs
        self.source = work / "source"
        run("ostree", "init", f"--repo={self.source}", "--mode=archive")
        self.commits = [self.commit(tree) for tree in (old, new)]

    def commit(self, tree):
        return run("ostree", "commit", f"--repo={self.source}", "-b", "main", f"--tree=dir={tree}",
                   "--owner-uid=0", "--owner-gid=0", "--no-xattrs")

    def generate(self):
        samples = {tool: [] for tool in self.tools}
        for _ in range(self.runs):
            for tool, program in self.tools.items():
                target = self.work / tool
                shutil.rmtree(target, ignore_errors=True)
                target.mkdir()
                samples[tool].append(measure(
                    [program, "static-delta", "generate", f"--repo={self.source}",
                     f"--from={self.commits[0]}", f"--filename={target}/superblock",
                     self.commits[1]]))
        return medians(samples)

    def size(self, tool):
        return sum(path.stat().st_size for path in (self.work / tool).iterdir())

    def fallbacks(self, tool):
        """What clients fetch besides: bytes of objects that the delta leaves out."""
        shown = run(self.tools["xylem"], "static-delta", "show", f"--repo={self.source}",
                    f"{self.work}/{tool}/superblock")
        line = next(line for line in shown.splitlines() if line.startswith("Total Fallback Size:"))
        return int(line.split()[3])

    def apply(self, made_by):
        """By each tool. The objects that are left out are there already."""
        samples = {tool: [] for tool in self.tools}
        for _ in range(self.runs):
            for tool, program in self.tools.items():
                client = self.client(made_by)
                if client is None:
                    return None
                samples[tool].append(measure([program, "static-delta", "apply-offline",
                                              f"--repo={client}", self.work / made_by]))
                run("ostree", "fsck", "-q", f"--repo={client}")
        return medians(samples)

    def client(self, made_by):
        if self.fallbacks(made_by) > 0:
            return None
        client = self.work / "client"
        shutil.rmtree(client, ignore_errors=True)
        run("ostree", "init", f"--repo={client}", "--mode=bare-user")
        run("ostree", "pull-local", f"--repo={client}", self.source, self.commits[0])
        return client


def medians(samples):
    return {tool: [statistics.median(column) for column in zip(*rows)]
            for tool, rows in samples.items()}


def print_rows(title, figures):
    base = figures["ostree"]
    for tool, (wall, cpu, memory) in figures.items():
        print(f"| {title} | {tool} | {wall:.2f} s | {cpu:.2f} s | {memory:.0f} MiB "
              f"| {base[0] / wall:.2f} |")


def report(pair):
    print(f"\n## {pair.name}\n")
    generated = pair.generate()
    sizes = {tool: pair.size(tool) for tool in pair.tools}
    loose = {tool: pair.fallbacks(tool) for tool in pair.tools}
    print("| tool | delta | left out | both | ratio |\n|---|---|---|---|---|")
    for tool in pair.tools:
        total = sizes[tool] + loose[tool]
        ratio = total / (sizes["ostree"] + loose["ostree"])
        print(f"| {tool} | {sizes[tool]:,} | {loose[tool]:,} | {total:,} | {ratio:.3f} |")
    print("\n| step | tool | wall | CPU | peak memory | times as fast |\n|---|---|---|---|---|---|")
    print_rows("generate", generated)
    for tool in pair.tools:
        applied = pair.apply(tool)
        if applied:
            print_rows(f"apply {tool}'s", applied)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--xylem", default="build/src/cli/xylem")
    parser.add_argument("--work", type=pathlib.Path, help="keep trees here for the next time")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("trees", nargs="*", type=pathlib.Path, help="pairs of OLD NEW")
    arguments = parser.parse_args()
    tools = {"ostree": "ostree", "xylem": os.path.abspath(arguments.xylem)}
    with tempfile.TemporaryDirectory(prefix="xylem-bench-", dir="/var/tmp") as temporary:
        work = (arguments.work or pathlib.Path(temporary) / "trees").absolute()
        given = list(zip(arguments.trees[::2], arguments.trees[1::2]))
        pairs = [(str(new), old, new) for old, new in given] or tree_pairs(work)
        for number, (name, old, new) in enumerate(pairs):
            place = pathlib.Path(temporary) / str(number)
            place.mkdir()
            report(Pair(name, old, new, place, tools, arguments.runs))


if __name__ == "__main__":
    main()
