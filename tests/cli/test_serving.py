#!/usr/bin/env python3
"""`xylem serve` has what clients of a repository read, and nothing else; and it has it for everybody.

    test_serving.py XYLEM
"""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import commit_sample, expect, expect_complete, main, new_repo, run_ok  # noqa: E402

REF = "os/test"


@contextlib.contextmanager
def serving(xylem, directory):
    with subprocess.Popen([xylem, "serve", directory], stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            yield int(line.rsplit(":", 1)[1].strip(" /\n"))
        finally:
            process.terminate()


def connect(port, source="127.0.0.1"):
    connection = socket.create_connection(("127.0.0.1", port), timeout=30,
                                          source_address=(source, 0))
    return connection


def ask(port, request, source="127.0.0.1"):
    """All that comes back until the server closes."""
    with connect(port, source) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def get(port, path, source="127.0.0.1"):
    head, _, body = ask(port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode(),
                        source).partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def secrets_stay_at_home(xylem, work):
    source = work / "source"
    commit_sample(source, work / "tree", REF)
    with (source / "config").open("a") as config:
        config.write('\n[remote "up"]\nurl=https://user:hidden@example.com/\nproxy=http://p:hidden@x\n')
    for name in ("up.cookies.txt", "up.trustedkeys.gpg", ".lock", "notes", "tmp/file", "state/file",
                 "refs/remotes/up", ".hidden/summary"):
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_text("hidden")
    with serving(xylem, source) as port:
        for name in ("up.cookies.txt", "up.trustedkeys.gpg", ".lock", "notes", "tmp/file",
                     "state/file", "refs/remotes/up", "objects/../up.cookies.txt",
                     "refs/heads/../../up.cookies.txt", "%2e/up.cookies.txt", "refs/heads/.x",
                     "extensions", ""):
            status, body = get(port, f"/{name}")
            expect(status in (400, 404) and b"hidden" not in body, name, status, body)
        status, config = get(port, "/config")
        expect(status == 200 and b"mode=archive-z2" in config and b"hidden" not in config, config)
        for program, name in ((xylem, "ours"), ("ostree", "theirs")):
            repo = new_repo(xylem, work / name, f"http://127.0.0.1:{port}")
            run_ok(program, "pull", "--repo", repo, "origin", REF)
            expect_complete(repo, source, [REF])
    (source / "summary").unlink()
    with serving(xylem, work) as port:  # a directory of repositories; no summary: config is read
        expect(get(port, "/source/up.cookies.txt")[0] == 404)
        repo = new_repo(xylem, work / "below", f"http://127.0.0.1:{port}/source")
        run_ok("ostree", "pull", "--repo", repo, "origin", REF)
        expect_complete(repo, source, [REF])


def symlinks_lead_to_nothing_else(xylem, work):
    source = work / "source"
    commit_sample(source, work / "tree", REF)
    with (source / "config").open("a") as config:
        config.write('\n[remote "up"]\nurl=https://user:hidden@example.com/\n')
    links = ("refs/heads/link", "objects/link", "objects/aa/" + 62 * "b" + ".filez", "deltas/link",
             "deltas/aa/superblock", "delta-indexes/link", "summaries/link")
    for name in links:
        (source / name).parent.mkdir(exist_ok=True, parents=True)
        (source / name).symlink_to(os.path.relpath(source / "config", (source / name).parent))
    (source / "objects/notes").write_text("hidden")
    (source / "refs/heads/alias").symlink_to(REF)
    with serving(xylem, source) as port:
        for name in (*links, "objects/notes"):
            status, body = get(port, f"/{name}")
            expect(status == 404 and b"hidden" not in body, name, status, body)
        status, body = get(port, "/refs/heads/alias")
        expect(status == 200 and body == (source / "refs/heads" / REF).read_bytes(), status, body)


def a_body_ends_the_connection(xylem, work):
    commit_sample(work / "source", work / "tree", REF)
    smuggled = b"GET /config HTTP/1.1\r\nHost: x\r\n\r\n"
    with serving(xylem, work / "source") as port:
        for coding in (b"Transfer-Encoding: foo", b"Transfer-Encoding: chunked",
                       b"Transfer-Encoding: gzip, foo", f"Content-Length: {len(smuggled)}".encode()):
            answer = ask(port, b"GET /summary HTTP/1.1\r\nHost: x\r\n" + coding + b"\r\n\r\n" + smuggled)
            expect(answer.count(b"HTTP/1.1 ") == 1, coding, answer.count(b"HTTP/1.1 "))
            expect(b"Connection: close" in answer or answer.startswith(b"HTTP/1.1 400"), coding)


def slow_connections_starve_nobody(xylem, work):
    commit_sample(work / "source", work / "tree", REF)
    with serving(xylem, work / "source") as port, contextlib.ExitStack() as open_ones:
        for _ in range(600):
            slow = open_ones.enter_context(connect(port))
            with contextlib.suppress(OSError):
                slow.sendall(b"GET /summary HTTP/1.1\r\n")
        for source in ("127.0.0.2", "127.0.0.1"):
            status, body = get(port, "/summary", source)
            expect(status == 200 and body == (work / "source/summary").read_bytes(), source, status)


if __name__ == "__main__":
    main(secrets_stay_at_home, symlinks_lead_to_nothing_else, a_body_ends_the_connection, slow_connections_starve_nobody)
