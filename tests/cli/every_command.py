"""The commands of a program and what each takes, read from its own help, and values to give them."""

import dataclasses
import re

from harness import run_ok

# What commands get for arguments, so that they do something in the repository of the test. Those
# that are not here get what their usage line asks for.
ARGUMENTS = {
    "cat": ["main", "/file"], "checkout": ["main", "out"], "checksum": ["tree/file"],
    "commit": ["--orphan", "--tree=dir=tree"], "completion": ["bash"], "config": ["get", "core.mode"],
    "create-usb": ["usb", "org.example.Os", "main"], "diff": ["main", "main"], "init": ["--mode=archive"],
    "find-remotes": ["--finders=config", "org.example.Os", "main"], "gpg-sign": ["main", "ABCDEF"],
    "ls": ["main", "/"], "pull": ["origin", "main"], "pull-local": ["source", "main"],
    "prune": ["--refs-only"], "refs": [], "remote add": ["new", "http://127.0.0.1:1/"],
    "remote gpg-import": ["origin", "--keyring=key"], "reset": ["main", "main"], "rev-parse": ["main"],
    "remote add-cookie": ["origin", "example.org", "/", "name", "value"],
    "remote delete-cookie": ["origin", "example.org", "/", "name"],
    "serve": ["source", "--address=127.0.0.1"], "show": ["main"],
    "sign": ["main", "--keys-file=key", "--sign-type=ed25519"],
    "static-delta generate": ["--to=main", "--empty"], "static-delta show": ["delta"],
    "static-delta delete": ["main"], "static-delta apply-offline": ["delta"],
    "static-delta verify": ["delta"], "transfers abort": ["nothing"], "transfers": [],
    "interpose enable": ["--prefix=prefix"], "interpose disable": ["--prefix=prefix"],
}
PLACES = {"REMOTE": "origin", "NAME": "origin", "COMMIT": "main", "REV": "main", "REF": "main",
          "PATH": "tree", "KEY-ID": "ABCDEF", "TO": "main"}

# Good values, by what help calls them.
VALUES = {
    "POLICY": "true", "dir=PATH or tar=TARFILE or ref=COMMIT": "dir=tree", "REGEX,REPLACEMENT": "a,b",
    "0 or 1": "1", "KEY=VALUE": "a=b", "NAME=VALUE": "a=b", "TIMESTAMP": "@0", "DATE": "@0",
    "gnu or pax": "pax", "MODE": "archive", "COLLECTION-ID": "org.example.Os", "BRANCH=DEPTH": "main=0",
    "STYLE": "none", "URL": "http://127.0.0.1:1/", "SIZE": "1M", "TIME": "10", "HOW": "delay=1",
    "PROVIDER": "aws:amz:eu:s3", "KEYTYPE=[inline|file]:PUBKEY": "ed25519=file:key", "TYPE": "s",
    "ENDIAN": "l", "ADDRESS": "127.0.0.1", "PORT": "0", "COMMIT": "main", "REV": "main", "OLD": "main",
    "REMOTE": "origin", "FINDERS": "config", "REPO": "source", "DEST": "source", "SUBJECT": "one",
    "DIR": "tree", "PATH": "tree", "FILE": "tree/file", "HOMEDIR": "tree", "KEY": "a", "BRANCH": "main",
}
NUMBERS = {"UID", "GID", "DEPTH", "FREQUENCY", "N", "SIZE", "TIME", "PORT", "MB"}
# A file that is only read. What options of these names write to is made.
READ_FILES = {"--body-file", "--statoverride", "--skip-list", "--gpg-import", "--keyring", "--from-file",
              "--sign-from-file", "--keys-file"}
# A text for people may be empty, and no commit is expected where there is no ref.
MAY_BE_EMPTY = {"--subject", "--body", "--expect"}


@dataclasses.dataclass(frozen=True)
class Option:
    name: str
    value: str | None  # What help calls it; None: a flag.

    def good(self):
        return VALUES.get(self.value, "1" if self.value in NUMBERS else "x")


@dataclasses.dataclass(frozen=True)
class Command:
    path: tuple
    options: tuple
    arguments: tuple
    needs_repository: bool

    @property
    def name(self):
        return " ".join(self.path)


def guess_arguments(usage):
    """What the usage line asks for, without what is in brackets."""
    words = re.sub(r"\[[^\]]*\](\.\.\.)?", "", usage.split("[OPTION…]")[1]).split()
    return [PLACES.get(word.strip(".()").split("|")[0], "main") for word in words]


def commands_of(program, path=()):
    """All of them, those of groups too."""
    text = run_ok(program, *path, "--help")
    below = re.findall(r"^  ([a-z-]+) {2,}\S", text.split("Help Options")[0], re.MULTILINE)
    found = [command for name in below for command in commands_of(program, (*path, name))]
    options = tuple(Option(name, value or None) for name, value in
                    re.findall(r"^  (?:-\w, )?(--[a-z0-9-]+)(?:=(.*?))?(?:  |$)", text, re.MULTILINE)
                    if name not in ("--help", "--version"))
    if not below or "COMMAND" not in text.splitlines()[1]:
        name = " ".join(path)
        arguments = ARGUMENTS.get(name) or guess_arguments(text.splitlines()[1])
        needs = any(option.name == "--repo" for option in options)
        found.append(Command(path, options, tuple(arguments), needs))
    return found
