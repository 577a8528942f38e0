#!/usr/bin/env python3
"""The manual knows every command and every option, and nothing that is not there."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, main, run_ok  # noqa: E402

MANUAL = pathlib.Path(__file__).parents[2] / "docs" / "man"
# Where options are described that are not on the page of their own command.
PAGES = {"find-remotes": "xylem-find-remotes", "create-usb": "xylem-find-remotes",
         "commit": "xylem-commit", "export": "xylem-export", "checkout": "xylem-checkout", "fsck": "xylem-fsck",
         "prune": "xylem-prune", "recover": "xylem-fsck", "pull": "xylem-pull",
         "interpose": "xylem-interpose", "label": "xylem-objects", "lease": "xylem-objects",
         "objects": "xylem-objects",
         "pull-local": "xylem-pull", "remote": "xylem-remote", "serve": "xylem-serve",
         "static-delta": "xylem-static-delta", "transfers": "xylem-transfers"}
EVERYWHERE = {"--repo", "--help", "--verbose", "--version", "--sysroot"}


def page(name):
    """Its text without what changes fonts."""
    return re.sub(r"\\f[BIR]", "", (MANUAL / f"{name}.1").read_text().replace(r"\-", "-"))


def names_and_options(xylem, *path):
    text = run_ok(xylem, *path, "--help")
    names = re.findall(r"^  ([a-z-]+) {2,}\S", text.split("Help Options")[0], re.MULTILINE)
    return names, set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", text, re.MULTILINE)) - EVERYWHERE


def words(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*[a-z]", text))


def every_command_and_option_is_described(xylem, _work):
    for command in names_and_options(xylem)[0]:
        expect(re.search(rf"\b{command}\b", page("xylem")), command)
        text = page(PAGES.get(command, "xylem"))
        subcommands, options = names_and_options(xylem, command)
        for name in subcommands:
            expect(re.search(rf"\b{name}\b", text), command, name)
            options |= names_and_options(xylem, command, name)[1]
        expect(options <= words(text), command, options - words(text))


def nothing_else_is_described(xylem, _work):
    known = set(EVERYWHERE)
    for command in names_and_options(xylem)[0]:
        subcommands, options = names_and_options(xylem, command)
        known |= options
        for name in subcommands:
            known |= names_and_options(xylem, command, name)[1]
    for path in MANUAL.glob("*.1"):
        described = words(page(path.stem))
        expect(described <= known, path.name, described - known)


def every_command_has_a_page_that_is_installed(xylem, _work):
    installed = (MANUAL / "meson.build").read_text()
    for command in names_and_options(xylem)[0]:
        expect((MANUAL / f"xylem-{command}.1").exists(), command)
    for path in [*MANUAL.glob("*.1"), *MANUAL.glob("*.5")]:
        expect(f"'{path.name}'" in installed, path.name)
        text = path.read_text()
        if text.startswith(".so "):
            expect((MANUAL / pathlib.Path(text[4:].strip()).name).exists(), path.name)


def keys_that_are_read():
    """Keys of `config`, as the code that parses it names them."""
    source = MANUAL.parents[1] / "src/repo/config"
    core = re.findall(r'(?:flag|non_empty)\(file, "([a-z_-]+)"', (source / "config.cpp").read_text())
    core += re.findall(r'find_\w+\(\w+, "([a-z_-]+)"', (source / "config.cpp").read_text())
    core += re.findall(r'find_\w+\("archive", "([a-z_-]+)"', (source / "config.cpp").read_text())
    remote = re.findall(r'keys\.\w+\("([a-z0-9-]+)"', (source / "remote.cpp").read_text())
    return set(core) | set(remote)


def every_key_of_the_configuration_is_described(_xylem, _work):
    keys = keys_that_are_read() - {"archive"}
    expect(len(keys) > 35, keys)
    text = re.sub(r"\\f[BIR]", "", (MANUAL / "xylem-config.5").read_text()).replace("\\-", "-")
    for key in keys:
        expect(re.search(rf"(?<![\w-]){key}(?![\w-])", text), key)


main(every_command_has_a_page_that_is_installed, every_key_of_the_configuration_is_described,
     every_command_and_option_is_described, nothing_else_is_described)
