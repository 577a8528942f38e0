#!/usr/bin/env python3
"""Programs that were written for libostree pull by way of the library that stands in for it: a C
program, Debian's own `ostree`, and the log that says whose pulls they were.

    test_interpose.py XYLEM DIRECTORY HOST
"""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (ENVIRONMENT, Handler, Skip, commit_sample, expect, expect_complete, main, new_repo, run, run_ok,
                     serve_site, text_of)  # noqa: E402

DIRECTORY, HOST = (pathlib.Path(argument).absolute() for argument in sys.argv[2:4])
REF = "os/test"


class Scene:
    """A repository to pull from, one to pull into, and programs above our library."""

    def __init__(self, xylem, work, url=None):
        self.source = work / "source"
        commit_sample(self.source, work / "tree", REF)
        self.log = work / "pulls"
        self.repo = new_repo(xylem, work / "repo", url or f"file://{self.source}", mode="archive")
        self.commit = text_of("ostree", "rev-parse", "--repo", self.source, REF)

    def run(self, *command, **variables):
        return run(*command, env={"LD_LIBRARY_PATH": str(DIRECTORY),
                                  "XYLEM_INTERPOSE_LOG": str(self.log)} | variables)

    def host(self, way, source="origin", ref=REF, **variables):
        return self.run(HOST, way, self.repo, source, ref, **variables)

    def pulls(self):
        """(who, why) of each pull so far."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [(line.split()[0], line) for line in lines]

    def expect_ours(self, count=1):
        expect([who for who, _ in self.pulls()] == ["ours"] * count, self.pulls())

    def expect_forwarded(self, why):
        expect([who for who, _ in self.pulls()] == ["forwarded"], self.pulls())
        expect(why in self.pulls()[0][1], self.pulls())

    def expect_pulled(self, done):
        expect(done.status == 0, done)
        expect_complete(self.repo, self.source, [REF])

    def has_ref(self):
        return run("ostree", "rev-parse", "--repo", self.repo, f"origin:{REF}").status == 0


def a_c_program_pulls(xylem, work):
    scene = Scene(xylem, work)
    scene.expect_pulled(scene.host("plain"))
    scene.expect_ours()


def progress_has_every_key_and_ends_with_a_line(xylem, work):
    scene = Scene(xylem, work)
    with serve_site(scene.source) as site:
        new_repo(xylem, scene.repo, site.url)
        done = scene.host("progress")
    expect("content objects fetched; " in done.out and "changed: yes" in done.out, done)
    scene.expect_ours()
    expect(all(headers["User-Agent"].startswith("libostree/") for _, headers in site.seen),
           site.seen)


def refs_are_set_in_the_transaction_of_the_caller(xylem, work):
    scene = Scene(xylem, work)
    scene.expect_pulled(scene.host("commit"))
    scene.expect_ours()


def an_aborted_transaction_sets_no_ref(xylem, work):
    scene = Scene(xylem, work)
    done = scene.host("abort")
    expect(done.status == 0 and not scene.has_ref(), done)
    run_ok("ostree", "fsck", "-q", "--repo", scene.repo)
    scene.expect_ours()


def a_commit_is_checked_as_for_its_ref_in_a_transaction(xylem, work):
    scene = Scene(xylem, work)
    run_ok("ostree", "refs", "--repo", scene.source, "--create=other", scene.commit)
    done = scene.host("commit", ref="other")
    expect(done.status == 1 and "other" in done.out, done)
    scene.expect_ours()


def a_caller_that_holds_the_lock_is_not_waited_for(xylem, work):
    scene = Scene(xylem, work)
    start = time.monotonic()
    scene.expect_pulled(scene.host("locked"))
    expect(time.monotonic() - start < 10)
    scene.expect_ours()


def an_option_that_is_not_known_is_left_to_libostree(xylem, work):
    scene = Scene(xylem, work)
    scene.expect_pulled(scene.host("unknown-option"))
    scene.expect_forwarded("x-unknown")


def it_can_be_switched_off(xylem, work):
    scene = Scene(xylem, work)
    scene.expect_pulled(scene.host("plain", XYLEM_INTERPOSE="0"))
    scene.expect_forwarded("XYLEM_INTERPOSE=0")


def without_its_engine_the_filter_forwards(xylem, work):
    scene = Scene(xylem, work)
    (work / "alone").mkdir()
    (work / "alone/libostree-1.so.1").write_bytes((DIRECTORY / "libostree-1.so.1").read_bytes())
    scene.expect_pulled(scene.host("plain", LD_LIBRARY_PATH=str(work / "alone")))
    scene.expect_forwarded("cannot be loaded")


def errors_have_the_domain_and_code_of_libostree(xylem, work):
    scene = Scene(xylem, work)
    with serve_site(scene.source) as site:
        new_repo(xylem, scene.repo, site.url)
        ours = scene.host("plain", ref="missing")
        real = run(HOST, "plain", scene.repo, "origin", "missing")
    expect(ours.status == real.status == 1, ours, real)
    expect(ours.out.split(":")[1] == real.out.split(":")[1], ours.out, real.out)
    scene.expect_ours()


def a_missing_signature_is_an_error_of_gpg(xylem, work):
    scene = Scene(xylem, work)
    run_ok("ostree", "remote", "add", "--repo", scene.repo, "signed", f"file://{scene.source}")
    gpg = ("gpg", "--homedir", work, "--batch", "--passphrase", "")
    run_ok(*gpg, "--quick-gen-key", "key", "rsa1024")
    run_ok(*gpg, "--output", work / "key.gpg", "--export")
    run_ok("ostree", "remote", "gpg-import", "--repo", scene.repo, f"--keyring={work / 'key.gpg'}",
           "signed")
    run_ok("gpgconf", "--homedir", work, "--kill", "all")
    ours = scene.host("plain", source="signed")
    real = run(HOST, "plain", scene.repo, "signed", REF)
    expect(ours.status == real.status == 1, ours, real)
    expect(ours.out.split(":")[1] == real.out.split(":")[1], ours.out, real.out)


def a_timer_of_the_caller_cancels(xylem, work):
    scene = Scene(xylem, work)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        new_repo(xylem, scene.repo, f"http://127.0.0.1:{silent.getsockname()[1]}")
        start = time.monotonic()
        done = scene.host("cancelled")
    expect("error: g-io-error-quark 19:" in done.out, done)
    expect(time.monotonic() - start < 4, done)


def eight_threads_pull_at_once(xylem, work):
    scene = Scene(xylem, work)
    scene.expect_pulled(scene.host("threads"))
    scene.expect_ours(8)


def eight_threads_pull_into_repositories_of_their_own(xylem, work):
    scene = Scene(xylem, work)
    (work / "many").mkdir()
    with serve_site(scene.source) as site:
        for index in range(8):
            new_repo(xylem, work / f"many/{index}", site.url)
        done = scene.run(HOST, "repositories", work / "many", "origin", REF)
    expect(done.status == 0, done)
    for index in range(8):
        expect_complete(work / f"many/{index}", scene.source, [REF])
    scene.expect_ours(8)


def a_pull_leaves_nothing_behind_in_the_program(xylem, work):
    scene = Scene(xylem, work)
    with serve_site(scene.source) as site:
        new_repo(xylem, scene.repo, site.url)
        done = scene.host("compared")
    scene.expect_pulled(done)
    expect("left behind" not in done.out and "gone" not in done.out, done)
    scene.expect_ours()


def a_commit_that_is_too_large_is_refused_as_by_libostree(xylem, work):
    scene = Scene(xylem, work)
    (scene.source / "summary").unlink()
    path = scene.source / f"objects/{scene.commit[:2]}/{scene.commit[2:]}.commit"
    path.write_bytes(bytes(11 << 20))
    with serve_site(scene.source) as site:
        new_repo(xylem, scene.repo, site.url)
        ours = scene.host("plain")
        real = run(HOST, "plain", scene.repo, "origin", REF)
    for done in (ours, real):
        expect(done.status == 1 and "exceeded maximum size of 10485760 bytes" in done.out, done)
    expect(ours.out.split(":")[1] == real.out.split(":")[1], ours.out, real.out)
    scene.expect_ours()


def the_command_of_debian_pulls(xylem, work):
    scene = Scene(xylem, work)
    scene.expect_pulled(scene.run("ostree", "pull", f"--repo={scene.repo}", "origin", REF))
    mirror = new_repo(xylem, work / "mirror", f"file://{scene.source}", mode="archive")
    expect(scene.run("ostree", "pull", f"--repo={mirror}", "--mirror", "origin").status == 0)
    expect(text_of("ostree", "rev-parse", "--repo", mirror, REF) == scene.commit)
    run_ok("ostree", "fsck", "-q", "--repo", mirror)
    scene.expect_ours(2)


def what_one_has_begun_the_other_continues(xylem, work):
    scene = Scene(xylem, work)
    command = ("ostree", "pull", f"--repo={scene.repo}", "--subpath=/usr", "origin", REF)
    expect(scene.run(*command).status == 0)
    run_ok("ostree", "pull", f"--repo={scene.repo}", "origin", REF)
    expect_complete(scene.repo, scene.source, [REF])


class StallingHandler(Handler):
    """Answers so many requests for content, and keeps the others waiting."""

    def do_GET(self):
        site = self.server
        if self.path.endswith(".filez"):
            with site.lock:
                site.left -= 1
                wait = site.left < 0
            if wait:
                site.stalled.set()
                site.released.wait()
        with contextlib.suppress(OSError):
            super().do_GET()


def wait_for_objects(repo, count):
    """Until so many content objects are written, wherever they are kept at first."""
    end = time.monotonic() + 60
    while len(list(repo.rglob("*.file"))) < count:
        expect(time.monotonic() < end, "what has come is not written")
        time.sleep(0.02)


def cut_and_continue(xylem, work, first, second):
    """Kills a pull of the one while it waits for the server; the other makes it whole."""
    scene = Scene(xylem, work)
    with serve_site(scene.source) as site:
        site.RequestHandlerClass = StallingHandler
        site.lock, site.left = threading.Lock(), 3
        site.stalled, site.released = threading.Event(), threading.Event()
        new_repo(xylem, scene.repo, site.url)
        pull = ("ostree", "pull", f"--repo={scene.repo}", "origin", REF)
        with subprocess.Popen(pull, env=ENVIRONMENT | first) as process:
            expect(site.stalled.wait(60))
            wait_for_objects(scene.repo, 3)
            process.kill()
        site.left = sys.maxsize
        site.released.set()
        expect(not scene.has_ref())
        begun = len(site.seen)
        done = run(*pull, env=second)
        again = [path for path, _ in site.seen[begun:] if path.endswith(".filez")]
    expect(done.status == 0, done)
    run_ok("ostree", "fsck", "-q", "--repo", scene.repo)
    expect(text_of("ostree", "rev-parse", "--repo", scene.repo, f"origin:{REF}") == scene.commit)
    expect(len(again) == len(list(scene.source.glob("objects/*/*.filez"))) - 3, again)
    return scene


def variables_of_ours(work):
    return {"LD_LIBRARY_PATH": str(DIRECTORY), "XYLEM_INTERPOSE_LOG": str(work / "pulls")}


def libostree_continues_what_was_killed(xylem, work):
    cut_and_continue(xylem, work, variables_of_ours(work), {})


def what_was_killed_in_libostree_is_continued(xylem, work):
    cut_and_continue(xylem, work, {}, variables_of_ours(work)).expect_ours()


def enabling_writes_an_entry_that_the_loader_reads(xylem, work):
    if os.geteuid() != 0:
        raise Skip("ldconfig needs root")
    root = work / "root"
    status = text_of(xylem, "interpose", "status", f"--sysroot={root}")
    library = pathlib.Path(status.split("Library: ")[1].splitlines()[0])
    expect("Disabled" in status and "is not installed" in status, status)
    expect(run(xylem, "interpose", "enable", f"--sysroot={root}").status == 3)
    library.parent.mkdir(parents=True)
    for name in ("libostree-1.so.1", "libxylem-ostree.so"):
        (library.parent / name).write_bytes((DIRECTORY / name).read_bytes())
    (root / "etc").mkdir()
    (root / "etc/ld.so.conf").write_text("include /etc/ld.so.conf.d/*.conf\n")
    run_ok(xylem, "interpose", "enable", f"--sysroot={root}")
    cached = text_of("/sbin/ldconfig", "-r", root, "-p")
    expect(f"libostree-1.so.1 (libc6,x86-64) => /{library.relative_to(root)}" in cached, cached)
    expect("Enabled" in text_of(xylem, "interpose", "status", f"--sysroot={root}"))
    run_ok(xylem, "interpose", "disable", f"--sysroot={root}")
    expect("libostree" not in text_of("/sbin/ldconfig", "-r", root, "-p"))


def a_library_that_others_can_change_is_refused(xylem, work):
    root = work / "root"
    status = text_of(xylem, "interpose", "status", f"--sysroot={root}")
    library = pathlib.Path(status.split("Library: ")[1].splitlines()[0])
    library.parent.mkdir(parents=True)
    for name in ("libostree-1.so.1", "libxylem-ostree.so"):
        (library.parent / name).write_bytes(b"")
    library.chmod(0o666)
    done = run(xylem, "interpose", "enable", f"--sysroot={root}")
    expect(done.status != 0 and "can be changed by others" in done.err, done)
    expect(not (root / "etc").exists())


main(a_c_program_pulls, progress_has_every_key_and_ends_with_a_line,
     refs_are_set_in_the_transaction_of_the_caller, an_aborted_transaction_sets_no_ref,
     a_commit_is_checked_as_for_its_ref_in_a_transaction,
     a_caller_that_holds_the_lock_is_not_waited_for,
     an_option_that_is_not_known_is_left_to_libostree, it_can_be_switched_off,
     without_its_engine_the_filter_forwards, errors_have_the_domain_and_code_of_libostree,
     a_missing_signature_is_an_error_of_gpg, a_timer_of_the_caller_cancels,
     eight_threads_pull_at_once, eight_threads_pull_into_repositories_of_their_own,
     a_pull_leaves_nothing_behind_in_the_program,
     a_commit_that_is_too_large_is_refused_as_by_libostree, the_command_of_debian_pulls,
     what_one_has_begun_the_other_continues, libostree_continues_what_was_killed,
     what_was_killed_in_libostree_is_continued, enabling_writes_an_entry_that_the_loader_reads,
     a_library_that_others_can_change_is_refused)
