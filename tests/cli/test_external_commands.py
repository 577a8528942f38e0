#!/usr/bin/env python3
"""Commands that are programs of their own, and those that are left to libostree."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, link_as_ostree, main, run, run_ok  # noqa: E402

USAGE, UNSUPPORTED = 2, 12


def script(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def path_with(*directories):
    return {"PATH": ":".join([*map(str, directories), "/usr/bin", "/bin"])}


def programs_in_path_are_commands(xylem, work):
    ostree = link_as_ostree(xylem, work)
    tools = work / "tools"
    script(tools / "xylem-hello", 'echo "ours $# [$1] [$2] [$3]"; exit 7')
    script(tools / "ostree-hello", 'echo "theirs $# [$1] [$2] [$3]"')
    script(tools / "ostree-only", 'echo "only $OSTREE_REPO"')
    env = path_with(tools)
    done = run(xylem, "hello", "a b", "--flag", env=env)
    expect(done.status == 7 and done.out == "ours 2 [a b] [--flag] []\n", done)
    # Each name finds its own first, and the other's where that is all there is.
    expect(run_ok(ostree, "hello", "--help", env=env) == "theirs 1 [--help] [] []\n")
    expect(run_ok(xylem, "only", env=env | {"OSTREE_REPO": "/r"}) == "only /r\n")
    # Options before the name are handed on.
    expect(run_ok(ostree, "--repo=/r", "hello", "x", env=env) == "theirs 2 [--repo=/r] [x] []\n")


def what_is_no_program_is_no_command(xylem, work):
    ostree = link_as_ostree(xylem, work)
    tools = work / "tools"
    tools.mkdir()
    (tools / "ostree-data").write_text("not executable")
    (tools / "ostree-folder").mkdir()
    for name in ("nosuch", "data", "folder", "../tools/x", "remote x"):
        for program, status in ((xylem, USAGE), (ostree, 1)):
            done = run(program, name, env=path_with(tools))
            expect(done.status == status and done.out == "", name, done)
            expect(f"error: Unknown command '{name}'" in done.err.splitlines(), name, done)
            expect(done.err.startswith("Usage:"), done)
    # Only commands: a subcommand is none.
    script(tools / "ostree-x", "echo never")
    done = run(ostree, "remote", "x", env=path_with(tools))
    expect(done.status == 1 and "Unknown \"remote\" subcommand 'x'" in done.err, done)


def a_built_in_command_wins(xylem, work):
    tools = work / "tools"
    script(tools / "xylem-init", "echo never")
    run_ok(xylem, "init", f"--repo={work}/repo", env=path_with(tools))
    expect((work / "repo" / "config").exists())


def a_program_that_cannot_run_says_so(xylem, work):
    tools = work / "tools"
    script(tools / "xylem-broken", "").write_bytes(b"\x7fELF" + bytes(60))
    done = run(xylem, "broken", env=path_with(tools))
    expect(done.status != 0 and "xylem-broken" in done.err, done)


def admin_is_handed_over(xylem, work):
    ostree = link_as_ostree(xylem, work)
    real = script(work / "real" / "ostree", 'printf "<%s>" "$@"')
    for program in (xylem, ostree):
        for env in (path_with(ostree.parent, real.parent), path_with(real.parent),
                    path_with() | {"XYLEM_OSTREE": str(real)}):
            out = run_ok(program, "--verbose", "admin", "--print-current-dir", "a b", env=env)
            expect(out == "<admin><--verbose><--print-current-dir><a b>", program, env, out)
    # As dpkg-divert leaves it.
    os.rename(real, real.parent / "ostree.distrib")
    out = run_ok(xylem, "admin", "status", env=path_with(ostree.parent, real.parent))
    expect(out == "<admin><status>", out)
    # The real one answers for itself.
    text = run_ok(xylem, "admin", "--help").replace("/usr/bin/ostree", "ostree")
    expect(text == run_ok("ostree", "admin", "--help") and "os-init" in text, text)


def without_libostree_admin_is_not_available(xylem, work):
    ostree = link_as_ostree(xylem, work)
    copy = work / "copy" / "ostree"  # Another file, but xylem again: it must not run for ever.
    copy.parent.mkdir()
    copy.write_bytes(pathlib.Path(xylem).read_bytes())
    copy.chmod(0o755)
    for directories in ((), (ostree.parent,), (copy.parent, ostree.parent)):
        env = {"PATH": ":".join(map(str, directories)) or "/nonexistent"}
        done = run(xylem, "admin", "status", env=env)
        expect(done.status in (UNSUPPORTED, 1), done)  # 1 if the copy says it.
        expect("'admin' is not available" in done.err and "XYLEM_OSTREE" in done.err, done)
    done = run(xylem, "admin", env={"XYLEM_OSTREE": str(work / "gone")})
    expect(done.status == UNSUPPORTED and f"{work}/gone" in done.err, done)


main(programs_in_path_are_commands, what_is_no_program_is_no_command, a_built_in_command_wins,
     a_program_that_cannot_run_says_so, admin_is_handed_over,
     without_libostree_admin_is_not_available)
