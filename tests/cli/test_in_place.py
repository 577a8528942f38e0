#!/usr/bin/env python3
"""What scripts and servers that were made for `ostree` find when xylem stands in its place: features,
requests, counts, summaries that follow refs, defaults."""

import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (  # noqa: E402
    expect, link_as_ostree, main, make_source, make_target, object_file, run, run_ok,
    serve_site, text_of,
)

FOLLOWED = "libostree/2022.7"

def features_are_those_of_this_build(xylem, work):
    ostree = link_as_ostree(xylem, work)
    text = run_ok(ostree, "--version")
    expect(text.splitlines()[:2] == ["libostree:", f" Version: '{FOLLOWED.partition('/')[2]}'"], text)
    for feature in ("libcurl", "libarchive", "selinux", "gpgme", "openssl", "sign-ed25519",
                    "sign-spki", "p2p"):
        expect(f"  - {feature}\n" in text + "\n", feature, text)
    expect(run_ok(xylem, "--version").splitlines()[2:] == text.splitlines()[3:], text)


def requests_name_the_followed_libostree(xylem, work):
    with serve_site(make_source(work)) as site:
        repo = make_target(xylem, work / "repo", site.url)
        for words, agent in (((), FOLLOWED),
                             (("--append-user-agent", "dodo/2.15"), f"{FOLLOWED} dodo/2.15"),
                             (("--user-agent=ours/1", "--append-user-agent=x"), "ours/1 x")):
            site.seen.clear()
            run_ok(xylem, "pull", repo, *words, "origin", "main")
            agents = {headers["User-Agent"] for _, headers in site.seen}
            expect(agents == {agent}, words, agents)


def small_files_may_come_compressed(xylem, work):
    source = make_source(work)
    with serve_site(source) as site:
        for site.zip in (False, True):
            run_ok("rm", "-rf", work / "repo")
            repo = make_target(xylem, work / "repo", site.url)
            site.seen.clear()
            run_ok(xylem, "pull", repo, "origin", "main")
            run_ok("ostree", "fsck", "-q", repo)
            for path, headers in site.seen:
                small = not path.startswith("/objects/")
                expect(("gzip" in headers.get("Accept-Encoding", "")) >= small, path, headers)
                if not small:
                    expect(headers.get("Accept-Encoding") == "identity", path, headers)
            cached = (work / "repo/tmp/cache/summaries/origin").read_bytes()
            expect(cached == (source / "summary").read_bytes(), site.zip)


def the_cache_is_tagged_and_can_be_skipped(xylem, work):
    with serve_site(make_source(work)) as site:
        repo = make_target(xylem, work / "repo", site.url)
        run_ok(xylem, "pull", repo, "origin", "main", env={"OSTREE_SKIP_CACHE": "1"})
        expect(not (work / "repo/tmp/cache/summaries").exists())
        (work / "cache").mkdir()
        run_ok(xylem, "pull", repo, f"--cache-dir={work}/cache", "origin", "main",
               env={"OSTREE_SKIP_CACHE": "1"})
        expect((work / "cache/summaries/origin").exists())
        run_ok(xylem, "pull", repo, "origin", "main")
        for cache in (work / "cache", work / "repo/tmp/cache"):
            tag = (cache / "CACHEDIR.TAG").read_text()
            expect(tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n"), tag)


def counts_are_those_of_ostree(xylem, work):
    source = make_source(work)
    with serve_site(source) as site:
        lines = []
        for program, name in ((xylem, "ours"), ("ostree", "theirs")):
            cache = make_target(program, work / f"{name}-cache", site.url)
            run_ok(program, "pull", cache, "origin", "main")
            lines.append(name)
        (work / "tree" / "new").write_text("new\n")
        run_ok("ostree", "commit", f"--repo={source}", "-b", "main", f"--tree=dir={work}/tree")
        run_ok("ostree", "summary", f"--repo={source}", "-u")
        told = []
        for program, name in ((xylem, "ours"), ("ostree", "theirs")):
            repo = make_target(program, work / name, site.url)
            out = run_ok(program, "pull", repo, "-L", work / f"{name}-cache", "origin", "main")
            again = run_ok(program, "pull", repo, "origin", "main")
            told.append([re.match(r"[^;]+", text)[0] for text in (out, again)])
        expect(told[0] == told[1], *told)
        expect("local)" in told[0][0], told)


def a_summary_may_follow_the_refs(xylem, work):
    repo = f"--repo={make_source(work)}"
    for subject in ("again", "and again"):
        run_ok("ostree", "commit", repo, "-b", "main", f"--tree=dir={work}/tree", "-s", subject)
    for words in (("reset", "main", "main^"), ("refs", "main", "--create=other"),
                  ("refs", "--delete", "other")):
        for automatic in (False, True):
            run_ok(xylem, "config", repo, "set", "core.auto-update-summary", str(automatic).lower())
            run_ok("ostree", "summary", repo, "-u", "-m", "marker=true")
            run_ok(xylem, *words, repo)
            refreshed = "marker" not in run_ok(xylem, "summary", repo, "--list-metadata-keys")
            expect(refreshed == automatic, words, automatic)
            if words[0] == "refs":  # Back to what was before.
                undo = ("--delete", "other") if "--create=other" in words else ("main", "--create=other")
                run_ok("ostree", "refs", repo, *(undo if not automatic else ("--list",)))


def metadata_of_a_collection_is_a_commit(xylem, work):
    shown = []
    for program, name in ((xylem, "ours"), ("ostree", "theirs")):
        repo = f"--repo={work}/{name}"
        run_ok(program, "init", repo, "--mode=archive", "--collection-id=org.example.Os")
        run_ok(program, "summary", repo, "-u")
        run_ok(program, "summary", repo, "-u", "-m", "key='value'")
        run_ok("ostree", "fsck", "-q", repo, "--verify-bindings")
        log = run_ok("ostree", "log", repo, "ostree-metadata")
        raw = run_ok("ostree", "show", repo, "--raw", "ostree-metadata").splitlines()[1]
        tree = run_ok("ostree", "ls", "-d", repo, "ostree-metadata")
        shown.append((len(re.findall("^commit ", log, re.MULTILINE)), tree,
                      sorted(re.findall(r"'[\w.-]+': <.*?>", re.match(r"\(\{.*?\}", raw)[0])),
                      run_ok("ostree", "refs", "-c", repo)))
    expect(shown[0] == shown[1], *shown)
    expect(shown[0][0] == 2 and "'key': <'value'>" in shown[0][2], shown)


def a_source_with_a_collection_needs_bound_commits(xylem, work):
    source = make_source(work)
    run_ok("ostree", "config", f"--repo={source}", "set", "core.collection-id", "org.example.Os")
    for program, name in ((xylem, "ours"), ("ostree", "theirs")):
        repo = f"--repo={work}/{name}"
        run_ok(program, "init", repo, "--mode=archive")
        pull = (program, "pull-local", repo, source, "main")
        done = run(*pull)
        expect(done.status != 0, program, done)
        expect("Expected commit metadata to have collection ID binding" in done.err, program, done)
        run_ok(*pull, "--disable-verify-bindings")


def local_sources_are_trusted_by_the_name_of_ostree(xylem, work):
    source = make_source(work)
    ostree = link_as_ostree(xylem, work)
    commit = text_of("ostree", "rev-parse", f"--repo={source}", "main")
    other = "0" * 63 + "1"
    wrong = object_file(source, other, "commit")
    wrong.parent.mkdir()
    object_file(source, commit, "commit").rename(wrong)
    (source / "refs/heads/main").write_text(other + "\n")
    (source / "summary").unlink()
    phrase = f"Corrupted commit object; checksum expected='{other}' actual='{commit}'"
    for number, (program, words, good) in enumerate((
            (ostree, (), True), (ostree, ("--untrusted",), False), ("ostree", (), True),
            ("ostree", ("--untrusted",), False), (xylem, (), False), (xylem, ("--trusted",), True))):
        repo = f"--repo={work}/{number}"
        run_ok("ostree", "init", repo, "--mode=bare-user")
        done = run(program, "pull-local", repo, *words, source, "main")
        expect((done.status == 0) == good, program, words, done)
        expect(good or phrase in done.err, program, words, done)


def whoever_commits_last_has_the_branch_by_the_name_of_ostree(xylem, work):
    """The editor of a commit makes another one."""
    ostree = link_as_ostree(xylem, work)
    repo = f"--repo={work}/repo"
    run_ok("ostree", "init", repo, "--mode=archive")
    (work / "tree").mkdir()
    words = (repo, "-b", "main", f"--tree=dir={work}/tree", "-s", "subject")
    editor = work / "editor"
    editor.write_text(f"#!/bin/sh\nostree commit {' '.join(words)} -m between >/dev/null\n")
    editor.chmod(0o755)
    for program, good in (("ostree", True), (ostree, True), (xylem, False)):
        run_ok("ostree", "commit", *words)
        done = run(program, "commit", *words, "-e", env={"OSTREE_EDITOR": str(editor)})
        expect((done.status == 0) == good, program, done)
        expect(good or "by another process meanwhile" in done.err, done)
        last = text_of("ostree", "rev-parse", repo, "main")
        expect((done.out.strip() == last) == good, program, done, last)


def each_signature_is_an_event(xylem, work):
    env = {"OSTREE_DUMMY_SIGN_ENABLED": "1"}
    source, tree = work / "source", work / "tree"
    tree.mkdir()
    run_ok("ostree", "init", f"--repo={source}", "--mode=archive")
    run_ok("ostree", "commit", f"--repo={source}", "-b", "main", f"--tree=dir={tree}", "--sign=one",
           "--sign-type=dummy", env=env)
    commit = text_of("ostree", "rev-parse", f"--repo={source}", "main")
    for key, verdicts in (("one", ["valid"]), ("two", ["unknown key"])):
        run_ok("rm", "-rf", work / "repo")
        repo = make_target(xylem, work / "repo", f"file://{source}", f"--sign-verify=dummy=inline:{key}")
        done = run(xylem, "pull", repo, "--progress=json", "origin", "main", env=env)
        events = [json.loads(line) for line in done.out.splitlines()]
        told = [event for event in events if event["event"] == "signature"]
        expect([event["verdict"] for event in told] == verdicts, done)
        expect(told[0]["commit"] == commit and told[0]["engine"] == "dummy", told)
        expect(told[0]["valid"] == (done.status == 0) == (key == "one"), told, done)


def checksums_are_those_of_ostree(xylem, work):
    tree = work / "tree"
    tree.mkdir()
    (tree / "file").write_text("text\n")
    (tree / "file").chmod(0o4751)
    (tree / "link").symlink_to("file")
    run_ok("setfattr", "-n", "user.x", "-v", "y", tree / "file")
    for path in (tree, tree / "file", tree / "link"):
        for words in ((), ("--ignore-xattrs",)):
            ours = run_ok(xylem, "checksum", *words, path)
            expect(ours == run_ok("ostree", "checksum", *words, path), path, words)
    done = run(xylem, "checksum", tree / "nosuch")
    expect(done.status == 3 and "No such file or directory" in done.err, done)


main(features_are_those_of_this_build, requests_name_the_followed_libostree,
     small_files_may_come_compressed, the_cache_is_tagged_and_can_be_skipped,
     counts_are_those_of_ostree, a_summary_may_follow_the_refs,
     metadata_of_a_collection_is_a_commit, a_source_with_a_collection_needs_bound_commits,
     local_sources_are_trusted_by_the_name_of_ostree,
     whoever_commits_last_has_the_branch_by_the_name_of_ostree, each_signature_is_an_event,
     checksums_are_those_of_ostree)
