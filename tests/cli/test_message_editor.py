#!/usr/bin/env python3
"""`commit --editor`, beside `ostree`: which editor, what it gets, and what becomes of it."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, main, run, run_ok  # noqa: E402

TYPED = r"""\n  \n# note\n Sub ject  \n\n\nbody one \n\n  body two\n# note\n\n\n"""


def prepare(work):
    for name in ("tree", "tmp"):
        (work / name).mkdir()
    editor = work / "editor"
    editor.write_text(f"#!/bin/sh\ncp \"$1\" {work}/shown; printf '{TYPED}' > \"$1\"\n")
    editor.chmod(0o755)
    run_ok("ostree", "init", f"--repo={work}/repo", "--mode=archive")
    return editor


def commit(program, work, *words, **variables):
    env = {"TERM": "xterm", "TMPDIR": str(work / "tmp")} | {k: str(v) for k, v in variables.items()}
    return run(program, "commit", f"--repo={work}/repo", "-b", "main", "-e",
               f"--tree=dir={work}/tree", "--timestamp=2020-01-01", *words, env=env)


def the_message_is_what_ostree_makes_of_it(xylem, work):
    editor = prepare(work)
    seen = []
    for program in (xylem, "ostree"):
        done = commit(program, work, "--parent=none", OSTREE_EDITOR=editor)
        expect(done.status == 0, done)
        seen.append((done.out, (work / "shown").read_text()))
    expect(seen[0] == seen[1], *seen)
    log = run_ok("ostree", "log", f"--repo={work}/repo", "main")
    expect("\n     Sub ject\n\n    body one\n    \n      body two\n" in log, log)


def what_options_give_can_be_edited(xylem, work):
    editor = prepare(work)
    done = commit(xylem, work, "-s", "given", "-m", "more", OSTREE_EDITOR=editor)
    expect(done.status == 0, done)
    expect((work / "shown").read_text().endswith("# Branch: main\ngiven\n\nmore\n"))
    done = commit(xylem, work, "-s", "given", "-m", "more", OSTREE_EDITOR="true")
    log = run_ok("ostree", "log", f"--repo={work}/repo", "main")
    expect("\n    given\n\n    more\n" in log, done, log)


def the_editor_is_that_of_ostree(xylem, work):
    editor = prepare(work)
    for variables, good in (({"OSTREE_EDITOR": editor, "VISUAL": "false", "EDITOR": "false"}, True),
                            ({"VISUAL": editor, "EDITOR": "false"}, True),
                            ({"VISUAL": "false", "EDITOR": editor, "TERM": "dumb"}, True),
                            ({"EDITOR": f"sh {editor}"}, True), ({"EDITOR": "false"}, False)):
        for program in (xylem, "ostree"):
            done = commit(program, work, **variables)
            expect((done.status == 0) == good, program, variables, done)


def complaints_begin_as_those_of_ostree(xylem, work):
    prepare(work)
    for variables in ({"OSTREE_EDITOR": "false"}, {"OSTREE_EDITOR": "true"}, {"TERM": "dumb"}):
        ours, theirs = (commit(program, work, **variables) for program in (xylem, "ostree"))
        phrase = theirs.err.splitlines()[0].partition("Child process")[0]
        expect(ours.status != 0 and theirs.status != 0 and phrase in ours.err, ours, theirs)
    expect(run_ok("ostree", "refs", f"--repo={work}/repo") == "", "nothing is committed")
    expect(not list((work / "tmp").glob("xylem-*")), "a draft is left")


main(the_message_is_what_ostree_makes_of_it, what_options_give_can_be_edited,
     the_editor_is_that_of_ostree, complaints_begin_as_those_of_ostree)
