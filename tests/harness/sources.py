"""Small repositories to pull from and into."""

import pathlib

from harness.process import run_ok


def make_source(work, *options):
    """An archive at work/source with five files at the ref main, and a summary."""
    source, tree = work / "source", work / "tree"
    (tree / "usr").mkdir(parents=True, exist_ok=True)
    for number in range(5):
        (tree / "usr" / f"file{number}").write_text(f"{number}\n")
    run_ok("ostree", "init", f"--repo={source}", "--mode=archive")
    run_ok("ostree", "commit", f"--repo={source}", "-b", "main", f"--tree=dir={tree}", *options)
    run_ok("ostree", "summary", f"--repo={source}", "-u")
    return source


def make_target(program, path, url, *options):
    """An archive with the remote origin; returns the option that names it."""
    run_ok(program, "init", f"--repo={path}", "--mode=archive")
    run_ok(program, "remote", "add", f"--repo={path}", "--set=gpg-verify=false", *options, "origin",
           url)
    return f"--repo={path}"


def object_file(repo, checksum, extension):
    return pathlib.Path(repo) / "objects" / checksum[:2] / f"{checksum[2:]}.{extension}"
