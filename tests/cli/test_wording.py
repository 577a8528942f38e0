#!/usr/bin/env python3
"""Words that scripts look for in messages: those of `ostree`, which says them beside us."""

import os
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (  # noqa: E402
    expect, link_as_ostree, main, make_source, make_target, object_file, run, run_ok,
    serve_site, text_of,
)


def phrases(xylem, work):
    """(arguments for both programs, what both must say)"""
    source = make_source(work)
    repo = make_target(xylem, work / "repo", "http://localhost:1/")
    run_ok("ostree", "pull-local", repo, source, "main")
    commit = text_of("ostree", "rev-parse", repo, "main")
    run_ok("ostree", "remote", "add", repo, "broken", "badscheme://something")
    run_ok("ostree", "remote", "add", repo, "--set=unconfigured-state=PAY FIRST", "--no-gpg-verify",
           "waiting", "http://localhost:1/")
    run_ok("ostree", "remote", "add", repo, "--custom-backend=other", "backend")
    return repo, commit, [
        (("refs", "main", "--create=.hidden"), "Invalid ref"),
        (("refs", "main", "--create=-x"), "Invalid ref"),
        (("reset", "nosuch", "main"), "Invalid ref 'nosuch'"),
        (("rev-parse", "nosuch"), "Refspec 'nosuch' not found"),
        (("pull", "broken", "main"), "Invalid URI scheme in badscheme://something"),
        (("pull", "waiting", "main"), "PAY FIRST"),
        (("pull", "backend", "main"), "remote 'backend' uses custom backend 'other'"),
        (("remote", "show-url", "backend"), 'No "url" option in remote'),
        (("prune", "--retain-branch-depth=main=BACON"), "Invalid depth BACON"),
        (("prune", "--only-branch=BACON"), "Refspec 'BACON' not found"),
        (("prune", "--keep-younger-than=BACON"), "Could not parse 'BACON'"),
        (("checksum",), "A filename must be given"),
        (("config", "get", "core.nosuch"), "Key file does not have key"),
        (("refs", "-A", "main", "--create=origin:x"), "Cannot create alias to remote ref"),
        (("refs", "-A", "nosuch", "--create=x"), "Cannot create alias to non-existent ref"),
    ]


def messages_have_the_phrases_of_ostree(xylem, work):
    repo, _, cases = phrases(xylem, work)
    ostree = link_as_ostree(xylem, work)
    for words, phrase in cases:
        for program in (xylem, ostree, "ostree"):
            place = () if words[0] == "checksum" else (repo,)
            done = run(program, *words, *place)
            expect(done.status != 0 and phrase in done.err, program, words, phrase, done)


def bindings_are_refused_in_the_words_of_ostree(xylem, work):
    source = make_source(work)
    repo = f"--repo={source}"
    commit = text_of("ostree", "rev-parse", repo, "main")
    run_ok("ostree", "refs", repo, "--create=other", commit)
    for program in (xylem, "ostree"):
        done = run(program, "fsck", repo, "--verify-bindings")
        expect("Commit has no requested ref ‘other’ in ref binding metadata (‘main’)" in done.err,
               program, done)
    run_ok("ostree", "refs", repo, "--delete", "main", "other")
    run_ok("ostree", "refs", repo, "--create=kept", commit)
    for program in (xylem, "ostree"):
        done = run(program, "fsck", repo, "--verify-back-refs")
        expect(f"Ref ‘main’ in bindings for commit {commit} does not exist" in done.err, program, done)


def refs_of_remotes_are_not_copied_by_chance(xylem, work):
    source = make_source(work)
    run_ok("ostree", "refs", f"--repo={source}", "--create=origin:main", "main")
    for program in (xylem, "ostree"):
        repo = f"--repo={work}/{pathlib.Path(str(program)).name}-repo"
        run_ok(program, "init", repo, "--mode=archive")
        done = run(program, "pull-local", repo, source)
        expect(done.status != 0 and "Invalid ref name origin:main" in done.err, program, done)
        run_ok(program, "pull-local", repo, source, "main")


def servers_are_quoted_as_ostree_does(xylem, work):
    source = make_source(work)
    commit = text_of("ostree", "rev-parse", f"--repo={source}", "main")
    with serve_site(source) as site:
        def failure(program, *words):
            run_ok("rm", "-rf", work / "repo")
            repo = make_target(program, work / "repo", site.url)
            done = run(program, "pull", repo, "--network-retries=0", *words, "origin", "main")
            expect(done.status != 0, program, done)
            return done.err

        for program in (xylem, "ostree"):
            site.status = {"/summary": 500}
            expect("HTTP 500" in failure(program), program)
            site.status = {f"/objects/{commit[:2]}/{commit[2:]}.commit": 404}
            expect("404" in failure(program), program)
        site.status = {}
        object_file(source, commit, "commit").write_bytes(bytes(11 << 20))
        (source / "summary").unlink()
        expect("exceeded maximum" in failure(link_as_ostree(xylem, work)))
        expect("exceeded maximum" in failure(xylem, "--max-metadata-size=1000"))
        (source / "refs/heads/main").write_text("lots of html here \n" * 20)
        for program in (xylem, "ostree"):
            expect("Fetching checksum for ref ((empty), main): Invalid rev lots of html here  lots"
                   in failure(program), program)


def what_fsck_finds_is_told_as_ostree_does(xylem, work):
    for damage in ("missing", "corrupt"):
        for program in (xylem, "ostree"):
            run_ok("rm", "-rf", work / "source")
            source = make_source(work)
            commit = text_of("ostree", "rev-parse", f"--repo={source}", "main")
            listing = run_ok("ostree", "ls", "-C", f"--repo={source}", "main", "/usr/file1")
            victim = re.search(r"[0-9a-f]{64}", listing)[0]
            object_file(source, victim, "filez").unlink()
            if damage == "corrupt":
                object_file(source, victim, "filez").write_text("whoops\n")
            done = run(program, "fsck", "-q", f"--repo={source}")
            expect(done.status != 0, program, done)
            marker = source / "state" / f"{commit}.commitpartial"
            if damage == "missing":
                expect(f"Object missing in commits {commit}: {victim}.file" in done.err, program, done)
                expect(f"Marking commit as partial: {commit}" in done.err, program, done)
            else:
                expect(f"error: In commits {commit}: " in done.err, program, done)
                done = run(program, "fsck", "-q", "--delete", f"--repo={source}")
                expect(f"\nIn commits {commit}: " in "\n" + done.err, program, done)
            expect(marker.exists(), program, damage)
    for program in (xylem, "ostree"):
        run_ok("rm", "-rf", work / "source")
        source = make_source(work)
        for path in source.rglob("*.commit"):
            path.unlink()
        done = run(program, "fsck", "-q", f"--repo={source}")
        expect("Loading commit for ref main: No such metadata object" in done.err, program, done)


def a_check_leaves_a_repository_that_it_may_not_change(xylem, work):
    source = make_source(work)
    next(source.rglob("*.filez")).unlink()
    done = run(xylem, "fsck", "-q", "--json", f"--repo={source}")
    expect(done.status != 0 and not list((source / "state").iterdir()), done)


def a_repository_that_is_not_ours(xylem, work):
    repo = work / "repo"
    run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
    (repo / "objects").chmod(0o555)
    words = ("setpriv", "--reuid=65534", "--clear-groups") if os.geteuid() == 0 else ()
    work.chmod(0o755)
    shutil.copy(xylem, work / "xylem")  # Where anybody may run it.
    done = run(*words, work / "xylem", "refs", f"--repo={repo}", "--delete", "main")
    expect(done.status != 0 and "is not writable: Permission denied" in done.err, done)


main(messages_have_the_phrases_of_ostree, bindings_are_refused_in_the_words_of_ostree,
     a_repository_that_is_not_ours,
     refs_of_remotes_are_not_copied_by_chance, servers_are_quoted_as_ostree_does,
     what_fsck_finds_is_told_as_ostree_does, a_check_leaves_a_repository_that_it_may_not_change)
