#!/usr/bin/env python3
"""Completion in real shells: bash and zsh on a terminal, where Tab is typed, and fish as it offers
what it would show."""

import contextlib
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import ENVIRONMENT, Skip, expect, main, run_ok  # noqa: E402

PROMPT = "ready> "


def repository(xylem, work):
    """A repository with a local ref, a remote that would never answer, and two refs of it."""
    repo, tree = work / "repo", work / "tree"
    tree.mkdir()
    run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    silent.listen(8)
    url = f"http://127.0.0.1:{silent.getsockname()[1]}"
    run_ok(xylem, "remote", "add", f"--repo={repo}", "--no-gpg-verify", "origin", url)
    commit = run_ok(xylem, "commit", f"--repo={repo}", "-b", "local/main", f"--tree=dir={tree}").strip()
    for ref in ("os/stable", "os/testing"):
        run_ok(xylem, "refs", f"--repo={repo}", f"--create=origin:{ref}", commit)
    (repo / "tmp/fetch-aaaaaa").mkdir(parents=True)
    return repo, silent


def environment(xylem, work, repo):
    """The scripts in files, the repository as the default one, and in $PATH a `xylem` that completes
    as ours does, and prints all other arguments between << and >>."""
    program = work / "bin/xylem"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\n[ "$1" != completion ] || exec "{xylem}" "$@"\n'
                       "printf '<<%s>>\\n' \"$*\"\n")
    program.chmod(0o755)
    for shell in ("bash", "zsh", "fish"):
        (work / f"script.{shell}").write_text(run_ok(xylem, "completion", shell))
    (work / "inputrc").write_text("set enable-bracketed-paste off\nset bell-style none\n")
    return ENVIRONMENT | {"PATH": f"{program.parent}:{ENVIRONMENT['PATH']}", "HOME": str(work),
                          "OSTREE_REPO": str(repo), "TERM": "xterm", "PS1": PROMPT,
                          "INPUTRC": str(work / "inputrc")}


class Terminal:
    """An interactive shell, to type into."""

    def __init__(self, work, env, *command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(work)
            os.execvpe(command[0], command, env)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def type(self, text, pattern, patience=60):
        """Types, and reads until the pattern appears."""
        os.write(self.fd, text.encode())
        seen, end = "", time.monotonic() + patience
        while not re.search(pattern, seen):
            ready = select.select([self.fd], [], [], max(end - time.monotonic(), 0))[0]
            expect(ready, f"waited for {pattern}, saw", repr(seen))
            seen += os.read(self.fd, 65536).decode(errors="replace")
        return re.search(pattern, seen)

    def complete(self, typed):
        """The arguments that are passed after `typed`, in which a tab completes."""
        return self.type(f"xylem {typed}\r", r"<<([^>]*)>>")[1]


# What is typed, and what runs then.
CASES = {
    "rev-\t": "rev-parse",
    "remote gpg-l\t": "remote gpg-list-keys",
    "pull --commit\t": "pull --commit-metadata-only",
    "pull ori\t": "pull origin",
    "pull origin os/s\t": "pull origin os/stable",
    "pull origin:os/s\t": "pull origin:os/stable",
    "pull --mirror ori\t": "pull --mirror origin",
    "pull origin --mirr\t": "pull origin --mirror",
    "pull origin os/stable --disable-f\t": "pull origin os/stable --disable-fsync",
    "init --mo\tarchive": "init --mode=archive",
    "init --mode=bare-user-\t": "init --mode=bare-user-only",
    "pull --progress js\t": "pull --progress json",
    "log origin:os/te\t": "log origin:os/testing",
    "log loc\t": "log local/main",
    "remote delete o\t": "remote delete origin",
    "pull --trace-file=some\t": "pull --trace-file=somefile",
    "pull --trace-file some\t": "pull --trace-file somefile",
    "checkout local/main a-dir\t": "checkout local/main a-directory/",
    "pull --repo=repo origin os/s\t": "pull --repo=repo origin os/stable",
    "pull --depth 1 -L somewhere origin os/s\t": "pull --depth 1 -L somewhere origin os/stable",
    "checkout origin:os/s\t": "checkout origin:os/stable",
    "commit --branch=loc\t": "commit --branch=local/main",
    "commit -b loc\t": "commit -b local/main",
    "transfers ab\t": "transfers abort",
    "transfers abort fet\t": "transfers abort fetch-aaaaaa",
    "config get core.lock-t\t": "config get core.lock-timeout-secs",
    "help pru\t": "help prune",
    "hel\t": "help",
    "pull nosuch\t": "pull nosuch",
    "nosuch x\t": "nosuch x",
}


def need(shell):
    if shutil.which(shell) is None:
        raise Skip(f"{shell} is not installed (scripts/install-packages.sh test installs it)")


@contextlib.contextmanager
def prepared(xylem, work, shell):
    """The environment of a shell. Afterwards nothing has connected to the remote."""
    need(shell)
    repo, silent = repository(xylem, work)
    (work / "somefile").touch()
    (work / "a-directory").mkdir()
    yield environment(xylem, work, repo)
    silent.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        silent.accept()
        raise AssertionError("completion connected to the remote")


def check_all(terminal):
    for typed, expected in CASES.items():
        completed = terminal.complete(typed)
        expect(completed.rstrip("/") == expected.rstrip("/"), repr(typed), completed)


def bash(xylem, work):
    with prepared(xylem, work, "bash") as env:
        with Terminal(work, env, "bash", "--norc", "--noprofile", "-i") as terminal:
            terminal.type(". ./script.bash; echo re''ady\r", r"\nready")
            check_all(terminal)


def zsh(xylem, work):
    with prepared(xylem, work, "zsh") as env:
        with Terminal(work, env, "zsh", "-f", "-i") as terminal:
            terminal.type("unsetopt beep; autoload -U compinit; compinit -u -D; . ./script.zsh;"
                          " echo re''ady\r", r"\nready")
            check_all(terminal)


def zsh_loads_the_installed_function(xylem, work):
    with prepared(xylem, work, "zsh") as env:
        (work / "functions").mkdir()
        (work / "script.zsh").rename(work / "functions/_xylem")
        with Terminal(work, env, "zsh", "-f", "-i") as terminal:
            terminal.type("fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -D;"
                          " echo re''ady\r", r"\nready")
            expect(terminal.complete("pull ori\t") == "pull origin")
            expect(terminal.complete("pull origin:os/s\t") == "pull origin:os/stable")


def offered_by_fish(env, work, line):
    """What fish would show for a line, without descriptions."""
    text = run_ok("fish", "--no-config", "-c", "source script.fish; complete -C $argv[1]", line,
                  cwd=work, env=env)
    return [offer.split("\t")[0] for offer in text.splitlines()]


def fish(xylem, work):
    with prepared(xylem, work, "fish") as env:
        for typed, expected in CASES.items():
            line, _, rest = typed.partition("\t")
            offers = offered_by_fish(env, work, f"xylem {line}")
            start, _, word = line.rpartition(" ")
            wanted = expected.removesuffix(rest).rpartition(" ")[2]
            if wanted == word:
                expect(offers == [], typed, offers)
            else:
                expect([offer.rstrip("/") for offer in offers] == [wanted.rstrip("/")], typed, offers)


main(bash, zsh, zsh_loads_the_installed_function, fish)
