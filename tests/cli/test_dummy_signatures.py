#!/usr/bin/env python3
"""Signatures of type dummy, which are words: made and verified as `ostree` does, only on request,
and beside those of other types."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, main, run, run_ok, text_of  # noqa: E402

ON = {"OSTREE_DUMMY_SIGN_ENABLED": "1"}
OFF = {"OSTREE_DUMMY_SIGN_ENABLED": "0"}
SIGNATURE_INVALID = 8


def make_source(work, *options):
    source, tree = work / "source", work / "tree"
    tree.mkdir(exist_ok=True)
    (tree / "file").write_text("content\n")
    run_ok("ostree", "init", f"--repo={source}", "--mode=archive")
    run_ok("ostree", "commit", f"--repo={source}", "-b", "main", f"--tree=dir={tree}", *options,
           env=ON)
    run_ok("ostree", "summary", f"--repo={source}", "-u", *options, env=ON)
    return source


def both_programs_agree(xylem, work):
    source = f"--repo={make_source(work)}"
    for signer, verifier in ((xylem, "ostree"), ("ostree", xylem), (xylem, xylem)):
        word = f"word of {pathlib.Path(str(signer)).name} for {pathlib.Path(str(verifier)).name}"
        run_ok(signer, "sign", source, "--sign-type=dummy", "main", word, env=ON)
        out = run_ok(verifier, "sign", source, "--sign-type=dummy", "--verify", "main", word, env=ON)
        expect(out.startswith("dummy: Signature verified"), signer, out)
        done = run(verifier, "sign", source, "-s", "dummy", "--verify", "main", "another", env=ON)
        expect(done.status != 0, signer, done)


def it_is_off_unless_asked_for(xylem, work):
    source = f"--repo={make_source(work, '--sign=word', '--sign-type=dummy')}"
    for env in ({}, OFF):
        done = run(xylem, "sign", source, "--sign-type=dummy", "--verify", "main", "word", env=env)
        expect(done.status == SIGNATURE_INVALID, done)
        expect("error: No valid signatures found" in done.err, done)
        expect("OSTREE_DUMMY_SIGN_ENABLED" in done.err, done)
        done = run(xylem, "sign", source, "--sign-type=dummy", "main", "other", env=env)
        expect(done.status == SIGNATURE_INVALID and "only for ostree testing" in done.err, done)


def several_types_beside_each_other(xylem, work):
    source = f"--repo={make_source(work, '--sign=word', '--sign-type=dummy')}"
    sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "system"))
    from signing import make_key
    secret, public = make_key("ed25519", work, "key")
    run_ok(xylem, "sign", source, "main", secret)
    (work / "words").write_text("first\nsecond\n")
    run_ok(xylem, "sign", source, "-s", "dummy", f"--keys-file={work}/words", "main", env=ON)
    for key_type, key in (("dummy", "word"), ("dummy", "second"), ("ed25519", public)):
        run_ok(xylem, "sign", source, "-s", key_type, "--verify", "main", key, env=ON)
    out = run_ok(xylem, "sign", source, "-s", "dummy", "--delete", "main", "word", "first", env=ON)
    expect(out == "Signatures deleted: 2\n", out)
    expect(run(xylem, "sign", source, "-s", "dummy", "--verify", "main", "word", env=ON).status != 0)
    for key_type, key in (("dummy", "second"), ("ed25519", public)):
        run_ok(xylem, "sign", source, "-s", key_type, "--verify", "main", key, env=ON)


def keys_in_the_configuration_of_a_remote(xylem, work):
    source = make_source(work, "--sign=word", "--sign-type=dummy")
    repo = f"--repo={work}/repo"
    (work / "words").write_text("unused\nword\n")
    cases = ((["--set=sign-verify=true"], "no key is configured"),
             (["--set=sign-verify=dummy"], "No keys found for required signapi type dummy"),
             (["--set=sign-verify=nosuch"], "Requested signature type is not implemented"),
             (["--sign-verify=dummy=inline:wrong"], "signature: dummy: incorrect signatures found: 1"),
             (["--sign-verify=dummy=file:/nonexistent"], "/nonexistent"),
             (["--sign-verify=dummy=inline:word"], None),
             ([f"--sign-verify=dummy=file:{work}/words"], None),
             (["--set=sign-verify=true", "--set=verification-dummy-key=word"], None),
             (["--set=sign-verify=ed25519,dummy", "--set=verification-dummy-key=word"],
              "No keys found for required signapi type ed25519"))
    for settings, complaint in cases:
        for summary in (False, True):
            run_ok("rm", "-rf", work / "repo")
            run_ok(xylem, "init", repo, "--mode=archive")
            more = [option.replace("sign-verify=", "sign-verify-summary=", 1) for option in settings
                    if option.startswith("--set=sign-verify=")] if summary else []
            run_ok(xylem, "remote", "add", repo, "--set=gpg-verify=false", *settings, *more,
                   "origin", f"file://{source}")
            done = run(xylem, "pull", repo, "origin", "main", env=ON)
            expect((done.status == 0) == (complaint is None), settings, done)
            expect(complaint is None or complaint in done.err, settings, done)
        # Switched off it proves nothing, whoever asks for it.
        if complaint is None:
            done = run(xylem, "pull", repo, "origin", "main")
            expect(done.status == SIGNATURE_INVALID, settings, done)


def what_remote_add_refuses(xylem, work):
    repo = f"--repo={work}/repo"
    run_ok(xylem, "init", repo)
    for option, phrase in (("--sign-verify=trustme=inline:ok", "Requested signature type is not"),
                           ("--sign-verify=dummy", "Failed to parse KEYTYPE"),
                           ("--sign-verify=dummy=foo:bar", "Invalid key reference")):
        for program in (xylem, "ostree"):
            done = run(program, "remote", "add", repo, "other", option, "http://localhost")
            expect(done.status != 0 and phrase in done.err, program, option, done)
    expect(text_of(xylem, "remote", "list", repo) == "")


main(both_programs_agree, it_is_off_unless_asked_for, several_types_beside_each_other,
     keys_in_the_configuration_of_a_remote, what_remote_add_refuses)
