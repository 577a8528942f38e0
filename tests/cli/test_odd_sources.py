#!/usr/bin/env python3
"""Sources that are damaged, only half listed or badly configured: what a pull takes of them, and what
it says, as `ostree` does or more strictly."""

import hashlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (  # noqa: E402
    expect, link_as_ostree, main, make_source, make_target, object_file, run, run_ok,
    serve_site, text_of,
)


def content_objects(repo):
    return sorted(path for path in (repo / "objects").rglob("*") if path.suffix in (".file", ".filez"))


def make_damaged(work, mode):
    """A repository of this mode in which one file has the content of another one."""
    make_source(work)
    repo = work / "damaged"
    run_ok("ostree", "init", f"--repo={repo}", f"--mode={mode}")
    run_ok("ostree", "pull-local", f"--repo={repo}", work / "source", "main")
    bad, other = content_objects(repo)[:2]
    content = other.read_bytes()
    bad.chmod(0o644)
    with bad.open("r+b") as file:  # In place: a bare-user file keeps its attribute.
        file.write(content)
        file.truncate()
    return repo, bad.parent.name + bad.stem


def trusted_content_is_taken_whatever_has_to_be_done_with_it(xylem, work):
    ostree = link_as_ostree(xylem, work)
    for source in ("archive", "bare-user-only"):
        run_ok("rm", "-rf", *work.glob("damaged*"), *work.glob("to-*"), work / "source", work / "tree")
        damaged, checksum = make_damaged(work, source)
        for target in ("archive", "bare-user", "bare-user-only"):
            for program, words, good in (
                    ("ostree", (), True), (ostree, (), True), (xylem, ("--trusted",), True),
                    ("ostree", ("--untrusted",), False), (ostree, ("--untrusted",), False),
                    (xylem, (), False)):
                run_ok("rm", "-rf", *work.glob("to-*"))
                repo = f"--repo={work}/to-{target}"
                run_ok("ostree", "init", repo, f"--mode={target}")
                done = run(program, "pull-local", repo, *words, damaged, "main")
                expect((done.status == 0) == good, source, target, program, words, done)
                expect(good or f"Corrupted file object; checksum expected='{checksum}'" in done.err,
                       source, target, done)
                checked = run("ostree", "fsck", "-q", repo)
                expect((checked.status == 0) != good, source, target, program, words, checked)


def what_inflates_to_another_size_is_refused_from_whom_one_trusts_too(xylem, work):
    source = make_source(work)
    victim = content_objects(source)[0]
    content = victim.read_bytes()
    victim.write_bytes(content[:-1])
    for mode in ("bare-user", "bare-user-only"):
        repo = f"--repo={work}/{mode}"
        run_ok(xylem, "init", repo, f"--mode={mode}")
        done = run(xylem, "pull-local", repo, "--trusted", source, "main")
        expect(done.status == 7, mode, done)


def detached_metadata_that_nobody_looks_at_may_be_damaged(xylem, work):
    source = make_source(work)
    commit = text_of("ostree", "rev-parse", f"--repo={source}", "main")
    object_file(source, commit, "commitmeta").write_text("borkborkbork\n")
    with serve_site(source) as site:
        for number, url in enumerate((site.url, f"file://{source}")):
            repo = make_target(xylem, work / f"unsigned{number}", url)
            done = run(xylem, "pull", repo, "origin", "main")
            expect(done.status == 0, url, done)
            expect("The detached metadata is damaged" in done.err and "warning: " in done.err, done)
            expect(not object_file(work / f"unsigned{number}", commit, "commitmeta").exists(), url)
            run_ok("ostree", "fsck", "-q", repo)
            signed = make_target(xylem, work / f"signed{number}", url, "--set=sign-verify=ed25519",
                                 "--set=verification-ed25519-key=" + "A" * 43 + "=")
            done = run(xylem, "pull", signed, "origin", "main")
            expect(done.status == 7 and "The detached metadata is damaged" in done.err, url, done)


def a_signature_that_was_deleted_goes_with_the_next_pull(xylem, work):
    source = make_source(work)
    commit = text_of("ostree", "rev-parse", f"--repo={source}", "main")
    dummy = {"OSTREE_DUMMY_SIGN_ENABLED": "1"}
    words = ("sign", f"--repo={source}", "-s", "dummy", "main", "word")
    with serve_site(source) as site:
        for signer, puller in ((xylem, xylem), (xylem, "ostree"), ("ostree", xylem)):
            run_ok("rm", "-rf", work / "repo")
            run_ok(xylem, *words, env=dummy)
            repo = make_target(xylem, work / "repo", site.url)
            run_ok(puller, "pull", repo, "origin", "main")
            ours = object_file(work / "repo", commit, "commitmeta")
            expect(ours.stat().st_size > 0, signer, puller)
            run_ok(xylem, *words, "--delete", env=dummy) if signer == xylem else \
                object_file(source, commit, "commitmeta").write_bytes(b"")  # As it leaves it.
            expect(object_file(source, commit, "commitmeta").stat().st_size == 0, signer, puller)
            run_ok(puller, "pull", repo, "origin", "main")
            expect(not ours.exists() or ours.stat().st_size == 0, signer, puller)


def a_delta_that_nothing_lists_is_not_offered(xylem, work):
    source = make_source(work)
    repo = f"--repo={source}"
    run_ok("ostree", "config", repo, "set", "core.no-deltas-in-summary", "true")
    run_ok("ostree", "static-delta", "generate", repo, "--empty", "main")
    run_ok("ostree", "summary", repo, "-u")
    for program, name in ((xylem, "ours"), ("ostree", "theirs")):
        for listed, how in ((True, ()), (False, ("rm", "-rf", source / "delta-indexes")),
                            (True, ("ostree", "static-delta", "reindex", repo))):
            if how:
                run_ok(*how)
            run_ok("rm", "-rf", work / name)
            run_ok("ostree", "init", f"--repo={work}/{name}", "--mode=bare-user")
            done = run(program, "pull-local", f"--repo={work}/{name}", "--require-static-deltas",
                       source, "main")
            expect((done.status == 0) == listed, program, how, done)
            expect(listed or "deltas required, but none found for" in done.err, program, done)


def a_backend_of_others_needs_no_url(xylem, work):
    repo = f"--repo={work}/repo"
    run_ok(xylem, "init", repo, "--mode=archive")
    run_ok(xylem, "remote", "add", repo, "--custom-backend=other", "origin")
    for words, phrase in ((("remote", "refs", repo, "origin"), 'No "url" option in remote'),
                          (("remote", "show-url", repo, "origin"), 'No "url" option in remote'),
                          (("pull", repo, "origin"), "remote 'origin' uses custom backend 'other'")):
        done = run(xylem, *words)
        expect(done.status != 0 and phrase in done.err, words, done)


def an_empty_path_of_keys_is_refused(xylem, work):
    source = make_source(work)
    key = work / "key.asc"
    run_ok("gpg", "--homedir", work, "--batch", "-q", "--passphrase=", "--quick-gen-key", "a@b.org")
    run_ok("gpg", "--homedir", work, "--batch", "-q", "--export", "-a", "-o", key)
    for number, (paths, phrase) in enumerate((
            (f",{key}", "opendir(): No such file or directory"),
            (f"{key};;{key}", "opendir(): No such file or directory"),
            (f"{key},{key};{key}", "key value list contains more than one separator"),
            (f"{key},", "no signatures found"), (f"{key};", "no signatures found"))):
        repo = f"--repo={work}/{number}"
        run_ok(xylem, "init", repo, "--mode=archive")
        run_ok(xylem, "remote", "add", repo, f"--set=gpgkeypath={paths}", "origin", f"file://{source}")
        done = run(xylem, "pull", repo, "origin", "main")
        expect(done.status != 0 and phrase in done.err, paths, done)


def a_mirror_that_is_named_twice_is_one(xylem, work):
    """What was wrong with its summary is said, and not that nobody is left."""
    source = make_source(work)
    summary = (source / "summary").read_bytes()
    with serve_site(source) as site:
        (source / "list").write_text(f"{site.url}\n{site.url}\n")
        for path in ("summary.bad", "summary", "other"):
            (source / path).write_bytes(summary)
        (source / "metalink").write_text(
            '<metalink version="3.0"><files><file name="summary">'
            f"<size>{len(summary)}</size><verification>"
            f'<hash type="sha512">{hashlib.sha512(b"another").hexdigest()}</hash></verification>'
            "<resources>" + "".join(f"<url>{site.url}/{path}</url>"
                                    for path in ("summary.bad", "other", "summary"))
            + "</resources></file></files></metalink>")
        repo = make_target(xylem, work / "repo", f"metalink={site.url}/metalink")
        done = run(xylem, "pull", repo, "origin", "main")
        expect("Expected checksum is" in done.err and "but actual is" in done.err, done)
        (source / "summary").write_bytes(b"no summary")
        repo = make_target(xylem, work / "listed", f"mirrorlist={site.url}/list")
        done = run(xylem, "pull", repo, "origin", "main")
        expect(done.status != 0 and "The summary of" in done.err and "is damaged" in done.err, done)


main(trusted_content_is_taken_whatever_has_to_be_done_with_it,
     what_inflates_to_another_size_is_refused_from_whom_one_trusts_too,
     detached_metadata_that_nobody_looks_at_may_be_damaged,
     a_signature_that_was_deleted_goes_with_the_next_pull, a_delta_that_nothing_lists_is_not_offered, a_backend_of_others_needs_no_url,
     an_empty_path_of_keys_is_refused, a_mirror_that_is_named_twice_is_one)
