#!/usr/bin/env python3
"""What pulls cost that run at the same time, or that are killed: `xylem` beside the real `ostree`.

    parallel.py --xylem build/src/cli/xylem [--tree DIR] [--work DIR] [--runs N]
                [--parts 1,4,16,half,large] [--tools ostree,xylem] [--samples FILE]

The parts are so many pulls of one ref at once, a pull that is killed at half and finished, and one
of a file of 1 GB that is killed at 90 % and finished after a reboot. The input is a Debian tree
made by debootstrap, or --tree; and that file. Bytes are the bodies that nginx has sent. Figures are
medians, and ratios to one undisturbed pull by the same tool.

Each run has a target of its own, and all are deleted at the end, or with --keep never: ext4 is slow
for minutes after large trees were deleted. With --samples what was measured is kept there, and
counts in the next call too: so parts may be measured in turn.
"""

import argparse
import itertools
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

from common import add_options, make_tree, new_repo, run, workplace
from harness import Nginx

REF = "os/benchmark"
LARGE_REF = "large/file"
LARGE_SIZE = 1_000_000_000


class Bench:
    def __init__(self, mode, work, server):
        self.mode, self.work, self.server = mode, work, server
        self.whole = 0

    def target(self, part):
        """An empty repository whose remote is one of those below the server's root."""
        names = (self.work / "targets" / str(number) for number in itertools.count())
        path = next(name for name in names if not name.exists())
        path.parent.mkdir(exist_ok=True)
        os.sync()
        return new_repo(path, self.mode, f"{self.server.url}/{part}")

    def measured(self, repo, action):
        """Seconds, and bytes sent."""
        before, begin = self.server.bytes_sent(), time.monotonic()
        action()
        seconds = time.monotonic() - begin
        time.sleep(0.5)  # nginx logs a request that was cut off when it notices
        sent = self.server.bytes_sent() - before
        run("ostree", "fsck", "-q", "--repo", repo)
        return seconds, sent

    def at_once(self, tool, count):
        repo = self.target("source")
        return self.measured(repo, lambda: finish([start(tool, repo, REF) for _ in range(count)]))

    def half(self, tool):
        half = self.server.bytes_sent() + self.size_of_source() / 2
        return self.killed(tool, "source", REF, lambda _: self.server.bytes_sent() >= half,
                           "before")

    def large(self, tool):
        return self.killed(tool, "large", LARGE_REF,
                           lambda pid: bytes_written(pid) >= 0.9 * LARGE_SIZE, "after")

    def killed(self, tool, part, ref, has_enough, boot):
        """A pull that is killed, and the next one, which completes it in that boot."""
        repo = self.target(part)

        def both():
            pull = start(tool, repo, ref, boot="before")
            while not has_enough(pull.pid):
                if pull.poll() is not None:
                    sys.exit(f"{tool} was too fast to be killed")
                time.sleep(0.005)
            pull.kill()
            pull.wait()
            finish([start(tool, repo, ref, boot=boot)])

        return self.measured(repo, both)

    def size_of_source(self):
        if not self.whole:
            objects = self.work.glob("served/source/objects/*/*")
            self.whole = sum(path.stat().st_size for path in objects)
        return self.whole

    def measure(self, part, tool):
        if part.isdigit():
            return self.at_once(tool, int(part))
        return self.half(tool) if part == "half" else self.large(tool)


def start(tool, repo, ref, boot=None):
    environment = {**os.environ, **({"OSTREE_BOOTID": boot} if boot else {})}
    return subprocess.Popen([tool, "pull", "--repo", repo, "origin", ref], env=environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(pulls):
    for pull in pulls:
        _, errors = pull.communicate()
        if pull.returncode != 0:
            sys.exit(f"{pull.args}: {errors.decode()}")


def bytes_written(pid):
    """By all write calls of a process so far: what it has downloaded, roughly, if it inflates
    nothing."""
    lines = pathlib.Path(f"/proc/{pid}/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"])


def make_inputs(arguments, work):
    """Both below one directory, which is served."""
    root = work / "served"
    root.mkdir(exist_ok=True)
    if not (root / "source").exists():
        tree = arguments.tree or work / "tree"
        if not tree.exists():
            make_tree(tree)
        commit(root / "source", REF, tree)
    if not (root / "large").exists():
        (work / "large").mkdir(exist_ok=True)
        with (work / "large/file").open("wb") as file:
            for _ in range(LARGE_SIZE // 1_000_000):
                file.write(os.urandom(1_000_000))
        commit(root / "large", LARGE_REF, work / "large")
        shutil.rmtree(work / "large")
    return root


def commit(repo, ref, tree):
    run("ostree", "init", "--repo", repo, "--mode=archive")
    run("ostree", "commit", "--repo", repo, "-b", ref, f"--tree=dir={tree}")
    run("ostree", "summary", "--repo", repo, "-u")


class Samples:
    """What was measured, by part and tool; kept in a file if there is one."""

    def __init__(self, file):
        self.file = file
        self.all = json.loads(file.read_text()) if file and file.exists() else {}

    def add(self, part, tool, sample):
        self.all.setdefault(part, {}).setdefault(tool, []).append(sample)
        print(f"{part:8} {tool:8} {sample[0]:8.2f} s {sample[1]:13} bytes", flush=True)
        if self.file:
            self.file.write_text(json.dumps(self.all))

    def median(self, part, tool, column):
        samples = self.all.get(part, {}).get(tool, [])
        return statistics.median(sample[column] for sample in samples) if samples else None

    def show(self):
        for part, tools in self.all.items():
            for tool, samples in tools.items():
                seconds, sent = (self.median(part, tool, column) for column in (0, 1))
                one = self.one(part, tool)
                print(f"{part:8} {tool:8} {len(samples):2} runs: {seconds:8.2f} s "
                      f"{ratio(seconds, one[0])} {sent:13.0f} bytes {ratio(sent, one[1])}")

    def one(self, part, tool):
        """What an undisturbed pull takes: seconds, bytes."""
        if part == "large":
            return None, LARGE_SIZE
        return self.median("1", tool, 0), self.median("1", tool, 1)


def ratio(figure, one):
    return f"{figure / one:6.3f}x" if one else f"{'-':>7}"


def words(text):
    return [word for word in text.split(",") if word]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(parser)
    parser.add_argument("--mode", default="archive")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--parts", type=words, default=["1", "4", "16", "half", "large"])
    parser.add_argument("--tools", type=words, default=["ostree", "xylem"])
    parser.add_argument("--samples", type=pathlib.Path, help="go on with these, and add to them")
    parser.add_argument("--keep", action="store_true", help="the targets, below --work")
    arguments = parser.parse_args()
    work, _temporary = workplace(arguments)
    programs = {"ostree": "ostree", "xylem": os.path.abspath(arguments.xylem)}
    samples = Samples(arguments.samples)
    server = Nginx(work / "nginx", make_inputs(arguments, work), log="bytes")
    bench = Bench(arguments.mode, work, server)
    try:
        for _, part, tool in itertools.product(range(arguments.runs), arguments.parts,
                                               arguments.tools):
            samples.add(part, tool, bench.measure(part, programs[tool]))
        samples.show()
    finally:
        server.stop()
        if not arguments.keep:
            shutil.rmtree(work / "targets", ignore_errors=True)


if __name__ == "__main__":
    main()
