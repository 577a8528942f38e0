#!/usr/bin/env python3
"""Replays the seeds and regressions of all fuzz targets, without a fuzzer.

    replay.py SOURCE_ROOT PROGRAM...     each PROGRAM is called replay-TARGET
"""

import pathlib
import subprocess
import sys
import tempfile


def main():
    root = pathlib.Path(sys.argv[1])
    programs = {path.name.removeprefix("replay-"): path for path in map(pathlib.Path, sys.argv[2:])}
    targets = {path.stem.removeprefix("fuzz_") for path in (root / "fuzz").glob("fuzz_*.cpp")}
    assert programs.keys() == targets, programs.keys() ^ targets
    with tempfile.TemporaryDirectory(prefix="xylem-replay-", dir="/var/tmp") as seeds:
        subprocess.run([sys.executable, root / "fuzz/make_seeds.py", root / "tests/data", seeds],
                       check=True)
        for target, program in sorted(programs.items()):
            places = [pathlib.Path(seeds) / target, root / "fuzz/regressions" / target]
            done = subprocess.run([program, *(place for place in places if place.is_dir())],
                                  capture_output=True, text=True, timeout=120, check=False)
            assert done.returncode == 0, (target, done)
            print(f"{target}: {done.stdout.strip()}", flush=True)


main()
