#!/usr/bin/env python3
"""Editing what a repository shares: nothing is lost, and nothing is written that cannot be used.

    test_editing.py XYLEM
"""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import finish, make_sample_tree, run, run_ok, text_of  # noqa: E402
from harness.cases import expect, main  # noqa: E402
from harness.process import ENVIRONMENT  # noqa: E402

INVALID_ARGUMENT, NOT_FOUND = 13, 3


def start(*command):
    return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)


def make_repo(xylem, work, mode="archive"):
    repo = work / "repo"
    run_ok(xylem, "init", "--repo", repo, "--mode", mode)
    return repo


def snapshot(repo):
    """Names and contents, but for tmp/ and the repository lock."""
    return {str(path.relative_to(repo)): path.read_bytes() if path.is_file() else None
            for path in repo.rglob("*") if path.relative_to(repo).parts[0] not in ("tmp", ".lock")}


def remotes_added_at_once_all_stay(xylem, work):
    repo = make_repo(xylem, work)
    finish([start(xylem, "remote", "add", "--repo", repo, f"r{number}", "http://localhost/")
            for number in range(12)])
    expect(len(text_of("ostree", "remote", "list", "--repo", repo).splitlines()) == 12)


def different_edits_at_once_all_stay(xylem, work):
    repo = make_repo(xylem, work)
    finish([start(xylem, "config", "set", "--repo", repo, f"group{number}.key", number)
            for number in range(6)]
           + [start(xylem, "remote", "add", "--repo", repo, f"r{number}", "http://localhost/")
              for number in range(6)]
           + [start(xylem, "remote", "add-cookie", "--repo", repo, "r0", "example.org", "/",
                    f"n{number}", "v") for number in range(6)])
    config = (repo / "config").read_text()
    expect(all(f"[group{number}]" in config and f'[remote "r{number}"]' in config
               for number in range(6)), config)
    expect(len((repo / "r0.cookies.txt").read_text().splitlines()) == 6)


def signatures_made_at_once_all_stay(xylem, work):
    repo = make_repo(xylem, work)
    make_sample_tree(work / "tree")
    run_ok(xylem, "commit", "--repo", repo, "-b", "main", f"--tree=dir={work}/tree")
    keys = []
    for number in range(6):
        pem = work / f"{number}.pem"
        run_ok("openssl", "genpkey", "-algorithm", "ed25519", "-out", pem)
        run_ok("openssl", "pkey", "-in", pem, "-outform", "DER", "-out", work / "private")
        run_ok("openssl", "pkey", "-in", pem, "-pubout", "-outform", "DER", "-out", work / "public")
        secret = (work / "private").read_bytes()[-32:] + (work / "public").read_bytes()[-32:]
        keys.append((encode(secret), encode(secret[32:])))
    finish([start(xylem, "sign", "--repo", repo, "main", secret) for secret, _ in keys])
    for _, public in keys:
        run_ok(xylem, "sign", "--repo", repo, "--verify", "main", public)
    finish([start(xylem, "sign", "--repo", repo, "--delete", "main", public)
            for _, public in keys[:3]])
    left = [public for _, public in keys if run(
        xylem, "sign", "--repo", repo, "--verify", "main", public).status == 0]
    expect(left == [public for _, public in keys[3:]], left)


def encode(data):
    import base64
    return base64.b64encode(data).decode()


def a_value_that_would_lock_everybody_out_is_refused(xylem, work):
    repo = make_repo(xylem, work)
    before = (repo / "config").read_bytes()
    for key, value in (("core.parent", "/nonexistent"), ("core.mode", "tar"),
                       ("core.repo_version", "2"), ("core.min-free-space-size", "much"),
                       ("core.lock-timeout-secs", "-9"), ("core.fsync", "perhaps"),
                       # With these libostree does not open it.
                       ("sysroot.bootloader", "dos"), ("ex-fsverity.required", "perhaps"),
                       ("core.default-repo-finders", "config;none"),
                       ("core.enable-uncompressed-cache", "perhaps"),
                       ("core.parent", repo)):
        done = run(xylem, "config", "set", "--repo", repo, key, value)
        expect(done.status in (INVALID_ARGUMENT, NOT_FOUND) and "error:" in done.err, key, done)
        expect((repo / "config").read_bytes() == before, key, "was written")
    run_ok(xylem, "refs", "--repo", repo)
    for key, value in (("sysroot.bootloader", "grub2"), ("ex-fsverity.required", "false"),
                       ("core.default-repo-finders", "config;lan")):
        run_ok(xylem, "config", "set", "--repo", repo, key, value)
    run_ok("ostree", "refs", "--repo", repo)


def what_does_not_open_can_be_mended(xylem, work):
    repo = make_repo(xylem, work)
    with (repo / "config").open("a") as config:
        config.write("parent=/nonexistent\nlock-timeout-secs=never\n")
    expect(run(xylem, "refs", "--repo", repo).status != 0)
    expect(text_of(xylem, "config", "get", "--repo", repo, "core.parent") == "/nonexistent")
    done = run(xylem, "config", "unset", "--repo", repo, "core.parent")
    expect(done.status == 0 and "still does not open" in done.err, done)
    done = run(xylem, "config", "set", "--repo", repo, "core.lock-timeout-secs", "soon")
    expect(done.status == INVALID_ARGUMENT, "a bad value for another", done)
    run_ok(xylem, "config", "set", "--repo", repo, "core.lock-timeout-secs", "5")
    run_ok(xylem, "refs", "--repo", repo)
    run_ok("ostree", "refs", "--repo", repo)


def unknown_keys_comments_and_order_stay(xylem, work):
    repo = make_repo(xylem, work)
    config = repo / "config"
    config.write_text(config.read_text() + "# why\nfuture=1\n\n[other]\nkey=x\n\n"
                      '[remote "a"]\n# ours\nurl=http://localhost/\nunknown=2\n\n[last]\nkey=y\n')
    before = config.read_text()
    run_ok(xylem, "config", "set", "--repo", repo, "last.key", "z")
    expect(config.read_text() == before.replace("key=y", "key=z"), config.read_text())
    run_ok(xylem, "remote", "add", "--repo", repo, "--force", "a", "http://localhost/new")
    # As with ostree, a remote that is replaced comes last; nothing else is touched.
    expect(config.read_text().startswith(before[:before.index('[remote "a"]')]) and
           "[last]\nkey=z\n" in config.read_text(), config.read_text())


def a_config_behind_a_symlink(xylem, work):
    repo = make_repo(xylem, work)
    real = work / "elsewhere"
    (repo / "config").rename(real)
    real.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(real, 1234, 4321)
    (repo / "config").symlink_to(real)
    run_ok(xylem, "config", "set", "--repo", repo, "core.tmp-expiry-secs", "7")
    run_ok(xylem, "remote", "add", "--repo", repo, "o", "http://localhost/")
    expect((repo / "config").is_symlink() and "tmp-expiry-secs=7" in real.read_text())
    status = real.stat()
    expect(status.st_mode & 0o7777 == 0o640, oct(status.st_mode))
    if os.geteuid() == 0:
        expect((status.st_uid, status.st_gid) == (1234, 4321), status)
    expect(run(xylem, "config", "get", "--repo", repo, "core.tmp-expiry-secs").out == "7\n")


def init_makes_parents_and_agrees(xylem, work):
    repo = work / "a/b/c"
    run_ok(xylem, "init", "--repo", repo, "--mode=archive")
    run_ok("ostree", "refs", "--repo", repo)
    done = run(xylem, "init", "--repo", repo, "--mode=bare-user-only")
    expect("keeps its mode archive" in done.err, done)
    expect(text_of(xylem, "config", "get", "--repo", repo, "core.mode") == "archive-z2")
    done = run(xylem, "init", "--repo", repo, "--mode=archive", "--collection-id=org.test.Other")
    expect("keeps its collection ID (none)" in done.err, done)
    for attempt in range(5):
        both = [start(xylem, "init", "--repo", work / f"at-once-{attempt}", f"--mode={mode}")
                for mode in ("archive", "bare-user-only") * 3]
        errors = [process.communicate()[1] for process in both]
        expect(all(process.returncode == 0 for process in both), errors)
        told = sum("keeps its mode" in text for text in errors)
        expect(told == 3, "the three of the other mode say so", errors)


def a_failed_remote_add_changes_nothing(xylem, work):
    repo = make_repo(xylem, work)
    run_ok(xylem, "remote", "add", "--repo", repo, "kept", "http://localhost/")
    (work / "no-key").write_text("this is no key")
    before = snapshot(repo)
    for arguments in (["--gpg-import=missing", "o", "http://localhost/"],
                      [f"--gpg-import={work}/no-key", "o", "http://localhost/"],
                      [f"--gpg-import={work}/no-key", "--force", "kept", "http://localhost/other"],
                      ["--set=gpg-verify=perhaps", "o", "http://localhost/"],
                      ["kept", "http://localhost/other"]):
        done = run(xylem, "remote", "add", "--repo", repo, *arguments)
        expect(done.status != 0, arguments)
        expect(snapshot(repo) == before, arguments, "changed something")


def questions_in_a_read_only_repository(xylem, work):
    if os.geteuid() == 0 and run("setpriv", "--version").status != 0:
        return
    source, repo = work / "source", make_repo(xylem, work)
    make_sample_tree(work / "tree")
    run_ok("ostree", "init", "--repo", source, "--mode=archive")
    run_ok("ostree", "commit", "--repo", source, "-b", "main", f"--tree=dir={work}/tree")
    run_ok("ostree", "summary", "--repo", source, "-u")
    server = start(xylem, "serve", "--repo", source, f"--port-file={work}/port")
    try:
        while not (work / "port").exists() or not (work / "port").read_text().strip():
            expect(server.poll() is None, "the server ended")
        url = f"http://127.0.0.1:{(work / 'port').read_text().strip()}"
        run_ok(xylem, "remote", "add", "--repo", repo, "--no-gpg-verify", "o", url)
        work.chmod(0o755)
        before = snapshot(repo)
        run_ok("chmod", "-R", "a-w", repo)
        as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        as_nobody = as_nobody if os.geteuid() == 0 else []
        expect(run_ok(*as_nobody, xylem, "remote", "refs", "--repo", repo, "o") == "o:main\n")
        run_ok(*as_nobody, xylem, "transfers", "--repo", repo)
        run_ok("chmod", "-R", "u+w", repo)
        expect(snapshot(repo) == before)
    finally:
        server.terminate()
        server.communicate()


main(remotes_added_at_once_all_stay, different_edits_at_once_all_stay,
     signatures_made_at_once_all_stay, a_value_that_would_lock_everybody_out_is_refused,
     what_does_not_open_can_be_mended, unknown_keys_comments_and_order_stay,
     a_config_behind_a_symlink, init_makes_parents_and_agrees, a_failed_remote_add_changes_nothing,
     questions_in_a_read_only_repository)
