"""The cases of a test: each has a directory of its own, and says how it ended."""

import contextlib
import pathlib
import sys
import tempfile


def expect(condition, *details):
    """Unlike assert it cannot be switched off, and shows what it was about."""
    if not condition:
        raise AssertionError("\n".join(str(detail) for detail in details))


class Skip(Exception):
    """What a test needs and this machine does not have."""


@contextlib.contextmanager
def work_directory():
    with tempfile.TemporaryDirectory(prefix="xylem-cli-", dir="/var/tmp") as directory:
        yield pathlib.Path(directory)


def link_as_ostree(xylem, work):
    """A symlink named `ostree` to our binary."""
    link = work / "bin" / "ostree"
    link.parent.mkdir()
    link.symlink_to(xylem)
    return link


def main(*tests):
    """Runs test functions, each with the path of the binary and a directory of its own."""
    xylem = pathlib.Path(sys.argv[1]).absolute()
    failures = 0
    for test in tests:
        with work_directory() as work:
            try:
                test(xylem, work)
                print(f"ok: {test.__name__}", flush=True)
            except Skip as reason:
                print(f"skipped: {test.__name__}: {reason}", flush=True)
            except Exception as error:  # Any: the other tests shall run too.
                failures += 1
                print(f"FAILED: {test.__name__}: {type(error).__name__}: {error}", flush=True)
    sys.exit(1 if failures else 0)
