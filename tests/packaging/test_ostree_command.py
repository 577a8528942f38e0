#!/usr/bin/env python3
"""A link named `ostree` is installed on request, and only then.

    test_ostree_command.py SOURCE
"""

import pathlib
import subprocess
import sys
import tempfile


def installed(source, work, *options):
    """What of this part a configured build would install, below its prefix."""
    build, stage = work / "build", work / "stage"
    subprocess.run(["meson", "setup", build, source, "--prefix=/usr", "-Dtests=disabled", *options],
                   check=True, capture_output=True)
    program = stage / "usr/bin/xylem"  # The link has to lead somewhere.
    program.parent.mkdir(parents=True)
    program.touch()
    subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--tags", "ostree-command",
                    "--destdir", stage], check=True, capture_output=True)
    return {str(path.relative_to(stage)): str(path.readlink())
            for path in stage.rglob("*") if path.is_symlink()}


def main():
    source = pathlib.Path(sys.argv[1])
    for options, wanted in (((), {}), (("-Dostree_command=true",), {"usr/bin/ostree": "xylem"})):
        with tempfile.TemporaryDirectory() as work:
            found = installed(source, pathlib.Path(work), *options)
            if found != wanted:
                sys.exit(f"FAILED: with {options or 'no option'}: {found}, wanted {wanted}")
            print(f"ok: with {options or 'no option'}: {found}")


main()
