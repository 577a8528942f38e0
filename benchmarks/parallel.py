#!/usr/bin/env python3
"""What pulls cost that run at the same time, or that are killed: `xylem` beside the real `ostree`.

    parallel.py --xylem build/src/cli/xylem [--tree DIR] [--work DIR] [--runs N]

The input is a Debian tree made by debootstrap, or --tree, and a file of 1 GB. Bytes are the bodies
that nginx has sent. Each figure is a ratio to one undisturbed pull by the same tool in the same
run; times are medians.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

from common import Server, add_options, make_tree, new_repo, run, workplace

REF = "os/benchmark"
LARGE_REF = "large/file"
LARGE_SIZE = 1_000_000_000


class Bench:
    def __init__(self, arguments, work, server):
        self.work, self.server, self.mode = work, server, arguments.mode
        self.runs = arguments.runs

    def target(self, part):
        """An empty repository whose remote is one of those below the server's root."""
        shutil.rmtree(self.work / "target", ignore_errors=True)
        os.sync()
        return new_repo(self.work / "target", self.mode, f"{self.server.url(False)}/{part}")

    def bytes_of(self, action):
        before = self.server.bytes_sent()
        action()
        time.sleep(0.5)  # nginx logs a request that was cut off when it notices
        return self.server.bytes_sent() - before

    def at_once(self, tool, count):
        """Median seconds, and bytes of the last run, of so many pulls of one ref."""
        seconds = []
        for _ in range(self.runs):
            repo = self.target("source")
            sent = self.bytes_of(lambda: seconds.append(timed(tool, repo, count)))
            run("ostree", "fsck", "-q", "--repo", repo)
        return statistics.median(seconds), sent

    def killed(self, tool, part, ref, has_enough, boot):
        """Bytes of a pull that is killed, and of the next one, which completes it."""
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

        sent = self.bytes_of(both)
        run("ostree", "fsck", "-q", "--repo", repo)
        return sent


def start(tool, repo, ref, boot=None):
    environment = {**os.environ, **({"OSTREE_BOOTID": boot} if boot else {})}
    return subprocess.Popen([tool, "pull", "--repo", repo, "origin", ref], env=environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(pulls):
    for pull in pulls:
        _, errors = pull.communicate()
        if pull.returncode != 0:
            sys.exit(f"{pull.args}: {errors.decode()}")


def timed(tool, repo, count):
    begin = time.monotonic()
    finish([start(tool, repo, REF) for _ in range(count)])
    return time.monotonic() - begin


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


def show(name, ratios):
    shown = [f"{ratio:8.2f}x" if ratio else f"{'-':>9}" for ratio in ratios]
    print(f"{name:48} {' '.join(shown)}", flush=True)


def compare(bench, tools, counts):
    one = {name: bench.at_once(tool, 1) for name, tool in tools.items()}
    for name, (seconds, sent) in one.items():
        print(f"one pull by {name}: {seconds:.2f} s, {sent} bytes", flush=True)
    print(f"{'':48} " + " ".join(f"{name:>9}" for name in tools))
    for count in sorted({count for wanted in counts.values() for count in wanted}):
        rows = {name: bench.at_once(tool, count) if count in counts[name] else (0, 0)
                for name, tool in tools.items()}
        show(f"{count} pulls at once, time", [rows[n][0] / one[n][0] for n in tools])
        show(f"{count} pulls at once, bytes", [rows[n][1] / one[n][1] for n in tools])
    compare_killed(bench, tools, one)


def compare_killed(bench, tools, one):
    def ratio(name, tool):
        half = bench.server.bytes_sent() + one[name][1] / 2
        return bench.killed(tool, "source", REF, lambda _: bench.server.bytes_sent() >= half,
                            "before") / one[name][1]

    def large_ratio(tool):
        return bench.killed(tool, "large", LARGE_REF,
                            lambda pid: bytes_written(pid) >= 0.9 * LARGE_SIZE,
                            "after") / LARGE_SIZE

    show("killed at half, finished: bytes", [ratio(n, tool) for n, tool in tools.items()])
    show("1 GB object, killed at 90 %, other boot: bytes",
         [large_ratio(tool) for tool in tools.values()])


def counts_of(text):
    return [int(count) for count in text.split(",") if count]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(parser)
    parser.add_argument("--mode", default="archive")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--counts", type=counts_of, default=[4, 16], help="pulls at once, by xylem")
    parser.add_argument("--ostree-counts", type=counts_of, default=[4])
    arguments = parser.parse_args()
    work, _temporary = workplace(arguments, "target")
    tools = {"ostree": "ostree", "xylem": os.path.abspath(arguments.xylem)}
    server = Server(work, make_inputs(arguments, work), count_bytes=True)
    try:
        compare(Bench(arguments, work, server), tools,
                {"ostree": arguments.ostree_counts, "xylem": arguments.counts})
    finally:
        server.stop()
        shutil.rmtree(work / "target", ignore_errors=True)


if __name__ == "__main__":
    main()
