#!/usr/bin/env python3
"""No function of the C interface crashes for arguments that are NULL, wherever they are.

    test_null_arguments.py LIBRARY

Each function that the library exports is called in a process of its own: with nothing but NULL, and
with its object and NULL behind it.
"""

import ctypes
import os
import re
import subprocess
import sys
import tempfile

LIBRARY = ctypes.CDLL(sys.argv[1])
NULL = [ctypes.c_void_p(None)] * 8
# Takes the place of nothing; its name says what its first argument is.
TEXT = (b"text", None, None, None)


def functions():
    symbols = subprocess.run(["nm", "-D", sys.argv[1]], capture_output=True, text=True,
                             check=True).stdout
    return sorted(set(re.findall(r" T (xylem_\w+)", symbols)))


def call(name, *arguments):
    function = getattr(LIBRARY, name)
    function.restype = ctypes.c_void_p
    return function(*arguments)


def crashes(name, *arguments):
    child = os.fork()
    if child == 0:
        call(name, *arguments, *NULL)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


def objects(names, work):
    """What a function may be of: the beginning of its name, and such an object."""
    made = {name.removesuffix("_new"): call(name, *TEXT) for name in names if name.endswith("_new")}
    made["xylem_repository"] = call("xylem_repository_create", f"{work}/repo".encode(), b"archive",
                                    None)
    assert all(made.values()), made
    return sorted(made.items(), key=lambda entry: -len(entry[0]))


def refused_options_prune_nothing(made):
    """A branch that is NULL must not mean all branches."""
    options = ctypes.c_void_p(made["xylem_prune_options"])
    call("xylem_prune_options_add_only_branch", options, None)
    error = ctypes.c_void_p()
    report = call("xylem_repository_prune", ctypes.c_void_p(made["xylem_repository"]), options, None,
                  None, ctypes.byref(error))
    assert report is None and error.value is not None
    LIBRARY.xylem_error_message.restype = ctypes.c_char_p
    message = LIBRARY.xylem_error_message(error)
    assert b"ref" in message and b"NULL" in message, message


def main():
    names = functions()
    assert len(names) > 100, names
    with tempfile.TemporaryDirectory(prefix="xylem-null-", dir="/var/tmp") as work:
        made = objects(names, work)
        bad = [name for name in names if crashes(name)]
        for name in names:
            owner = next((made_one for start, made_one in made if name.startswith(start + "_")), None)
            if owner and not name.endswith(("_new", "_free")):
                bad += [name + " of an object"] if crashes(name, ctypes.c_void_p(owner)) else []
        assert not bad, bad
        refused_options_prune_nothing(dict(made))
    print(f"ok: {len(names)} functions")


main()
