#!/usr/bin/env python3
"""`gpgkeypath`: a directory of keys may be a home of gpg."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, main, run, run_ok  # noqa: E402


def home_of_gpg(xylem, work):
    """Of which only the public keys count. A file that somebody put there must be a key."""
    home = work / "home"
    home.mkdir(mode=0o700)
    gpg = ("gpg", f"--homedir={home}", "--batch", "-q")
    run_ok(*gpg, "--passphrase=", "--quick-gen-key", "somebody@example.org")
    run_ok(*gpg, "--export", "-a", "-o", home / "key.asc")
    (home / "pubring.kbx").unlink()
    for name in (".gpg-v21-migrated", "gpg.conf", "random_seed", "trustdb.gpg", "secring.gpg"):
        (home / name).write_text("")
    (work / "tree").mkdir()
    source, repo = f"--repo={work}/source", f"--repo={work}/repo"
    for one in (source, repo):
        run_ok("ostree", "init", one, "--mode=archive")
    run_ok("ostree", "commit", source, "-b", "main", f"--tree=dir={work}/tree")
    run_ok("ostree", "remote", "add", repo, f"--set=gpgkeypath={home}", "origin",
           f"file://{work}/source")
    done = run(xylem, "pull", repo, "origin", "main")
    expect("no signatures found" in done.err, done)
    (home / "note").write_text("no key")
    done = run(xylem, "pull", repo, "origin", "main")
    expect("note does not hold public keys" in done.err, done)


main(home_of_gpg)
