#!/usr/bin/env python3
"""What others wrote reaches neither a terminal nor a log as it is: no escape sequence of theirs acts.

    test_terminal.py XYLEM
"""

import contextlib
import http.server
import os
import pathlib
import pty
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, main, new_repo, run, run_ok, text_of  # noqa: E402

REF = "os/test"
TRICK = "\033]0;owned\a\033[2Jx\u202ey\u009bz"


def on_terminal(*words):
    """All that a command writes to a terminal, which stdout and stderr are."""
    master, slave = pty.openpty()
    with subprocess.Popen([str(word) for word in words], stdout=slave, stderr=slave,
                          stdin=subprocess.DEVNULL) as process:
        os.close(slave)
        text = b""
        with contextlib.suppress(OSError):  # what the end of a terminal is
            while piece := os.read(master, 65536):
                text += piece
        process.wait()
    os.close(master)
    return text


def expect_harmless(text, *details):
    """Our own colours are escape sequences, too: they begin with "ESC [" and end with "m" or "K"."""
    raw = text if isinstance(text, bytes) else text.encode()
    for bad in (b"\033]", b"\a", b"\033[2J", "\u202e".encode(), "\u009b".encode()):
        expect(bad not in raw, bad, raw, *details)


def hostile_repo(work):
    tree, repo = work / "tree", work / "repo"
    tree.mkdir()
    (tree / f"name{TRICK}").write_text("x")
    (tree / "link").symlink_to(f"to{TRICK}")
    run_ok("ostree", "init", "--repo", repo, "--mode=archive")
    run_ok("ostree", "commit", "--repo", repo, "-b", REF, f"--tree=dir={tree}",
           "--subject", f"subject{TRICK}", "--body", f"body{TRICK}\nline",
           f"--add-metadata-string=version=1{TRICK}", f"--add-metadata-string=key{TRICK}=value{TRICK}")
    run_ok("ostree", "commit", "--repo", repo, "-b", "other", "--orphan", f"--tree=dir={tree}")
    run_ok("ostree", "summary", "--repo", repo, "-u", f"--add-metadata=key{TRICK}='value'")
    return repo


def commands_show_it_escaped(xylem, work):
    repo = hostile_repo(work)
    client = new_repo(xylem, work / "client", f"file://{repo}")
    for words in (["log", REF], ["show", REF], ["ls", "-R", REF, "/"], ["ls", "-RX", REF, "/"],
                  ["show", "--list-metadata-keys", REF], ["show", "--print-metadata-key=version", REF],
                  ["diff", REF, str(work / "tree")], ["log", "--raw", REF], ["refs"], ["fsck"],
                  ["summary", "-v"], ["show", f"no{TRICK}"], ["ls", REF, f"/no{TRICK}"],
                  [f"no{TRICK}"], ["pull", f"no{TRICK}"]):
        command = [xylem, words[0], "--repo", repo, *words[1:]]
        expect_harmless(on_terminal(*command), words)
    expect_harmless(on_terminal(xylem, "remote", "summary", "--repo", client, "origin"))
    for words in (["log", REF], ["show", REF], ["remote", "summary", "origin"]):
        where = client if words[0] == "remote" else repo
        done = run(xylem, words[0], *words[1:], "--repo", where)
        expect(done.status == 0, done)
        expect_harmless(done.out + done.err, "into a pipe", words)
    shown = text_of(xylem, "log", "--repo", repo, REF)
    expect("\\x1b" in shown and "line" in shown and "\\u{202e}" in shown, shown)


def scripts_get_names_as_they_are(xylem, work):
    repo = hostile_repo(work)
    for words in (["ls", "-R", REF, "/"], ["ls", "-R", "--nul-filenames-only", REF, "/"]):
        ours = subprocess.run([xylem, words[0], "--repo", repo, *words[1:]], capture_output=True,
                              check=True).stdout
        theirs = subprocess.run(["ostree", words[0], "--repo", repo, *words[1:]],
                                capture_output=True, check=True).stdout
        expect(ours == theirs and b"\033" in ours, ours, theirs)


class Redirects(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: ftp://x/" + TRICK.encode()
                         + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def log_message(self, *_):
        pass


def answers_of_servers_are_escaped(xylem, work):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirects) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        repo = new_repo(xylem, work / "repo", f"http://127.0.0.1:{server.server_address[1]}")
        for verbose in ([], ["--verbose"]):
            command = [xylem, "pull", *verbose, "--network-retries=0", "--repo", repo, "origin", REF]
            done = run(*command)
            expect(done.status != 0 and "redirects to" in done.err, done)
            expect_harmless(done.err, "in a pipe")
            expect_harmless(on_terminal(*command), "on a terminal")
        server.shutdown()


if __name__ == "__main__":
    main(commands_show_it_escaped, scripts_get_names_as_they_are, answers_of_servers_are_escaped)
