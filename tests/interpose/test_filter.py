#!/usr/bin/env python3
"""The filter has every version node of the real library, at the versions of that its own functions,
and shows nothing else; the engine shows what the filter calls.

    test_filter.py DIRECTORY REAL
"""

import re
import subprocess
import sys


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def nodes(library):
    """Names of the version nodes that a library defines, but for that of its own name."""
    text = output_of("readelf", "--version-info", "--wide", library)
    defined = text.partition("Version definition")[2].partition("Version needs")[0]
    return set(re.findall(r"Name: (\S+)$", defined, re.MULTILINE)) - {"libostree-1.so.1"}


def symbols(library):
    return set(output_of("nm", "--dynamic", "--defined-only", "--with-symbol-versions", library)
               .replace("@@", "@").split()) - {"T", "A"}


def functions(library):
    return {name for name in symbols(library) if name.startswith("ostree_")}


def main():
    directory, real = sys.argv[1:]
    filter_, engine = f"{directory}/libostree-1.so.1", f"{directory}/libxylem-ostree.so"
    problems = [f"the filter lacks {node}" for node in nodes(real) - nodes(filter_)]
    problems += [f"{name} is not of the real library" for name in functions(filter_) - functions(real)]
    shown = {line.split()[-1] for line in
             output_of("nm", "--dynamic", "--defined-only", filter_).splitlines()
             if line.split()[-2] != "A"}
    problems += [f"the filter shows {name}" for name in shown if not name.startswith("ostree_")]
    shown = [line.split()[-1] for line in
             output_of("nm", "--dynamic", "--defined-only", engine).splitlines()]
    names = {name.partition("@")[0] for name in shown}
    if names != {"xylem_ostree_apply_delta", "xylem_ostree_fetch_summary",
                 "xylem_ostree_pull"}:
        problems.append(f"the engine shows {shown}")
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", output_of("readelf", "--dynamic", filter_))
    if real not in needed:
        problems.append(f"the filter needs {needed}, not {real}")
    if any("stdc++" in name or "curl" in name for name in needed):
        problems.append(f"the filter is heavy: it needs {needed}")
    print("\n".join(problems) or f"ok: {len(nodes(real))} version nodes")
    sys.exit(1 if problems else 0)


main()
