#!/usr/bin/env python3
"""What the command says to somebody who does not know it: help, usage, suggestions, hints."""

import os
import pathlib
import pty
import re
import select
import struct
import subprocess
import sys
import fcntl
import termios

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import ENVIRONMENT, expect, link_as_ostree, main, run, run_ok  # noqa: E402

USAGE, NOT_FOUND, INVALID = 2, 3, 13


def help_is_a_command(xylem, work):
    for path in ([], ["pull"], ["remote"], ["remote", "add"]):
        expect(run_ok(xylem, "help", *path) == run_ok(xylem, *path, "--help"), path)
    expect(run_ok(xylem, "-V") == run_ok(xylem, "--version") == run_ok(xylem, "pull", "-V"))
    unknown = run(xylem, "help", "pul")
    expect(unknown.status == USAGE and "Did you mean `xylem pull`?" in unknown.err, unknown)
    ostree = link_as_ostree(xylem, work)
    expect("Unknown command 'help'" in run(ostree, "help").err)


def misspelt_names_get_a_suggestion(xylem, work):
    repo, tree = work / "repo", work / "tree"
    tree.mkdir()
    run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
    run_ok(xylem, "commit", f"--repo={repo}", "-b", "demo/os", f"--tree=dir={tree}")
    run_ok(xylem, "summary", f"--repo={repo}", "-u")
    run_ok(xylem, "remote", "add", f"--repo={repo}", "--no-gpg-verify", "origin", f"file://{repo}")
    here = f"--repo={repo}"
    for words, status, said in (
            (["pul"], USAGE, "Did you mean `xylem pull`?"),
            (["remote", "lst"], USAGE, "Did you mean `xylem remote list`?"),
            (["pull", here, "--dept=1", "origin", "demo/os"], USAGE, "Did you mean --depth?"),
            (["pull", here, "orign", "demo/os"], NOT_FOUND, "Did you mean 'origin'? "
             f"`xylem remote list --repo={repo}` lists"),
            (["log", here, "demo/so"], NOT_FOUND, "Did you mean 'demo/os'? "
             f"`xylem refs --repo={repo}` lists"),
            (["pull", here, "demo/os"], INVALID, f"`xylem pull origin demo/os --repo={repo}`")):
        done = run(xylem, *words)
        expect(done.status == status, words, done)
        expect(said in done.err.splitlines()[-1] and done.err.splitlines()[-1].startswith("hint: "),
               words, said, done)
    expect("`xylem help` lists" in run(xylem, "frobnicate").err)


def wrong_usage_takes_three_lines(xylem, work):
    for words in ([], ["pull"], ["pul"], ["remote"], ["remote", "nothing"], ["pull", "--nothing"],
                  ["pull", "--depth=x", "a"], ["completion", "tcsh"]):
        done = run(xylem, *words, cwd=work)
        lines = done.err.splitlines()
        expect(done.status == USAGE and 1 <= len(lines) <= 3, words, done)
        expect(any(line.startswith("error: ") for line in lines), words, done)
    lines = run(xylem, "pull").err.splitlines()
    expect(lines == ["Usage: xylem pull [OPTION…] REMOTE [BRANCH[@COMMIT]...]",
                     "error: REMOTE must be specified",
                     "hint: `xylem help pull` explains the options"], lines)


def help_fits_the_terminal(xylem, _work):
    for columns in (40, 80, 120):
        for path in (["pull"], ["commit"], []):
            text = run_ok(xylem, *path, "--help", env={"COLUMNS": str(columns)})
            long = [line for line in text.splitlines()
                    if len(line) > columns and len(line.split()) > 1 and not line.startswith("  -")]
            expect(not [line for line in long if "Usage" not in line and "[OPTION" not in line],
                   columns, path, long)
    text = run_ok(xylem, "pull", "--help")
    expect(["What to Pull", "Checks", "Static Deltas", "Durability", "Progress", "Sources", "Network",
            "Limits", "Other Options"] == re.findall(r"^([A-Z].*[a-zA-Z]):$", text, re.M)[2:],
           re.findall(r"^([A-Z].*):$", text, re.M))


def only_ascii_in_a_plain_locale(xylem, work):
    repo = work / "repo"
    run_ok(xylem, "init", f"--repo={repo}")
    for words in (["pull", "--help"], ["--help"], ["pull"], ["config", f"--repo={repo}", "get", "core.no"]):
        done = run(xylem, *words, env={"LC_ALL": "C"})
        expect((done.out + done.err).isascii(), words, done)


def misspelt_keys_are_told(xylem, work):
    repo = work / "repo"
    run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
    done = run(xylem, "config", f"--repo={repo}", "set", "core.min-free-space-percnt", "3")
    expect(done.status == 0 and "did you mean min-free-space-percent?" in done.err, done)
    done = run(xylem, "remote", "add", f"--repo={repo}", "--set=gpg-verifyy=false", "o", "http://h/")
    expect(done.status == 0 and "did you mean gpg-verify?" in done.err, done)
    done = run(xylem, "remote", "add", f"--repo={repo}", "p", "no-url")
    expect(done.status == 0 and "is not a URL" in done.err, done)
    done = run(xylem, "config", f"--repo={repo}", "set", "core.somebody-elses", "3")
    expect(done.status == 0 and done.err == "", done)


def keys_of_the_manual_are_known(xylem, work):
    """Setting any of them is no slip."""
    manual = pathlib.Path(__file__).parents[2] / "docs/man/xylem-config.5"
    text = manual.read_text().replace(r"\-", "-")
    core = text.split(".SH REPOSITORY")[1].split("[archive]")[0]
    remote = text.split(".SH REMOTES")[1].split(".SH FILES")[0]
    heads = r"^\.TP\n\.BR? (.*)$"
    repo = work / "repo"
    run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
    number = 0
    for part, group in ((core, "core"), (remote, 'remote "o"')):
        for head in re.findall(heads, part, re.M):
            for key in re.findall(r"[a-z][a-z0-9_-]{3,}", head.replace("(xylem)", "")):
                number += 1
                done = run(xylem, "config", f"--repo={repo}", f"--group={group}", "set", key, "x")
                expect("did you mean" not in done.err, group, key, done)
    expect(number > 35, number)


class Terminal:
    """A pull on a terminal of some width: what its last lines are."""

    def __init__(self, columns, *words, env=None):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen([str(word) for word in words], stdin=slave, stdout=slave,
                                        stderr=slave, env=ENVIRONMENT | (env or {}))
        os.close(slave)

    def text(self):
        seen = b""
        while True:
            select.select([self.master], [], [])
            try:
                piece = os.read(self.master, 65536)
            except OSError:
                break
            if not piece:
                break
            seen += piece
        self.process.wait()
        os.close(self.master)
        return seen.decode()


def progress_fits_every_terminal(xylem, work):
    repo, tree = work / "server", work / "tree"
    tree.mkdir()
    for number in range(50):
        (tree / str(number)).write_bytes(os.urandom(2000))
    run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
    run_ok(xylem, "commit", f"--repo={repo}", "-b", "os", f"--tree=dir={tree}")
    for columns in (40, 80, 120):
        client = work / f"client{columns}"
        run_ok(xylem, "init", f"--repo={client}", "--mode=bare-user")
        run_ok(xylem, "remote", "add", f"--repo={client}", "--no-gpg-verify", "origin", f"file://{repo}")
        text = Terminal(columns, xylem, "pull", f"--repo={client}", "origin", "os",
                        env={"TERM": "xterm"}).text()
        lines = re.split(r"[\r\n]+", text.replace("\033[K", ""))
        expect(all(len(line) < columns for line in lines), columns, lines)
        expect("objects" in lines[-2] or "written" in text, lines)


def dumb_terminals_get_no_sequences(xylem, work):
    repo = work / "repo"
    run_ok(xylem, "init", f"--repo={repo}")
    for env in ({"TERM": "dumb"}, {"TERM": "dumb", "NO_COLOR": "1"}):
        text = Terminal(80, xylem, "pull", f"--repo={repo}", "none", "os", env=env).text()
        expect("\033" not in text and "error: " in text, env, repr(text))
    text = Terminal(80, xylem, "rev-parse", f"--repo={repo}", "none",
                    env={"TERM": "xterm", "NO_COLOR": "1"}).text()
    expect("\033" not in text, repr(text))


main(help_is_a_command, misspelt_names_get_a_suggestion, wrong_usage_takes_three_lines,
     help_fits_the_terminal, only_ascii_in_a_plain_locale, misspelt_keys_are_told,
     keys_of_the_manual_are_known, progress_fits_every_terminal, dumb_terminals_get_no_sequences)
