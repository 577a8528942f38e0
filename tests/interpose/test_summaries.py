#!/usr/bin/env python3
"""A program that was written for libostree fetches summaries: with libostree, and with the library
that stands in for it. Whatever the server has, both return the same bytes, or errors of the same
domain and code.

    test_summaries.py XYLEM DIRECTORY HOST
"""

import pathlib
import re
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (commit_sample, expect, main, new_repo, run, run_ok, serve_site, text_of)  # noqa: E402

DIRECTORY, HOST = (pathlib.Path(argument).absolute() for argument in sys.argv[2:4])
SUMMARY = re.compile(r"(?:summary|signatures) (?:none|[0-9a-f]{64})\n")
ERROR = re.compile(r"error: (\S+ \d+):")


class Scene:
    """A repository that is served, and one that has it as remote `origin`."""

    def __init__(self, work):
        self.work, self.source, self.log = work, work / "source", work / "log"
        commit_sample(self.source, work / "tree", "os/test")

    def sign(self):
        gpg = ("gpg", "--homedir", self.work, "--batch", "--passphrase", "")
        run_ok(*gpg, "--quick-gen-key", "key", "rsa1024")
        run_ok(*gpg, "--output", self.work / "key.gpg", "--export")
        key = re.search("fpr:+([0-9A-F]{40})", text_of(*gpg, "--with-colons", "--list-keys"))[1]
        run_ok("ostree", "summary", "--repo", self.source, "-u", f"--gpg-sign={key}",
               f"--gpg-homedir={self.work}")
        run_ok("gpgconf", "--homedir", self.work, "--kill", "all")

    def both(self, xylem, url, way="summary", ref="", verify=False, who="ours"):
        """What the program printed with libostree; with ours it must be as good as the same."""
        outcomes = []
        for name, library in (("real", {}), ("ours", {"LD_LIBRARY_PATH": str(DIRECTORY)})):
            repo = new_repo(xylem, self.work / name, url)
            if verify:
                run_ok("ostree", "remote", "add", f"--repo={repo}", "--set=gpg-verify-summary=true",
                       f"--gpg-import={self.work / 'key.gpg'}", "signed", url)
            outcomes.append(run(HOST, way, repo, "signed" if verify else "origin", ref,
                                env=library | {"XYLEM_INTERPOSE_LOG": str(self.log)}))
        real, ours = outcomes
        expect(essence(real.out) == essence(ours.out), real, ours)
        lines = self.log.read_text().splitlines()
        expect(lines[-1].startswith(who) and "summary of " in lines[-1], lines)
        return ours.out


def essence(text):
    """Checksums of what came, or domain and code of the error."""
    found = SUMMARY.findall(text) or ERROR.findall(text)
    expect(found, text)
    return found


def a_summary_without_signature(xylem, work):
    scene = Scene(work)
    with serve_site(scene.source) as site:
        out = scene.both(xylem, site.url)
    expect("signatures none" in out and "summary none" not in out, out)


def a_summary_that_is_missing(xylem, work):
    scene = Scene(work)
    (scene.source / "summary").unlink()
    with serve_site(scene.source) as site:
        expect("summary none" in scene.both(xylem, site.url))


def a_summary_that_is_forbidden(xylem, work):
    scene = Scene(work)
    with serve_site(scene.source) as site:
        site.status = {"/summary": 403, "/summary.sig": 403}
        expect("summary none" in scene.both(xylem, site.url))


def a_server_that_fails(xylem, work):
    scene = Scene(work)
    with serve_site(scene.source) as site:
        site.status = {"/summary": 501, "/summary.sig": 501}
        expect("error" in scene.both(xylem, site.url))


def a_signature_that_nobody_checks(xylem, work):
    scene = Scene(work)
    scene.sign()
    with serve_site(scene.source) as site:
        expect("none" not in scene.both(xylem, site.url))


def a_good_signature(xylem, work):
    scene = Scene(work)
    scene.sign()
    with serve_site(scene.source) as site:
        expect("none" not in scene.both(xylem, site.url, verify=True))


def a_missing_signature(xylem, work):
    scene = Scene(work)
    scene.sign()
    (scene.source / "summary.sig").unlink()
    with serve_site(scene.source) as site:
        out = scene.both(xylem, site.url, verify=True)
    expect("error: OstreeGpgError" in out, out)


def a_missing_summary_that_must_be_signed(xylem, work):
    scene = Scene(work)
    scene.sign()
    (scene.source / "summary.sig").unlink()
    (scene.source / "summary").unlink()
    with serve_site(scene.source) as site:
        expect("error" in scene.both(xylem, site.url, verify=True))


def a_forbidden_summary_that_must_be_signed(xylem, work):
    scene = Scene(work)
    scene.sign()
    with serve_site(scene.source) as site:
        site.status = {"/summary": 403, "/summary.sig": 403}
        expect("error" in scene.both(xylem, site.url, verify=True))


def a_signature_of_another_summary(xylem, work):
    scene = Scene(work)
    scene.sign()
    signature = (scene.source / "summary.sig").read_bytes()
    run_ok("ostree", "refs", "--repo", scene.source, "--create=other", "os/test")
    run_ok("ostree", "summary", "--repo", scene.source, "-u")
    (scene.source / "summary.sig").write_bytes(signature)
    with serve_site(scene.source) as site:
        expect("error: OstreeGpgError" in scene.both(xylem, site.url, verify=True))


def nobody_listens(xylem, work):
    scene = Scene(work)
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    expect("error" in scene.both(xylem, url))


def a_repository_of_this_machine(xylem, work):
    scene = Scene(work)
    scene.sign()
    url = f"file://{scene.source}"
    expect("none" not in scene.both(xylem, url))
    expect("none" not in scene.both(xylem, url, verify=True))
    (scene.source / "summary.sig").unlink()
    expect("signatures none" in scene.both(xylem, url))
    expect("error" in scene.both(xylem, url, verify=True))
    (scene.source / "summary").unlink()
    expect("summary none" in scene.both(xylem, url))


def an_option_that_is_not_known(xylem, work):
    scene = Scene(work)
    with serve_site(scene.source) as site:
        scene.both(xylem, site.url, way="summary-unknown-option", who="forwarded")
        requests = [path for path, headers in site.seen]
    expect(len(requests) == 4, requests)  # two each: nothing was asked for before it was forwarded


def another_url(xylem, work):
    scene = Scene(work)
    with serve_site(scene.source) as site:
        out = scene.both(xylem, "http://127.0.0.1:9", way="summary-from-url", ref=site.url)
    expect("summary none" not in out, out)


def a_timer_cancels(xylem, work):
    """libostree runs a main context of its own meanwhile, and would wait for its time-out."""
    scene = Scene(work)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        repo = new_repo(xylem, work / "repo", f"http://127.0.0.1:{silent.getsockname()[1]}")
        done = run(HOST, "summary-cancelled", repo, "origin", "",
                   env={"LD_LIBRARY_PATH": str(DIRECTORY)})
    expect("error: g-io-error-quark 19:" in done.out, done)


def what_is_in_the_cache_is_not_sent_again(xylem, work):
    """What the one has cached, the other uses: its requests are fewer, and the bytes the same."""
    scene = Scene(work)
    scene.sign()
    ours = {"LD_LIBRARY_PATH": str(DIRECTORY), "XYLEM_INTERPOSE_LOG": str(scene.log)}
    with serve_site(scene.source) as site:
        for first, second in (({}, ours), (ours, {}), (ours, ours)):
            repo = new_repo(xylem, work / "repo", site.url)
            run_ok("ostree", "remote", "add", f"--repo={repo}", "--set=gpg-verify-summary=true",
                   f"--gpg-import={work / 'key.gpg'}", "signed", site.url)
            before = run(HOST, "summary", repo, "signed", "", env=first)
            expect((repo / "tmp/cache/summaries/signed.sig").exists(), before)
            asked = len(site.seen)
            after = run(HOST, "summary", repo, "signed", "", env=second)
            expect(before.out == after.out and "none" not in after.out, before, after)
            paths = [path for path, _ in site.seen[asked:]]
            expect(paths == ["/summary.sig"] or second == ours and "/summary" in paths, paths)


main(a_summary_without_signature, a_summary_that_is_missing, a_summary_that_is_forbidden,
     a_server_that_fails, a_signature_that_nobody_checks, a_good_signature, a_missing_signature,
     a_missing_summary_that_must_be_signed, a_forbidden_summary_that_must_be_signed,
     a_signature_of_another_summary, nobody_listens, a_repository_of_this_machine,
     an_option_that_is_not_known, another_url, a_timer_cancels,
     what_is_in_the_cache_is_not_sent_again)
