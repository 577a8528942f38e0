#!/usr/bin/env python3
"""Many pulls into one repository at once, from a server that fails now and then, while others
check, commit and prune, and some are killed. Afterwards nothing may be broken.

    test_stress.py XYLEM THREADS_PROGRAM FAULT_SERVER [--seconds N] [--processes N] [--threads N]
              [--mode MODE] [--seed N]
"""

import argparse
import contextlib
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import run_ok, text_of  # noqa: E402

REFS = [f"stress/{name}" for name in ("one", "two", "three", "four")]
VERSIONS = 3
# A network that fails too often, a lock that was not to be had, and what was asked to end.
MAY_END = {"network": 5, "timeout": 6, "locked": 10, "cancelled": 11,
           "conflict": 16}  # Another pull has set the ref to a newer commit.
KILLED = -signal.SIGKILL


def make_source(work, dice):
    """An archive with refs that share most files; returns all commits as REF@COMMIT."""
    source, tree = work / "source", work / "tree"
    run_ok("ostree", "init", "--repo", source, "--mode=archive")
    (tree / "usr").mkdir(parents=True)
    for number in range(80):
        (tree / f"usr/shared{number}").write_bytes(dice.randbytes(dice.randrange(1, 5000)))
    (tree / "usr/large").write_bytes(dice.randbytes(1_500_000))
    commits = []
    for version in range(VERSIONS):
        for ref in REFS:
            for number in range(8):
                (tree / f"usr/file{number}").write_bytes(dice.randbytes(dice.randrange(1, 9000)))
            run_ok("ostree", "commit", "--repo", source, "-b", ref, f"--tree=dir={tree}",
                   "--owner-uid=0", "--owner-gid=0", "--no-xattrs", "--canonical-permissions",
                   f"--subject={version}")
            commits.append(f"{ref}@{text_of('ostree', 'rev-parse', '--repo', source, ref)}")
    run_ok("ostree", "summary", "--repo", source, "-u")
    return source, commits


def make_rules(dice):
    """Faults of many kinds, each a few times, for objects that chance picks. Damage comes once: an
    object that is damaged twice is given up."""
    kinds = {"status=503": 5, "status=500": 5, "cut=100": 5, "reset=50": 5, "latency=300": 5,
             "cut=700000": 5, "html": 1, "flip=20": 1}
    return "".join(f"path=*objects/{digit}*{letter}.* count={dice.randint(1, kinds[kind])} {kind}\n"
                   for digit in "0123456789abcdef" for letter in "0123456789abcdef"
                   if dice.random() < 0.5 and (kind := dice.choice(list(kinds))))


@contextlib.contextmanager
def fault_server(program, source, work, rules):
    port_file, log = work / "port", work / "requests"
    port_file.unlink(missing_ok=True)
    (work / "rules").write_text(rules)
    process = subprocess.Popen([program, source, "--port-file", port_file, "--log-file", log,
                                "--rules", work / "rules"], stdout=subprocess.DEVNULL)
    try:
        while not port_file.exists() or not port_file.read_text().endswith("\n"):
            assert process.poll() is None
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port_file.read_text().strip()}"
    finally:
        process.terminate()
        process.wait()


class Stress:
    def __init__(self, arguments, work):
        self.arguments, self.work = arguments, work
        self.xylem = arguments.xylem.absolute()
        self.dice = random.Random(arguments.seed)
        self.source, self.commits = make_source(work, self.dice)
        self.repo = work / "repo"
        self.broken, self.counts = [], {}
        self.mutex = threading.Lock()
        self.turn = threading.Lock()  # Of those that run alone.
        self.gate = threading.Event()  # Set: the others may begin.
        self.gate.set()

    def init(self, url):
        run_ok(self.xylem, "init", "--repo", self.repo, "--mode", self.arguments.mode)
        run_ok(self.xylem, "remote", "add", "--repo", self.repo, "--no-gpg-verify", "origin", url)

    def has(self, *command):
        """Whether this xylem has the command."""
        return subprocess.run([self.xylem, *command, "--help"], capture_output=True).returncode == 0

    def jobs(self):
        """What goes on beside the threads: a name, how to make the command, and how it may end."""
        xylem, repo = self.xylem, ["--repo", str(self.repo)]
        pick = self.pick_commits
        ends = [0, KILLED, *MAY_END.values()]
        yield "pull", lambda dice: [xylem, "pull", *repo, "-q", "origin", *pick(dice)], ends
        yield "mirror", lambda dice: [xylem, "pull", *repo, "-q", "origin", *REFS], ends
        # Not retried as often as ours, and its lock has no kind of its own.
        yield "ostree pull", lambda dice: ["ostree", "pull", *repo, "origin", *pick(dice)], [
            0, 1, KILLED]
        yield "fsck", lambda dice: [xylem, "fsck", *repo, "-q"], [0, KILLED, MAY_END["locked"]]
        yield "commit", lambda dice: [
            xylem, "commit", *repo, "--branch=local/tree", f"--tree=dir={self.work / 'local'}",
            f"--subject={dice.random()}"], [0, KILLED, MAY_END["locked"]]
        if self.has("prune"):
            yield "prune", lambda dice: [xylem, "prune", *repo, "--refs-only"], [
                0, KILLED, MAY_END["locked"]]
        if self.has("recover"):
            yield "recover", lambda dice: [xylem, "recover", *repo], [0, KILLED, MAY_END["locked"]]
        yield "ostree prune", lambda dice: ["ostree", "prune", *repo, "--refs-only"], [
            0, 1, KILLED]
        if self.has("transfers", "abort"):
            yield "abort", self.abort_command, [0, 3, KILLED, MAY_END["locked"]]

    def pick_commits(self, dice):
        picked = {commit.split("@")[0]: commit for commit in dice.sample(self.commits, 2)}
        return list(picked.values())

    def abort_command(self, _):
        """Of the first transfer that is in flight; of one that is not, if there is none."""
        listed = subprocess.run([self.xylem, "transfers", "--repo", self.repo],
                                capture_output=True, text=True).stdout.split("\n")
        name = listed[-2].split()[0] if len(listed) > 2 and listed[-2] else "none"
        return [self.xylem, "transfers", "abort", "--repo", str(self.repo), name]

    def count(self, what):
        with self.mutex:
            self.counts[what] = self.counts.get(what, 0) + 1

    def fail(self, command, done):
        with self.mutex:
            self.broken.append(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")

    def repeat(self, number, name, make_command, ends, end):
        dice = random.Random(self.arguments.seed * 1000 + number)
        while time.monotonic() < end:
            command = [str(word) for word in make_command(dice)]
            if "prune" in name:
                self.run_alone(dice, name, command, ends)
            else:
                self.gate.wait()
                self.run_one(dice, name, command, ends)

    def run_alone(self, dice, name, command, ends):
        """Lets nobody begin for a while: among so many, who wants the lock for itself would never
        get it. They begin while it still works."""
        with self.turn:
            self.gate.clear()
            timer = threading.Timer(dice.uniform(0.5, 3), self.gate.set)
            timer.start()
            self.run_one(dice, name, command, ends)
            timer.cancel()
            self.gate.set()
        time.sleep(dice.uniform(0.5, 2))

    def run_one(self, dice, name, command, ends):
        """Runs it to its end, or kills it at some time."""
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        patience = dice.uniform(0, 1) if dice.random() < 0.4 else None
        try:
            output, errors = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
        self.count(f"{name} {'killed' if process.returncode == KILLED else process.returncode}")
        if process.returncode not in ends:
            self.fail(command, subprocess.CompletedProcess(command, process.returncode, output,
                                                           errors))

    def threads_job(self, dice, seconds):
        return [self.arguments.threads_program, self.repo, "--threads", self.arguments.threads,
                "--seconds", seconds, "--seed", dice.randrange(1 << 32),
                *(word for commit in self.commits for word in ("--commit", commit))]

    def go(self):
        seconds = self.arguments.seconds
        end = time.monotonic() + seconds
        jobs = list(self.jobs())
        for number in range(self.arguments.processes):
            jobs.append(("threads", lambda dice: self.threads_job(dice, dice.uniform(0.2, 1)), [0, KILLED]))
        workers = [threading.Thread(target=self.repeat, args=(number, *job, end))
                   for number, job in enumerate(jobs)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def finish(self):
        """From a healthy server everything completes, and nothing is broken."""
        run_ok(self.xylem, "fsck", "--repo", self.repo)
        run_ok("ostree", "fsck", "-q", "--repo", self.repo)
        run_ok(self.xylem, "pull", "--repo", self.repo, "origin", *REFS)
        run_ok("ostree", "fsck", "-q", "--repo", self.repo)
        for ref in REFS:
            assert (text_of("ostree", "rev-parse", "--repo", self.repo, f"origin:{ref}")
                    == text_of("ostree", "rev-parse", "--repo", self.source, ref)), ref

    def bytes_served(self):
        """Bytes of objects that were asked for, and of all there are, as far as whole ones count."""
        asked = 0
        for line in (self.work / "requests").read_text().splitlines():
            count, target = line.split(" ", 1)
            path = self.source / target.lstrip("/").split("?")[0]
            if path.is_file():
                asked += int(count) * path.stat().st_size
        there = sum(path.stat().st_size for path in (self.source / "objects").rglob("*.*"))
        return asked, there


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xylem", type=pathlib.Path)
    parser.add_argument("threads_program", type=pathlib.Path)
    parser.add_argument("fault_server", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=3)
    parser.add_argument("--mode", default="bare-user-only")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="xylem-stress-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        stress = Stress(arguments, work)
        (work / "local").mkdir()
        (work / "local/file").write_text("of our own\n")
        with fault_server(arguments.fault_server, stress.source, work,
                          make_rules(stress.dice)) as url:
            stress.init(url)
            stress.go()
        asked, there = stress.bytes_served()
        for what, count in sorted(stress.counts.items()):
            print(f"{count:6} {what}")
        print(f"{asked} bytes of whole files were asked for; there are {there}", flush=True)
        with fault_server(arguments.fault_server, stress.source, work, "") as url:
            run_ok(stress.xylem, "config", "--repo", stress.repo, "set", 'remote "origin".url', url)
            stress.finish()
        assert not stress.broken, "\n".join(stress.broken[:5])
    print("ok: nothing is broken")


if __name__ == "__main__":
    main()
