#!/usr/bin/env python3
"""Prints a version script for a library that stands before another one: all version nodes of that
one, and in them the symbols that are replaced. A program that asks for a node which is missing would
not start.

    version_script.py LIBRARY SYMBOL...
"""

import re
import subprocess
import sys

DEFINITION = re.compile(r"^\s*(?:0x)?[0-9a-f]+:.* Name: (\S+)$")
PARENT = re.compile(r"^\s*(?:0x)?[0-9a-f]+: Parent \d+: (\S+)$")


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def nodes(library):
    """Each version node with its parents, in their order, without that of the library's name."""
    found, in_definitions = {}, False
    for line in output_of("readelf", "--version-info", "--wide", library).splitlines():
        if line.startswith("Version"):
            in_definitions = line.startswith("Version definition")
        elif in_definitions and (match := PARENT.match(line)):
            found[list(found)[-1]].append(match[1])
        elif in_definitions and (match := DEFINITION.match(line)):
            found[match[1]] = []
            base = match[1] if "Flags: BASE" in line else None
            if base:
                found[base].append(None)
    return {node: parents for node, parents in found.items() if None not in parents}


def versions(library):
    """The node of each symbol that the library defines."""
    names = output_of("nm", "--dynamic", "--defined-only", "--with-symbol-versions", library)
    return dict(re.findall(r" (\w+)@@(\S+)$", names, re.MULTILINE))


def main():
    library, symbols = sys.argv[1], sys.argv[2:]
    version_of = versions(library)
    missing = [symbol for symbol in symbols if symbol not in version_of]
    if missing:
        sys.exit(f"{library} has no {', '.join(missing)}: is it libostree-1.so.1?")
    for index, (node, parents) in enumerate(nodes(library).items()):
        ours = [symbol for symbol in symbols if version_of[symbol] == node]
        names = f" global: {'; '.join(ours)};" if ours else ""
        hidden = " local: *;" if index == 0 else ""
        print(f"{node} {{{names}{hidden} }} {' '.join(parents)};".replace(" ;", ";"))


main()
