#!/usr/bin/env python3
"""The units of systemd: systemd accepts them, and their commands do what they are for.

    test_units.py XYLEM UNITS

Runs the ExecStart of each service as systemd would expand it, on a repository of this test. Only a
running systemd can build the sandbox, so here it is rated and no more.
"""

import contextlib
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import ENVIRONMENT, expect, main, run, run_ok  # noqa: E402

UNITS = pathlib.Path(sys.argv[2])
SERVICES = ("xylem-pull@.service", "xylem-recover.service", "xylem-scrub.service")
TIMERS = ("xylem-pull@.timer", "xylem-scrub.timer")
CONFIGURATIONS = pathlib.Path(__file__).parents[2] / "systemd"
LARGE = 20_000_000  # bytes of the file that a pull is stopped in
REF = "os/stable"


def settings(unit, key):
    """All values of one key."""
    return re.findall(rf"^{key}=(.*)$", (UNITS / unit).read_text(), re.MULTILINE)


def statuses(unit, key):
    return [int(word) for value in settings(unit, key) for word in value.split()]


def command(unit, xylem, configuration):
    """ExecStart as systemd expands it: ${NAME} within a word, $NAME to any number of words."""
    values = {}
    for text in (*settings(unit, "Environment"), *configuration.splitlines()):
        values |= dict(word.split("=", 1) for word in shlex.split(text))
    program, *words = settings(unit, "ExecStart")[0].split()
    expect(program.endswith("/bin/xylem"), program)
    expanded = []
    for word in words:
        if re.fullmatch(r"\$\w+", word):
            expanded += values[word[1:]].split()
        else:
            expanded.append(re.sub(r"\$\{(\w+)\}", lambda name: values[name[1]], word))
    return [xylem, *expanded]


@contextlib.contextmanager
def served(xylem, work):
    """A repository with one large and one small file, served; then a client that knows it."""
    tree, server, port = work / "tree", work / "server", work / "port"
    tree.mkdir()
    with open("/dev/urandom", "rb") as random:
        (tree / "large").write_bytes(random.read(LARGE))
    (tree / "small").write_text("small\n")
    run_ok(xylem, "init", f"--repo={server}", "--mode=archive")
    run_ok(xylem, "commit", f"--repo={server}", f"--branch={REF}", f"--tree=dir={tree}")
    process = subprocess.Popen([xylem, "serve", f"--repo={server}", f"--port-file={port}"],
                               stdout=subprocess.DEVNULL)
    try:
        while not port.exists() or not port.read_text():
            expect(process.poll() is None, "the server ended")
            time.sleep(0.02)
        client = work / "client"
        run_ok(xylem, "init", f"--repo={client}", "--mode=bare-user")
        run_ok(xylem, "remote", "add", f"--repo={client}", "--no-gpg-verify", "origin",
               f"http://127.0.0.1:{port.read_text().strip()}")
        yield client
    finally:
        process.terminate()
        process.wait()


def received(client):
    """Bytes of unfinished downloads."""
    return sum(path.stat().st_size for path in (client / "tmp").rglob("*") if path.is_file())


def transferred(text):
    return int(re.search(r"(\d+) KiB transferred", text)[1]) * 1024


def systemd_accepts_the_units(xylem, work):
    for unit in (*SERVICES, *TIMERS):
        text = (UNITS / unit).read_text()
        (work / unit).write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={xylem}", text,
                                        flags=re.MULTILINE))
    for unit in (*SERVICES, *TIMERS):
        instance = work / unit.replace("@.", "@os.")
        done = run("systemd-analyze", "verify", "--man=no", instance)
        expect(done.status == 0 and done.err == "", unit, done)


def rate(instance, most):
    done = run("systemd-analyze", "security", "--offline=true", f"--threshold={most}", instance)
    expect(done.status == 0, done.out)


def systemd_rates_the_sandboxes_as_safe(_, work):
    for unit in SERVICES:
        (work / unit).write_text((UNITS / unit).read_text())
        instance = work / unit.replace("@.", "@os.")
        (work / unit).rename(instance)
        rate(instance, 20)
        # What a bare repository and repairs need, and no more.
        additions = ("bare.conf",) if "pull" in unit else ("repair.conf", "bare.conf")
        for name in additions if "recover" not in unit else ():
            with instance.open("a") as text:
                text.write((CONFIGURATIONS / name).read_text())
        rate(instance, 24)


def a_pull_that_is_stopped_resumes(xylem, work):
    unit = SERVICES[0]
    with served(xylem, work) as client:
        configuration = f"REMOTE=origin\nREFS={REF}\nREPO={client}\n"
        slow = command(unit, xylem, configuration + f"OPTIONS=--limit-rate={LARGE // 10}\n")
        process = subprocess.Popen(slow, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
        while received(client) < LARGE // 4:
            expect(process.poll() is None, "the pull ended early")
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        expect(process.wait() in statuses(unit, "SuccessExitStatus"), process.returncode)

        done = run(*command(unit, xylem, configuration))
        expect(done.status == 0, done)
        expect(transferred(done.out) < LARGE * 0.9, done.out)
        run_ok(xylem, "fsck", f"--repo={client}")
        run_ok(xylem, "rev-parse", f"--repo={client}", f"origin:{REF}")


def a_pull_that_cannot_succeed_is_not_restarted(xylem, work):
    unit = SERVICES[0]
    with served(xylem, work) as client:
        done = run(*command(unit, xylem, f"REMOTE=origin\nREFS=no/such\nREPO={client}\n"))
        expect(done.status in statuses(unit, "RestartPreventExitStatus"), done)
        expect(settings(unit, "Restart") == ["on-failure"], settings(unit, "Restart"))


def recovery_removes_what_a_killed_process_left(xylem, work):
    repo = work / "repo"
    run_ok(xylem, "init", f"--repo={repo}", "--mode=bare-user")
    trash = repo / "tmp/trash-abcdef"
    trash.mkdir()
    (trash / "file").write_text("left\n")
    done = run(*command(SERVICES[1], xylem, f"REPO={repo}\n"))
    expect(done.status == 0 and not trash.exists(), done)


def scrubbing_finds_and_repairs_a_damaged_object(xylem, work):
    unit = SERVICES[2]
    with served(xylem, work) as client:
        run_ok(xylem, "pull", f"--repo={client}", "origin", REF)
        configuration = f"REPO={client}\n"
        expect(run(*command(unit, xylem, configuration)).status == 0)
        victim = next(path for path in (client / "objects").rglob("*.file") if path.stat().st_size < 99)
        victim.chmod(0o644)
        victim.write_text("other\n")
        damaged = run(*command(unit, xylem, configuration))
        expect(damaged.status not in (0, *statuses(unit, "SuccessExitStatus")), damaged)
        repaired = run(*command(unit, xylem, configuration + "SCRUB_OPTIONS=--repair\n"))
        expect(run(*command(unit, xylem, configuration)).status == 0, repaired)


main(systemd_accepts_the_units, systemd_rates_the_sandboxes_as_safe, a_pull_that_is_stopped_resumes,
     a_pull_that_cannot_succeed_is_not_restarted, recovery_removes_what_a_killed_process_left,
     scrubbing_finds_and_repairs_a_damaged_object)
