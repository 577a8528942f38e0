#!/usr/bin/env python3
"""Runs the Python program of docs/embedding.md, as it is there, against the library that was built."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import make_source, run, text_of  # noqa: E402

page, library, xylem = (pathlib.Path(argument).absolute() for argument in sys.argv[1:4])


def program_of(work):
    program = work / "agent.py"
    program.write_text(re.search(r"^```python\n(.*?)^```$", page.read_text(), re.DOTALL | re.MULTILINE)[1])
    return program


def main():
    with tempfile.TemporaryDirectory(prefix="xylem-python-", dir=os.environ.get("TMPDIR", "/var/tmp")) as directory:
        work = pathlib.Path(directory)
        environment = {"LD_LIBRARY_PATH": str(library.parent)}
        source, program = make_source(work), program_of(work)
        commit = text_of("ostree", "rev-parse", f"--repo={source}", "main")
        server = subprocess.Popen([xylem, "serve", source], stdout=subprocess.PIPE, text=True)
        try:
            url = "http://127.0.0.1:" + re.findall(r"\d+", server.stdout.readline())[-1]
            done = run(sys.executable, program, work / "repo", url, "main", env=environment)
            assert done.status == 0 and f"main is at {commit}\n" in done.out, done
            assert "phase: " in done.out, done
        finally:
            server.terminate()
            server.wait()
        done = run(sys.executable, program, work / "repo", url, "main", env=environment)
        assert done.status == 5 and "error (network): " in done.err, done


main()
