#!/usr/bin/env python3
"""Every command with every option, given badly, in repositories that are not well: it ends by itself,
says what is wrong, and a command that fails has changed nothing.

    test_every_command.py XYLEM [--cases N] [--seed S] [--all] [--only TEXT]

Commands and options come from the program's own help. Each run takes a part of the cases, chosen by
the seed; `--all` takes all of them, `--only` those whose description has a text.
"""

import argparse
import contextlib
import dataclasses
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from every_command import MAY_BE_EMPTY, NUMBERS, READ_FILES, commands_of  # noqa: E402
from harness import ENVIRONMENT, run_ok, work_directory  # noqa: E402

NOBODY = 65534
LOST_OUTPUT = (15, 9)  # An I/O error, no space.
# They may do without a repository, or make one.
NEEDS_NO_REPOSITORY = {"init", "checksum", "completion", "interpose enable", "interpose disable",
                       "interpose status", "serve"}
# An empty last argument means something to these: a prefix of all, the root, a value.
TAKES_EMPTY = {"refs", "ls", "cat", "checksum", "remote add-cookie", "remote delete-cookie"}


@dataclasses.dataclass
class Case:
    command: object
    words: list
    state: str = "good"
    streams: str = "open"
    must_fail: bool = False

    def __str__(self):
        words = [word if len(word) < 60 else f"{word[:20]}…({len(word)})" for word in self.words]
        return f"[{self.state}, {self.streams}] {self.command.name} {words}"


def remove(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def break_file(repo, name, content):
    (repo / name).write_text(content)


# What can be wrong with a repository.
STATES = {
    "good": lambda repo: None,
    "not ours": lambda repo: None,  # Run by somebody who may only read.
    "missing": remove,
    "a file": lambda repo: (remove(repo), repo.write_text("")),
    "empty": lambda repo: (remove(repo), repo.mkdir()),
    "no config": lambda repo: remove(repo / "config"),
    "empty config": lambda repo: break_file(repo, "config", ""),
    "bad config": lambda repo: break_file(repo, "config", "[core\nmode"),
    "binary config": lambda repo: (repo / "config").write_bytes(b"\0\xff[core]\0"),
    "unknown mode": lambda repo: break_file(repo, "config", "[core]\nrepo_version=1\nmode=strange\n"),
    "config is a directory": lambda repo: (remove(repo / "config"), (repo / "config").mkdir()),
    "no objects": lambda repo: remove(repo / "objects"),
    "objects is a file": lambda repo: (remove(repo / "objects"), (repo / "objects").write_text("")),
    "no refs": lambda repo: remove(repo / "refs"),
    "no heads": lambda repo: remove(repo / "refs/heads"),
    "bad ref": lambda repo: break_file(repo, "refs/heads/main", "nonsense\n"),
    "empty ref": lambda repo: break_file(repo, "refs/heads/main", ""),
    "no tmp": lambda repo: remove(repo / "tmp"),
    "no state": lambda repo: remove(repo / "state"),
}


def make_template(xylem, work):
    """A repository, one to pull from, a tree, a delta, a file of keys."""
    (work / "tree").mkdir(parents=True)
    (work / "tree/file").write_text("content\n")
    (work / "usb").mkdir()
    (work / "key").write_text("bm9uc2Vuc2U=\n")
    for name in ("source", "repo"):
        run_ok("ostree", "init", f"--repo={work / name}", "--mode=archive")
        for number in (1, 2):
            run_ok("ostree", "commit", f"--repo={work / name}", "-b", "main", f"--subject={number}",
                   f"--tree=dir={work / 'tree'}", f"--timestamp=@{number}")
    run_ok("ostree", "static-delta", "generate", f"--repo={work / 'source'}", "--empty", "--to=main",
           "--inline", f"--filename={work / 'delta'}")
    run_ok(xylem, "summary", "-u", f"--repo={work / 'source'}")
    run_ok(xylem, "remote", "add", f"--repo={work / 'repo'}", "--no-gpg-verify", "origin",
           "file://" + str(work.parent / "case/source"))
    run_ok(xylem, "fsck", "-q", f"--repo={work / 'repo'}")  # Makes the lock's file.


def snapshot(root):
    """All that is there, but what is on its way in tmp/."""
    seen = {}
    for directory, names, files in os.walk(root):
        if directory.endswith("/repo/tmp"):
            names.clear()
            continue
        for name in [*names, *files]:
            path = os.path.join(directory, name)
            info = os.lstat(path)
            content = b""
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    content = file.read()
            # A command that takes a lock makes tmp/ where it is missing.
            if name != ".lock" and not path.endswith(("/repo/tmp", "/repo/refs")):
                seen[path] = (info.st_mode, content)
    return seen


class Checker:
    def __init__(self, xylem, work):
        # Another user may not be able to reach the place where it was built.
        self.xylem = shutil.copy(xylem, work / "xylem")
        self.work, self.case_dir = work, work / "case"
        self.usual = {}
        make_template(xylem, work / "template")
        work.chmod(0o755)

    def prepare(self, state):
        if self.case_dir.exists():
            subprocess.run(["chmod", "-R", "u+rwX", self.case_dir], check=True)
            shutil.rmtree(self.case_dir)
        subprocess.run(["cp", "-a", self.work / "template", self.case_dir], check=True)
        STATES[state](self.case_dir / "repo")

    def run(self, case):
        """Status and what was said. A server is ended, and has done well then."""
        words = [self.xylem, *case.command.path, *case.words]
        if case.command.needs_repository and not any(word.startswith("--repo") for word in case.words):
            words.append("--repo=repo")
        shell = {"open": "", "closed": "<&- >&- 2>&-", "full": ">/dev/full 2>/dev/full"}[case.streams]
        command = ["bash", "-c", f'exec "$@" {shell}', "bash", *words]
        if case.state == "not ours" and os.geteuid() == 0:
            command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
        if case.command.name == "serve":
            command = ["timeout", "-k", "20", "3", *command]
        # A case that hangs ends with 137, which no case may.
        command = ["timeout", "-s", "KILL", "120", *command]
        done = subprocess.run([str(word) for word in command], capture_output=True, cwd=self.case_dir,
                              env=ENVIRONMENT, check=False, stdin=subprocess.DEVNULL)
        text = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
        served = case.command.name == "serve" and done.returncode == 124 and "error: " not in text
        return 0 if served else done.returncode, text

    def complaint(self, case):
        """What is wrong; None if nothing is."""
        self.prepare(case.state)
        before = snapshot(self.case_dir)
        status, text = self.run(case)
        if status < 0 or status > 100 or "terminate called" in text or "Sanitizer" in text:
            return f"it broke off with {status}: {text}"
        if case.must_fail and status == 0:
            return f"it succeeded: {text}"
        if status != 0 and case.streams == "open" and "error: " not in text:
            return f"it failed with {status} and did not say why: {text}"
        after = snapshot(self.case_dir)
        # Output that nobody can read comes after the work.
        lost = case.streams != "open" and status in LOST_OUTPUT
        if status != 0 and not lost and before != after:
            changed = [name for name in before.keys() | after.keys()
                       if before.get(name) != after.get(name)]
            return f"it failed with {status} and changed {sorted(changed)[:5]}: {text}"
        return self.other_status(case, status)

    def other_status(self, case, status):
        """Streams change no exit status, but for output that is lost."""
        if case.streams == "open":
            return None
        self.prepare(case.state)
        usual, text = self.run(dataclasses.replace(case, streams="open"))
        if status == usual or (usual == 0 and status in LOST_OUTPUT):
            return None
        return f"it ended with {status}, and with {usual} where it could write: {text}"


def option_cases(command):
    for option in command.options:
        if option.value is None:
            yield Case(command, [*command.arguments, option.name, option.name])
            yield Case(command, [*command.arguments, f"{option.name}="], must_fail=True)
            continue
        must = option.name not in MAY_BE_EMPTY
        yield Case(command, [*command.arguments, f"{option.name}="], must_fail=must)
        yield Case(command, [*command.arguments, option.name, ""], must_fail=must)
        yield Case(command, [*command.arguments, option.name], must_fail=True)
        good = f"{option.name}={option.good()}"
        yield Case(command, [*command.arguments, good, good])
        yield Case(command, [good, *command.arguments])
        number = option.value in NUMBERS
        yield Case(command, [*command.arguments, f"{option.name}={'9' * 50}"], must_fail=number)
        yield Case(command, [*command.arguments, f"{option.name}=-{'9' * 50}"], must_fail=number)
        yield Case(command, [*command.arguments, f"{option.name}={'x' * 100000}"], must_fail=number)
        read = option.name in READ_FILES
        for path in ("absent/x", "tree", "/proc/self/mem", "key/below"):
            yield Case(command, [*command.arguments, f"{option.name}={path}"],
                       must_fail=read and path != "tree")


def argument_cases(command):
    words = list(command.arguments)
    plain = [index for index, word in enumerate(words) if not word.startswith("--")]
    for index in plain:
        empty = [*words[:index], "", *words[index + 1:]]
        yield Case(command, empty, must_fail=command.name not in TAKES_EMPTY)
        yield Case(command, [*words[:index], "x" * 100000, *words[index + 1:]])
        yield Case(command, [*words[:index], "absent/x", *words[index + 1:]])
        yield Case(command, [*words[:index], "[a,b]", *words[index + 1:]])
        yield Case(command, [*words[:index], os.fsdecode(b"\xff\xfe"), *words[index + 1:]])
    yield Case(command, [*words, *words])
    yield Case(command, [*words, ""], must_fail=command.name not in TAKES_EMPTY)
    yield Case(command, [])
    yield Case(command, [*words, "--no-such-option"], must_fail=True)


def state_cases(command):
    words = list(command.arguments)
    for state in STATES:
        for streams in ("open", "closed", "full"):
            absent = state in ("missing", "a file", "empty") and command.needs_repository
            must = absent and command.name not in NEEDS_NO_REPOSITORY
            yield Case(command, words, state, streams, must_fail=must)
    for streams in ("closed", "full"):
        yield Case(command, [*words, "--no-such-option"], streams=streams, must_fail=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("xylem", type=pathlib.Path)
    parser.add_argument("--cases", type=int, default=80)
    parser.add_argument("--seed", type=int, default=int(time.time() // 86400), help="each day another")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    xylem = options.xylem.absolute()
    commands = commands_of(xylem)
    cases = [case for command in commands for kind in (option_cases, argument_cases, state_cases)
             for case in kind(command) if options.only in str(case)]
    chosen = cases
    if not options.all and not options.only:
        chosen = random.Random(options.seed).sample(cases, min(options.cases, len(cases)))
    failures = 0
    with work_directory() as work:
        checker = Checker(xylem, work)
        for case in chosen:
            complaint = checker.complaint(case)
            if complaint:
                failures += 1
                print(f"FAILED: {case}: {complaint.strip()[:600]}", flush=True)
        with contextlib.suppress(OSError):
            subprocess.run(["chmod", "-R", "u+rwX", work], check=False)
    print(f"{len(commands)} commands, {len(chosen)} of {len(cases)} cases, seed {options.seed}: "
          f"{failures} failed")
    sys.exit(1 if failures else 0)


main()
