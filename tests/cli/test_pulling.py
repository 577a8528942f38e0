#!/usr/bin/env python3
"""What a pull shows, to people, to scripts and to programs, and how it is stopped."""

import contextlib
import json
import os
import pathlib
import platform
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (  # noqa: E402
    ENVIRONMENT, Skip, expect, link_as_ostree, main, nginx, run, run_ok,
)

CANCELLED = 11
OPENAT = 257
FINAL_LINE = re.compile(r"\d+ metadata, \d+ content objects fetched; \d+ (B|KiB) transferred in "
                        r"\d+ seconds; \S+[ \u00a0]\w+ content written\n")


def make_source(work):
    source, tree = work / "source", work / "tree"
    (tree / "usr").mkdir(parents=True)
    for number in range(40):
        (tree / "usr" / f"file{number}").write_text(f"{number}\n" * 500)
    run_ok("ostree", "init", f"--repo={source}", "--mode=archive")
    run_ok("ostree", "commit", f"--repo={source}", "-b", "os/main", f"--tree=dir={tree}")
    run_ok("ostree", "summary", f"--repo={source}", "-u")
    return source


def make_target(program, path, url):
    run_ok(program, "init", f"--repo={path}", "--mode=archive")
    run_ok(program, "remote", "add", f"--repo={path}", "--no-gpg-verify", "origin", url)
    return f"--repo={path}"


@contextlib.contextmanager
def server(work):
    with nginx(work / "nginx", make_source(work)) as running:
        yield running.url


def normalized(line):
    """Without what differs: bytes and seconds."""
    return re.sub(r"\d+ (B|KiB) transferred in \d+", "N transferred in N", line)


def final_line_is_that_of_ostree(xylem, work):
    with server(work) as url:
        ours = make_target(xylem, work / "ours", url)
        theirs = make_target("ostree", work / "theirs", url)

        def compare(*words):
            lines = [normalized(run_ok(program, "pull", repo, *words, "origin", "os/main"))
                     for program, repo in ((xylem, ours), ("ostree", theirs))]
            expect(lines[0] == lines[1], words, *lines)
            return lines[0]

        first = compare()
        expect("40 content objects fetched" in first, first)
        again = compare()
        expect(again.startswith("1 metadata, 0 content objects fetched"), again)
        compare("--commit-metadata-only")
        mirrored = run_ok(xylem, "pull", ours, "--mirror", "origin", "os/main")
        expect(FINAL_LINE.fullmatch(mirrored), mirrored)


def local_pulls(xylem, work):
    source = make_source(work)
    lines = []
    for program, name in ((xylem, "ours"), ("ostree", "theirs")):
        run_ok(program, "init", f"--repo={work / name}", "--mode=bare-user")
        pull = (program, "pull-local", f"--repo={work / name}", source, "os/main")
        lines.append([run_ok(*pull, "--untrusted"), run_ok(*pull, "--untrusted")])
        run_ok(program, "pull-local", f"--repo={work / name}", "--remote=there", source)
    expect(lines[0] == lines[1], *lines)
    refs = [sorted(run_ok("ostree", "refs", f"--repo={work / name}").splitlines())
            for name in ("ours", "theirs")]
    expect(refs[0] == refs[1] and "there:os/main" in refs[0], *refs)


def remote_listing(xylem, work):
    with server(work) as url:
        repo = make_target(xylem, work / "repo", url)
        ostree = link_as_ostree(xylem, work)
        revisions = run_ok(xylem, "remote", "refs", "-r", "origin", repo)  # Later than 2022.7.
        expect(re.fullmatch(r"origin:os/main\t[0-9a-f]{64}\n", revisions), revisions)
        for words in (["refs", "origin"], ["summary", "origin"], ["summary", "--raw", "origin"],
                      ["refs", "none"], ["summary", "none"]):
            ours, theirs = run(ostree, "remote", *words, repo), run("ostree", "remote", *words, repo)
            expect(ours.out == theirs.out and ours.status == theirs.status, words, ours, theirs)
        os.unlink(work / "source" / "summary")
        done = run(ostree, "remote", "summary", "origin", repo)
        expect(done.status == 1 and "Remote server has no summary file" in done.err, done)


def a_terminal_shows_a_live_line(xylem, work):
    with server(work) as url:
        repo = make_target(xylem, work / "repo", url)
        text = on_terminal(60, xylem, "pull", repo, "origin", "os/main")
        last = text.replace("\r\n", "\n").split("\033[K")[-1]
        expect(re.fullmatch(r"\d+ metadata, \d+ content objects; \S+ in \d+:\d\d\n",
                            last.replace("\u00a0", "")) and len(last) <= 60, repr(text))
        lines = re.split(r"\r\033\[K", text)
        expect(len(lines) >= 3, repr(text))
        for line in lines[:-1]:
            expect(len(line) < 60 and "\n" not in line, repr(line))
        # Not a terminal, but asked for.
        forced = run_ok(xylem, "pull", repo, "--progress=line", "origin", "os/main")
        expect("\033[K" in forced, repr(forced))


def on_terminal(columns, *command):
    """Output of a command whose standard output is a terminal."""
    try:
        leader, follower = pty.openpty()
    except OSError as error:
        raise Skip(f"no terminal to be had: {error}") from error
    process = subprocess.Popen([str(word) for word in command], stdout=follower,
                               env=ENVIRONMENT | {"COLUMNS": str(columns)})
    os.close(follower)
    text = b""
    with contextlib.suppress(OSError):  # EIO is how a terminal ends.
        while block := os.read(leader, 4096):
            text += block
    expect(process.wait() == 0, text)
    return text.decode()


def json_is_for_programs(xylem, work):
    with server(work) as url:
        repo = make_target(xylem, work / "repo", url)
        out = run_ok(xylem, "pull", repo, "--progress=json", "--update-frequency=10", "origin",
                     "os/main")
        events = [json.loads(line) for line in out.splitlines()]
        last = events[-1]
        expect([event["event"] for event in events].count("done") == 1, events)
        expect(last["event"] == "done" and last["content_fetched"] == 40, last)
        commit = run_ok("ostree", "rev-parse", f"--repo={work / 'source'}", "os/main").strip()
        expect(last["refs"] == [{"ref": "os/main", "commit": commit, "changed": True}], last)
        progress = [event for event in events if event["event"] == "progress"]
        expect(progress and {event["phase"] for event in progress} <=
               {"resolving", "scanning", "fetching", "writing", "done"}, progress)
        for key in ("elapsed", "bytes_transferred", "content_fetched", "metadata_fetched"):
            values = [event[key] for event in progress]
            expect(values == sorted(values), key, values)
        failed = run(xylem, "pull", repo, "--progress=json", "origin", "os/none")
        error = json.loads(failed.out.splitlines()[-1])
        expect(error["event"] == "error" and error["kind"] == "not-found", failed)
        expect(error["message"] and failed.err.startswith("error: ") and failed.status == 3, failed)


def quiet_is_quiet(xylem, work):
    with server(work) as url:
        repo = make_target(xylem, work / "repo", url)
        expect(run_ok(xylem, "pull", repo, "--quiet", "origin", "os/main") == "")
        expect(run_ok(xylem, "pull", repo, "--progress=none", "origin", "os/main") == "")


class SilentServer:
    """Takes connections, and never answers."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        return self

    def wait_for_client(self):
        expect(select.select([self.listener], [], [], 30)[0], "nobody came")
        self.client, _ = self.listener.accept()
        self.client.recv(1)

    def __exit__(self, *_):
        self.listener.close()


def interrupt_cancels(xylem, work):
    with SilentServer() as silent:
        repo = make_target(xylem, work / "repo", silent.url)
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen([xylem, "pull", repo, "origin", "os/main"], text=True,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            silent.wait_for_client()
            process.send_signal(number)
            _, err = process.communicate(timeout=120)
            expect(process.returncode == CANCELLED and "cancel" in err, number, process, err)
            expect(err.startswith("error: "), err)
    # Nothing is locked or broken.
    run_ok("ostree", "fsck", repo)


def waits_in_open(process):
    """In the call of the system that opens the trace file, a FIFO which nobody reads."""
    with open(f"/proc/{process.pid}/syscall", encoding="ascii") as file:
        number, *words = file.read().split()
    return number == str(OPENAT) and int(words[2], 16) & os.O_APPEND


def takes_signals_again(process):
    """Some thread has stopped blocking SIGINT: the first one was seen."""
    for status in pathlib.Path(f"/proc/{process.pid}/task").glob("*/status"):
        blocked = re.search(r"SigBlk:\s*(\w+)", status.read_text())[1]
        if not int(blocked, 16) & 1 << (signal.SIGINT - 1):
            return True
    return False


def wait_until(condition, process):
    for _ in range(6000):
        expect(process.poll() is None, process.returncode)
        if condition(process):
            return
        time.sleep(0.01)
    expect(False, "it never came about", condition)


def second_interrupt_ends_at_once(xylem, work):
    """Even where nothing can be cancelled: here in the kernel."""
    if platform.machine() != "x86_64":
        raise Skip("the number of a system call is only known on x86_64")
    repo, fifo = make_target(xylem, work / "repo", "http://127.0.0.1:9"), work / "fifo"
    os.mkfifo(fifo)
    process = subprocess.Popen([xylem, "pull", repo, f"--trace-file={fifo}", "origin", "os/main"],
                               stderr=subprocess.DEVNULL)
    wait_until(waits_in_open, process)
    process.send_signal(signal.SIGINT)
    wait_until(takes_signals_again, process)
    process.send_signal(signal.SIGINT)
    expect(process.wait(timeout=60) == -signal.SIGINT, process.returncode)


def interrupted_as_ostree(xylem, work):
    with SilentServer() as silent:
        repo = make_target(xylem, work / "repo", silent.url)
        process = subprocess.Popen([link_as_ostree(xylem, work), "pull", repo, "origin", "os/main"],
                                   stderr=subprocess.DEVNULL)
        silent.wait_for_client()
        process.send_signal(signal.SIGINT)
        expect(process.wait(timeout=120) == 1)


def serving(xylem, work):
    source = make_source(work)
    port_file, log = work / "port", work / "log"
    process = subprocess.Popen([xylem, "serve", f"--repo={source}", f"--port-file={port_file}",
                                f"--log-file={log}"], stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", line)[1])
    for _ in range(1200):
        if port_file.exists() and port_file.read_text():
            break
        time.sleep(0.05)
    expect(int(port_file.read_text()) == port, line)
    repo = make_target("ostree", work / "repo", f"http://127.0.0.1:{port}")
    run_ok("ostree", "pull", repo, "origin", "os/main")
    run_ok("ostree", "fsck", repo)
    process.send_signal(signal.SIGTERM)
    expect(process.wait(timeout=120) == 0, process.returncode)
    expect(re.search(r'"GET /\S+" 200 \d+\n', log.read_text()), log.read_text())
    taken = socket.create_server(("127.0.0.1", 0))
    done = run(xylem, "serve", f"--repo={source}", f"--port={taken.getsockname()[1]}")
    expect(done.status not in (0, 2) and "error: " in done.err, done)


main(final_line_is_that_of_ostree, local_pulls, remote_listing, a_terminal_shows_a_live_line,
     json_is_for_programs, quiet_is_quiet, interrupt_cancels, second_interrupt_ends_at_once,
     interrupted_as_ostree, serving)
