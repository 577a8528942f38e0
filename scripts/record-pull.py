#!/usr/bin/env python3
"""Records a pull in a terminal as an asciicast (version 2), for draw-terminal.py to draw.

    record-pull.py XYLEM TREE > RECORDING

Commits the directory TREE, serves it on this machine, and types into a real shell: a pull that
Ctrl-C interrupts, the same pull again, which resumes, and once more, when there is nothing to do.
docs/images/pull.cast was recorded by it.
"""

import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

COLUMNS, ROWS = 106, 9
PULL = "xylem pull origin os/stable"
INTERRUPT_AT = r"Receiving objects: [3-9]\d%"


class Terminal:
    """A shell on a pseudo-terminal, and what it printed when."""

    def __init__(self, work, path):
        inputrc = work / "inputrc"
        inputrc.write_text("set enable-bracketed-paste off\n")
        self.process, self.fd = pty.fork()
        if self.process == 0:
            os.execvpe("bash", ["bash", "--norc", "--noprofile"],
                       {"PATH": path, "PS1": "$ ", "TERM": "xterm", "LC_ALL": "C.UTF-8",
                        "INPUTRC": str(inputrc), "OSTREE_REPO": str(work / "client"), "HOME": str(work)})
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.start, self.events = time.monotonic(), []

    def wait_for(self, pattern, patience=120):
        """Records until what is printed from now on matches."""
        printed = ""
        end = time.monotonic() + patience
        while not re.search(pattern, printed):
            if not select.select([self.fd], [], [], max(end - time.monotonic(), 0))[0]:
                sys.exit(f"record-pull.py: no {pattern} in {printed!r}")
            text = os.read(self.fd, 65536).decode()
            self.events.append([round(time.monotonic() - self.start, 3), "o", text])
            printed += text

    def type(self, text):
        for character in text:
            os.write(self.fd, character.encode())
            self.wait_for(re.escape(character))
            time.sleep(0.05)

    def enter(self):
        os.write(self.fd, b"\r")

    def interrupt(self):
        os.write(self.fd, b"\x03")


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)


def serve(xylem, work, tree):
    """A server of an archive with the tree, and a client that knows it."""
    server, client, port = work / "server", work / "client", work / "port"
    run(xylem, "init", f"--repo={server}", "--mode=archive")
    run(xylem, "commit", f"--repo={server}", "--branch=os/stable", f"--tree=dir={tree}")
    process = subprocess.Popen([xylem, "serve", f"--repo={server}", f"--port-file={port}"],
                               stdout=subprocess.DEVNULL)
    while not port.exists() or not port.read_text():
        time.sleep(0.05)
    run(xylem, "init", f"--repo={client}", "--mode=bare-user")
    run(xylem, "remote", "add", f"--repo={client}", "--no-gpg-verify", "origin",
        f"http://127.0.0.1:{port.read_text().strip()}")
    return process


def enter(terminal, command):
    time.sleep(1)
    terminal.type(command)
    terminal.enter()


def record(terminal):
    prompt = r"\$ $"
    terminal.wait_for(prompt)
    enter(terminal, PULL)
    terminal.wait_for(INTERRUPT_AT)
    terminal.interrupt()
    terminal.wait_for(prompt)
    for _ in range(2):  # The second one finds nothing to do.
        enter(terminal, PULL)
        terminal.wait_for(prompt)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: record-pull.py XYLEM TREE > RECORDING")
    xylem = pathlib.Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory(prefix="xylem-record-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        server = serve(xylem, work, sys.argv[2])
        terminal = Terminal(work, f"{xylem.parent}:/usr/bin:/bin")
        try:
            record(terminal)
        finally:
            os.kill(terminal.process, signal.SIGHUP)
            os.waitpid(terminal.process, 0)
            server.terminate()
            server.wait()
    print(json.dumps({"version": 2, "width": COLUMNS, "height": ROWS, "title": "xylem pull"}))
    for event in terminal.events:
        print(json.dumps(event, ensure_ascii=False))


if __name__ == "__main__":
    main()
