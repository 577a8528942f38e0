"""What the benchmarks share: an input, and how a command is measured. The rest is that of tests."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests"))
import harness  # noqa: E402


def run(*command, **options):
    """The output of a command that must succeed; it may take long, and use the caller's proxies."""
    try:
        return harness.text_of(*command, env=dict(os.environ), timeout=None, **options)
    except AssertionError as error:
        sys.exit(str(error))


def measure(command):
    """Wall and CPU seconds and peak memory (MiB) of a command and its children."""
    start = time.monotonic()
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        sys.exit(f"{command}: {errors.decode()}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def make_tree(path):
    run("debootstrap", "--variant=minbase",
        "--include=python3,perl,vim,git,gcc,g++,locales,man-db,systemd,curl,cmake,"
        "linux-image-amd64", "bookworm", path)
    run("chroot", path, "apt-get", "clean")
    for entry in (path / "dev").iterdir():
        entry.unlink() if not entry.is_dir() or entry.is_symlink() else shutil.rmtree(entry)


def add_options(parser):
    parser.add_argument("--xylem", default="build/src/cli/xylem")
    parser.add_argument("--tree", type=pathlib.Path, help="an existing root file system")
    parser.add_argument("--work", type=pathlib.Path, help="keep inputs here for the next time")


def workplace(arguments, *outdated):
    """Returns a directory for inputs and targets, without `outdated`, and what keeps it there."""
    os.umask(0o022)
    temporary = None if arguments.work else tempfile.TemporaryDirectory(prefix="xylem-bench-")
    work = (arguments.work or pathlib.Path(temporary.name)).absolute()
    work.mkdir(exist_ok=True)
    for name in ("nginx", *outdated):
        shutil.rmtree(work / name, ignore_errors=True)
    return work, temporary


def new_repo(path, mode, url=None, ca=None):
    run("ostree", "init", "--repo", path, "--mode", mode)
    if url:
        run("ostree", "remote", "add", "--repo", path, "--no-gpg-verify",
            *([f"--set=tls-ca-path={ca}"] if ca else []), "origin", url)
    return path
