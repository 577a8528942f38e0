#!/usr/bin/env python3
"""What README.md, the guides and the manual show is what the command does."""

import pathlib
import re
import shutil
import socket
import subprocess
import sys
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import ENVIRONMENT, Skip, expect, main, run, run_ok  # noqa: E402

ROOT = pathlib.Path(__file__).parents[2]
MARK = "[this command is over]"


def readme_session():
    """Commands, each with the lines that are shown below it."""
    section = (ROOT / "README.md").read_text().split("## A session\n")[1].split("\n## ")[0]
    session = []
    for line in re.findall(r"^    (.*)$", section, re.M):
        if line.startswith("$ "):
            session.append((line.removeprefix("$ "), []))
        else:
            session[-1][1].append(line)
    return session


def without_chance(line):
    """Checksums of commits, ports and times are others each time."""
    line = re.sub(r"\b[0-9a-f]{64}\b", "CHECKSUM", line)
    line = re.sub(r"127\.0\.0\.1:\d+", "ADDRESS", line)
    return re.sub(r"in \d+ seconds", "in N seconds", line)


def lines_until(stream, is_last):
    lines = []
    for line in stream:
        if is_last(line):
            return lines
        lines.append(line.rstrip("\n"))
    raise AssertionError(f"the shell ended: {lines}")


def readme_shows_what_happens(xylem, work):
    """Typed into one shell, as a reader would."""
    session = readme_session()
    expect(len(session) > 10, session)
    (work / "bin").mkdir()
    (work / "bin/xylem").symlink_to(pathlib.Path(xylem).resolve())
    env = {"PATH": f"{work / 'bin'}:{ENVIRONMENT['PATH']}"}
    shell = subprocess.Popen(["bash"], cwd=work, env=ENVIRONMENT | env, text=True, bufsize=1,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
    try:
        for command, shown in session:
            waits = "; while [ ! -s port ]; do sleep 0.05; done" if command.endswith("&") else ""
            shell.stdin.write(f"{command} {waits.removeprefix(';')}\necho '{MARK}'\n")
            shell.stdin.flush()
            lines = lines_until(shell.stdout, lambda line: line == MARK + "\n")
            if waits and not lines:
                lines = [shell.stdout.readline().rstrip("\n")]
            expect([without_chance(line) for line in lines]
                   == [without_chance(line) for line in shown if line], command, lines, shown)
    finally:
        shell.stdin.write("kill $(jobs -p)\n")
        shell.stdin.close()
        shell.wait()


def kinds_in_header():
    """Exit codes of the kinds of failures, by their order in the public header."""
    header = (ROOT / "include/xylem/error.hpp").read_text()
    body = header.split("enum class ErrorKind {")[1].split("};")[0]
    names = re.findall(r"^  (\w+)(?: = 1)?,", body, re.M)
    return {code: re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower() for code, name in enumerate(names, 3)}


def tables_of_exit_codes_are_complete(_xylem, _work):
    """tests/base/test_error.cpp says that the codes are 3 to 16, in the order of the kinds."""
    kinds = kinds_in_header()
    text = (ROOT / "docs/operations.md").read_text()
    rows = {}
    for codes, names in re.findall(r"^\| ([\d, ]+) \| ?([\w, -]*?) ?\|", text, re.M):
        for code, name in zip(codes.split(", "), names.split(", "), strict=True):
            rows[int(code)] = name
    expect({code: name for code, name in rows.items() if code > 2} == kinds, rows, kinds)
    expect({1, 2} <= set(rows), rows)
    manual = (ROOT / "docs/man/xylem.1").read_text().split(".SH EXIT STATUS")[1].split(".SH ")[0]
    codes = [int(code) for code in re.findall(r"^(\d+)\|", manual, re.M)]
    expect(codes == list(range(17)), codes)


def exit_codes_are_those_of_the_table(xylem, work):
    """The ones that a command on this machine can end with."""
    repo, tree = work / "repo", work / "tree"
    tree.mkdir()
    (tree / "file").write_text("x")
    run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
    run_ok(xylem, "commit", f"--repo={repo}", "-b", "os", f"--tree=dir={tree}")
    run_ok(xylem, "remote", "add", f"--repo={repo}", "closed", "http://127.0.0.1:1/")
    run_ok(xylem, "remote", "add", f"--repo={repo}", "--no-gpg-verify", "open", "http://127.0.0.1:1/")
    file = next(repo.glob("objects/*/*.filez"))
    here = f"--repo={repo}"
    for code, words in ((2, ("pull", here)), (2, ("pull", here, "--nothing", "open", "os")),
                        (3, ("rev-parse", here, "none")), (3, ("pull", here, "none", "os")),
                        (5, ("pull", here, "--network-retries=0", "open", "os")),
                        (8, ("pull", here, "closed", "os")),
                        (13, ("config", here, "set", "core.mode", "strange")),
                        (15, ("init", f"--repo={file}/below")),
                        (16, ("reset", here, f"--expect={'0' * 64}", "os", "os"))):
        done = run(xylem, *words)
        expect(done.status == code, code, words, done)
    file.write_bytes(b"damaged")
    expect(run(xylem, "fsck", here).status == 7)


def nginx_serves_as_described(xylem, work):
    """The configuration of docs/serving.md: a client can pull, and caches are told what stays."""
    if shutil.which("nginx") is None:
        raise Skip("nginx is not installed")
    text = (ROOT / "docs/serving.md").read_text()
    block = re.search(r"^```nginx\n(.*?)^```$", text, re.M | re.S)[1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    block = block.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/srv/os;", f"{work}/os;")
    (work / "nginx.conf").write_text(
        f"daemon off; pid {work}/pid; error_log stderr; events {{}}\nhttp {{ access_log off;\n"
        + "".join(f"{kind}_temp_path {work}/{kind};\n"
                  for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) + block + "}\n")
    repo, tree, client = work / "os/server", work / "tree", work / "client"
    tree.mkdir()
    (tree / "file").write_text("x")
    run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
    run_ok(xylem, "commit", f"--repo={repo}", "-b", "os", f"--tree=dir={tree}")
    run_ok(xylem, "summary", f"--repo={repo}", "-u")
    work.chmod(0o755)
    url = f"http://127.0.0.1:{port}/server"
    run_ok(xylem, "init", f"--repo={client}", "--mode=bare-user")
    run_ok(xylem, "remote", "add", f"--repo={client}", "--no-gpg-verify", "origin", url)
    server = subprocess.Popen(["nginx", "-c", work / "nginx.conf", "-p", work, "-e", "stderr"])
    try:
        run_ok(xylem, "pull", f"--repo={client}", "--wait-online", "origin", "os")
        file = next(repo.glob("objects/*/*.filez")).relative_to(repo)
        for path, policy in (("summary", "no-cache"), (file, "immutable"), ("refs/heads/os", "no-cache")):
            with urllib.request.urlopen(f"{url}/{path}") as answer:
                expect(policy in answer.headers["Cache-Control"], path, answer.headers)
    finally:
        server.terminate()
        server.wait()


main(readme_shows_what_happens, tables_of_exit_codes_are_complete,
     exit_codes_are_those_of_the_table, nginx_serves_as_described)
