"""Runs every command of docs/guide.md, in its order, in one shell."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

xylem, guide = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])

blocks = re.findall(r"^```sh\n(.*?)^```$", guide.read_text(), re.M | re.S)
assert len(blocks) >= 8, f"only {len(blocks)} blocks of commands in {guide}"

# Each block ends with a line of its own, so that a failure says which one it was.
script = "set -euo pipefail\n" + "".join(
    f"{block}echo '[block {number}]'\n" for number, block in enumerate(blocks, 1))

with tempfile.TemporaryDirectory(prefix="xylem-guide-") as directory:
    root = pathlib.Path(directory)
    (root / "bin").mkdir()
    (root / "bin/xylem").symlink_to(xylem)
    environment = {**os.environ, "PATH": f"{root / 'bin'}:{os.environ['PATH']}",
                   "HOME": directory, "LC_ALL": "C.UTF-8"}
    environment.pop("OSTREE_REPO", None)
    # The built-in server runs behind the script: it goes with the script's group.
    shell = subprocess.Popen(["bash", "-c", script], cwd=root, env=environment, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             start_new_session=True)
    try:
        lines = []
        for line in shell.stdout:
            lines.append(line)
            if line == f"[block {len(blocks)}]\n":
                break
        output = "".join(lines)
        reached = re.findall(r"^\[block (\d+)\]$", output, re.M)
        assert len(reached) == len(blocks), \
            f"{guide} failed in block {len(reached) + 1}:\n{blocks[len(reached)]}\n{output}"
    finally:
        os.killpg(shell.pid, 15)
        subprocess.run(["gpgconf", "--homedir", root / "site/gnupg", "--kill", "all"], check=False)
        shell.wait()

print(f"{len(blocks)} blocks of {guide.name} ran")
