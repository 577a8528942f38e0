#!/usr/bin/env python3
"""libostree's own tests of its command (Debian: ostree-tests), with xylem in the place of `ostree`.

    run_suite.py XYLEM [--points FILE] [--jobs N] [--timeout SECONDS] [--keep DIR] [--user NAME]
                 [--slice N/M] [--whole] [--list] [NAME...]

Each script of theirs runs in an empty directory of its own, with a link named `ostree` to XYLEM
first in PATH; their servers and helpers stay theirs. points-root.tsv and points-user.tsv say how
many points each script reaches, and why it is not more. A point that is lost fails, and one that is
new is told, so that the file can follow. NAME is a pattern, such as 'test-pull*'.

Their servers, keys and clocks are those of a quiet machine: a script that has lost a point runs once
more, alone, before that counts. --slice runs each M-th script, from the N-th on; --user runs them as
somebody else, as only root can. Of the slow ones a third runs, another one each day; --whole, or
XYLEM_WHOLE_SUITE=1 in the environment, runs them all, as a NAME does.

Prints "ok: SCRIPT: POINT", "skipped: …" and "FAILED: …" for each point; logs of what failed are in
DIR, if it is given.
"""

import argparse
import concurrent.futures
import fnmatch
import os
import pathlib
import pwd
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
DESCRIPTIONS = pathlib.Path("/usr/share/installed-tests/libostree")
SKIP = re.compile(r"# *skip", re.IGNORECASE)
# A slow script runs each so many days.
ROTATION = 3
# What libtest.sh asks for before it sets labels: whether files have one.
LABELLED = """#!/bin/sh
case " $* " in
  *" security.selinux testlabel.txt "*)
    setfattr -n security.selinux -v system_u:object_r:tmp_t:s0 testlabel.txt ;;
esac
exec /usr/bin/getfattr "$@"
"""


class Outcome:
    """What a script said, point by point, and how it ended."""

    def __init__(self, output, status):
        lines = output.splitlines()
        points = [line for line in lines if re.match(r"ok\b", line)]
        self.passed = [point for point in points if not SKIP.search(point)]
        self.skipped = [point for point in points if SKIP.search(point)]
        plan = [int(number) for number in re.findall(r"^1\.\.(\d+)", output, re.MULTILINE)]
        refused = [line for line in lines if line.startswith(("not ok", "Bail out!"))]
        self.trouble = ""
        if status != 0:
            self.trouble = f"exit status {status}"
        elif refused:
            self.trouble = refused[0]
        elif plan and len(points) < plan[0]:
            self.trouble = f"{len(points)} of {plan[0]} planned points"


def is_root():
    return os.geteuid() == 0


def words_for(user):
    """What makes the words behind it run as that user."""
    if user is None:
        return []
    entry = pwd.getpwnam(user)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--init-groups"]


def read_points(path):
    """{script: how many points it reached}, and the scripts that are slow"""
    rows = [line.split("\t") for line in path.read_text().splitlines() if line and line[0] != "#"]
    return {row[0]: int(row[1]) for row in rows}, [row[0] for row in rows if row[2:] == ["slow"]]


def command_of(name):
    """The words that start the script, as its package describes it."""
    text = (DESCRIPTIONS / f"{name}.test").read_text()
    return re.search(r"^Exec=(.+)$", text, re.MULTILINE)[1].split()


def write_script(path, text):
    path.write_text(text)
    path.chmod(0o755)


def make_tools(place, xylem, user):
    """What comes first in PATH."""
    tools = place / "bin"
    tools.mkdir(parents=True)
    if user is None:
        (tools / "ostree").symlink_to(xylem)
    else:  # Who may not look into the build directory.
        shutil.copy(xylem, tools / "xylem")
        (tools / "ostree").symlink_to("xylem")
    if is_root() and user is None:
        write_script(tools / "getfattr", LABELLED)
    return tools


def environment(place, tools):
    home = place / "home"
    home.mkdir(mode=0o700, exist_ok=True)
    return {"PATH": f"{tools}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(home), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "dumb", "TZ": "UTC",
            "OSTREE_TEST_SUDO": "1", "OSTREE_TEST_ALLOW_RANDOM": "1"}


def own_network():
    """One of the scripts wants a certain port: as root each gets a network of its own."""
    words = ["unshare", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"]
    usable = is_root() and subprocess.run([*words, "true"], capture_output=True,
                                          check=False).returncode == 0
    return words if usable else []


def unmount_below(directory):
    """Their tests of FUSE may leave a mount."""
    for line in pathlib.Path("/proc/self/mounts").read_text().splitlines():
        where = line.split()[1]
        if where.startswith(f"{directory}/"):
            subprocess.run(["fusermount", "-u", where], capture_output=True, check=False)


def run_script(name, place, env, timeout, user):
    """Runs it to the end, with everything that it started. Their servers end with their directory."""
    work, temporary = place / name, place / f"{name}.tmp"
    for directory in (work, temporary):
        directory.mkdir()
        if user is not None:
            shutil.chown(directory, user)
    with (place / f"{name}.err").open("w") as errors, (place / f"{name}.tap").open("w+") as output:
        process = subprocess.Popen([*own_network(), *words_for(user), *command_of(name)], cwd=work,
                                   env=env | {"TMPDIR": str(temporary)}, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=errors, start_new_session=True)
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            status = f"none after {timeout} seconds"
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        output.seek(0)
        outcome = Outcome(output.read(), status)
    unmount_below(work)
    for directory in (work, temporary):
        subprocess.run(["chmod", "-R", "u+rwX", directory], capture_output=True, check=False)
        shutil.rmtree(directory, ignore_errors=True)
    return outcome


def report(name, outcome, wanted, errors):
    """Lines for one script; the second value is whether it is as good as before."""
    lines = [f"ok: {name}: {point[2:].lstrip(' ,-')}" for point in outcome.passed]
    lines += [f"skipped: {name}: {point[2:].lstrip()}" for point in outcome.skipped]
    lost = wanted - len(outcome.passed)
    if lost > 0:
        last = outcome.passed[-1] if outcome.passed else "the start"
        for number in range(lost):
            lines.append(f"FAILED: {name}: point {len(outcome.passed) + number + 1} of {wanted}: "
                         f"{outcome.trouble or 'it is gone'}; after {last!r}")
        lines += [f"    {line}" for line in errors.splitlines()[-8:]]
    if lost < 0:
        lines.append(f"note: {name}: {-lost} points more than {wanted}")
    return lines, lost <= 0


def parse_arguments():
    parser = argparse.ArgumentParser(description="libostree's tests with xylem for `ostree`")
    parser.add_argument("xylem", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--points", type=pathlib.Path,
                        help="default: points-root.tsv or points-user.tsv, by who runs them")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--timeout", type=int, default=600)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--user")
    parser.add_argument("--slice", default="1/1")
    parser.add_argument("--whole", action="store_true",
                        default=os.environ.get("XYLEM_WHOLE_SUITE") == "1")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_intermixed_args()
    who = "root" if is_root() and arguments.user is None else "user"
    arguments.points = arguments.points or HERE / f"points-{who}.tsv"
    return arguments


def chosen(arguments, points, slow):
    """The scripts that were asked for, one of those of each slice after the other."""
    if arguments.names:
        names = [name for name in points
                 if any(fnmatch.fnmatch(name, glob) for glob in arguments.names)]
    else:
        today = int(time.time()) // 86400
        left_out = {name for number, name in enumerate(slow) if (number + today) % ROTATION != 0}
        names = [name for name in points if arguments.whole or name not in left_out]
    first, step = map(int, arguments.slice.split("/"))
    return names[first - 1::step]


def main():
    arguments = parse_arguments()
    points, slow = read_points(arguments.points)
    names = chosen(arguments, points, slow)
    if arguments.list:
        print("\n".join(names))
        return 0
    if not DESCRIPTIONS.is_dir():
        print(f"skipped: {DESCRIPTIONS} is not there: install ostree-tests")
        return 77
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # libtest.sh would keep a core.
    # A short path: sockets of gpg-agent, which lie below it, have at most 108 characters.
    place = pathlib.Path(tempfile.mkdtemp(prefix="xo-", dir="/var/tmp"))
    place.chmod(0o755)
    try:
        return run_all(arguments, place, names, points)
    finally:
        if arguments.keep:
            shutil.copytree(place, arguments.keep, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(place, ignore_errors=True)


def run_all(arguments, place, names, points):
    env = environment(place, make_tools(place, arguments.xylem.absolute(), arguments.user))
    if arguments.user is not None:
        shutil.chown(place / "home", arguments.user)

    def attempt(name):
        outcome = run_script(name, place, env, arguments.timeout, arguments.user)
        errors = (place / f"{name}.err").read_text(errors="replace")
        return report(name, outcome, points[name], errors)

    again = []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for name, (lines, good) in zip(names, pool.map(attempt, names)):
            if good:
                print(*lines, sep="\n", end="\n" if lines else "", flush=True)
            else:
                again.append(name)
    all_good = True
    for name in again:
        lines, good = attempt(name)
        if not good:
            lines, good = beside_control(lines, name, place, env, arguments)
        print("\n".join([*lines, f"note: {name}: this was its second run"]), flush=True)
        all_good = all_good and good
    return 0 if all_good else 1


def beside_control(lines, name, place, env, arguments):
    """What the real command does not reach on this machine, nobody can lose here."""
    links = [place / "bin/ostree", place / "bin/ostree-of-xylem"]
    links[0].rename(links[1])
    try:
        control = run_script(name, place, env, arguments.timeout, arguments.user)
    finally:
        links[1].rename(links[0])
    passed = [line for line in lines if line.startswith("ok: ")]
    if len(passed) < len(control.passed):
        return lines, False
    told = f"skipped: {name}: the real command reaches {len(control.passed)} points here"
    return [*passed, f"{told}: {control.trouble or 'no more'}"], True


sys.exit(main())
