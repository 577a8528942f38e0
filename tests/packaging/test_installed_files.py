#!/usr/bin/env python3
"""Each file that `meson install` installs is in exactly one Debian package.

    test_installed_files.py SOURCE BUILD

Compares what Meson says of BUILD with the patterns of debian/*.install.
"""

import fnmatch
import json
import pathlib
import subprocess
import sys


# Of what is only built where its own dependencies are.
OPTIONAL = {"xylem-libostree"}


def introspect(build, what):
    done = subprocess.run(["meson", "introspect", f"--{what}", build], check=True,
                          capture_output=True, text=True)
    return json.loads(done.stdout)


def debian_path(path, options):
    """Where a package of Debian has a file that this build would install as `path`."""
    prefix = pathlib.PurePath(options["prefix"])
    units = options["systemd_unit_dir"] or prefix / "lib/systemd/system"
    for place, debian in ((units, "lib/systemd/system"),
                          (prefix / options["libdir"], "usr/lib/TRIPLET"), (prefix, "usr")):
        if path.is_relative_to(place):
            return pathlib.PurePath(debian) / path.relative_to(place)
    return path.relative_to("/")


def matches(path, pattern):
    """As a shell would match: "*" stands for no slash."""
    parts, wanted = path.parts, pathlib.PurePath(pattern).parts
    return len(parts) == len(wanted) and all(map(fnmatch.fnmatchcase, parts, wanted))


def patterns(source):
    """(package, pattern) for each line of debian/*.install."""
    return [(file.stem, line.split()[0]) for file in sorted((source / "debian").glob("*.install"))
            for line in file.read_text().splitlines() if line.strip() and line[0] != "#"]


def with_links(path):
    """A library libx.so.1.0.0, and its links libx.so.1 and libx.so, which Meson does not list."""
    name, dot, version = path.name.partition(".so.")
    if not dot:
        return [path]
    major = version.split(".")[0]
    return [path, path.with_name(f"{name}.so.{major}"), path.with_name(f"{name}.so")]


def main():
    source, build = pathlib.Path(sys.argv[1]), sys.argv[2]
    options = {option["name"]: option["value"] for option in introspect(build, "buildoptions")}
    installed = [file for path in introspect(build, "installed").values()
                 for file in with_links(debian_path(pathlib.PurePath(path), options))]
    known = patterns(source)
    problems = []
    for path in installed:
        packages = [package for package, pattern in known if matches(path, pattern)]
        if len(packages) != 1:
            problems.append(f"{path} is in {', '.join(packages) or 'no package'}")
    built = {package for path in installed for package, pattern in known if matches(path, pattern)}
    for package, pattern in known:
        if package in OPTIONAL and package not in built:
            continue
        if not any(matches(path, pattern) for path in installed):
            problems.append(f"{package}.install: nothing matches {pattern}")
    if not installed or problems:
        sys.exit("\n".join(problems) or "Meson installs nothing")
    print(f"ok: {len(installed)} files")


main()
