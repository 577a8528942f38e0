#!/usr/bin/env python3
"""How the command is called: names, help, version, where options may stand, exit codes, the default
repository, completion."""

import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import ENVIRONMENT, expect, link_as_ostree, main, run, run_ok  # noqa: E402

USAGE, NOT_FOUND, INVALID = 2, 3, 13


def commands_in(text):
    """Names in the list of commands of a help text."""
    return re.findall(r"^  ([a-z-]+) {2,}\S", text.split("Help Options")[0], re.MULTILINE)


def help_is_that_of_ostree(xylem, work):
    ostree = link_as_ostree(xylem, work)
    ours = run(ostree, "--help")
    expect(ours.status == 0 and ours.err == "", ours)
    expect(ours.out.startswith("Usage:\n  ostree [OPTION…] COMMAND\n\nBuiltin Commands:\n"), ours.out)
    theirs = run_ok("ostree", "--help")
    # From "Help Options:" on, byte for byte; the commands are those that we have.
    expect(ours.out[ours.out.index("Help Options:"):] == theirs[theirs.index("Help Options:"):],
           ours.out, theirs)
    for name in ("commit", "config", "fsck", "init", "pull", "pull-local", "refs", "remote"):
        line = next(line for line in theirs.splitlines() if line.startswith(f"  {name} "))
        expect(line in ours.out.splitlines(), line, ours.out)


def help_of_commands(xylem, work):
    ostree = link_as_ostree(xylem, work)
    for command in (["rev-parse"], ["init"], ["fsck"], ["remote", "show-url"], ["remote", "list"],
                    ["remote", "delete-cookie"], ["remote", "add-cookie"]):
        ours, theirs = run_ok(ostree, *command, "--help"), run_ok("ostree", *command, "--help")
        expect(ours.splitlines()[:4] == theirs.splitlines()[:4], ours, theirs)
        flags = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", theirs, re.MULTILINE)
        for flag in flags:
            expect(flag in ours, command, flag, ours)
    expect(run_ok(ostree, "rev-parse", "--help") == run_ok("ostree", "rev-parse", "--help"))


def flags_of_ostree_are_known(xylem, work):
    """Each flag in the help of each command that both have."""
    ostree = link_as_ostree(xylem, work)
    shared = set(commands_in(run_ok(ostree, "--help"))) & set(commands_in(run_ok("ostree", "--help")))
    paths = [[name] for name in shared - {"remote"}]
    paths += [["remote", name] for name in commands_in(run_ok("ostree", "remote", "--help"))]
    expect(len(paths) > 15, paths)
    missing = []
    for path in paths:
        ours = run_ok(ostree, *path, "--help")
        for flag in re.findall(r"^  (?:-\w, )?(--[a-z-]+)", run_ok("ostree", *path, "--help"),
                               re.MULTILINE):
            if flag not in ours and not accepted_without_mention(flag):
                missing.append((path, flag))
    expect(not missing, missing)


def accepted_without_mention(flag):
    """None of libostree 2022.7; composefs is not there."""
    return flag == "--generate-composefs-metadata"


def every_command_has_help(xylem, _work):
    def walk(path):
        done = run(xylem, *path, "--help")
        expect(done.status == 0 and done.out.startswith("Usage:\n  xylem "), path, done)
        short = run(xylem, *path, "-h")
        expect(short.out == done.out, path)
        if "Builtin " in done.out:  # As in ostree, it does nothing without one of them.
            alone = run(xylem, *path)
            expect(alone.status == USAGE and alone.err.startswith("Usage:"), path, alone)
        if "Commands:\n" in done.out:
            for name in commands_in(done.out):
                walk([*path, name])

    walk([])


def version_is_one_yaml_document(xylem, work):
    def fields(text):
        lines = text.splitlines()
        expect(re.fullmatch(r"\w+:", lines[0]), text)
        features = lines[lines.index(" Features:") + 1:]
        expect(features and all(re.fullmatch(r"  - [\w-]+", line) for line in features), text)
        return lines

    expect(fields(run_ok(xylem, "--version"))[0] == "xylem:")
    ostree = link_as_ostree(xylem, work)
    expect(fields(run_ok(ostree, "--version"))[0] == "libostree:")
    expect(run_ok(ostree, "pull", "--version") == run_ok(ostree, "--version"))
    # As scripts use it, with a reader that goes away early.
    shell = f"set -o pipefail; {ostree} --version | grep -q -e '- libcurl'"
    subprocess.run(["bash", "-c", shell], check=True, env=ENVIRONMENT)


def usage_errors(xylem, work):
    ostree = link_as_ostree(xylem, work)
    for words, last in (([], "error: No command specified"),
                        (["frobnicate"], "error: Unknown command 'frobnicate'"),
                        (["pull", "--bad"], "error: Unknown option --bad"),
                        (["remote"], 'error: No "remote" subcommand specified'),
                        (["remote", "x"], "error: Unknown \"remote\" subcommand 'x'")):
        ours, theirs, named = run(ostree, *words), run("ostree", *words), run(xylem, *words)
        expect(ours.status == theirs.status == 1, words, ours)
        expect(ours.err.splitlines()[-1] == theirs.err.splitlines()[-1] == last, words, ours, theirs)
        expect(ours.err.startswith("Usage:") == theirs.err.startswith("Usage:"), words, ours, theirs)
        expect(len(named.err.splitlines()) <= 3, words, named)
        expect(ours.out == "", words, ours)
        expect(named.status == USAGE and last in named.err.splitlines(), words, named)


def values_are_checked(xylem, work):
    repo = work / "repo"
    run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
    for words, mentioned in ((["pull", "--depth=-11", "x"], "--depth"),
                             (["pull", "--depth=many", "x"], "--depth"),
                             (["pull", "--network-retries=-1", "x"], "--network-retries"),
                             (["pull", "--network-retries", "99999999999", "x"], "--network-retries"),
                             (["pull", "--http-header=novalue", "x"], "--http-header"),
                             (["pull", "--progress=fancy", "x"], "--progress"),
                             (["pull", "--update-frequency=1s", "x"], "--update-frequency"),
                             (["pull", "--depth"], "--depth"),
                             (["pull-local", "--depth=-2", "x"], "--depth"),
                             (["serve", "--port=70000"], "--port"),
                             (["remote", "add", "--set=x", "n", "http://h"], "--set"),
                             (["completion", "tcsh"], "bash")):
        done = run(xylem, f"--repo={repo}", *words) if words[0] != "completion" else run(xylem, *words)
        expect(done.status == USAGE and mentioned in done.err, words, done)
    done = run(xylem, "init", f"--repo={work / 'new'}", "--mode=strange")
    expect(done.status == INVALID and "strange" in done.err and "hint: " in done.err, done)


def options_may_stand_anywhere(xylem, work):
    repo = work / "repo"
    run_ok(xylem, f"--repo={repo}", "init", "--mode=archive")
    for words in ((f"--repo={repo}", "config", "get", "core.mode"),
                  ("--repo", repo, "config", "get", "core.mode"),
                  ("config", f"--repo={repo}", "get", "core.mode"),
                  ("config", "get", "--repo", repo, "core.mode"),
                  ("config", "get", "core.mode", f"--repo={repo}"),
                  ("-v", "config", f"--repo={repo}", "get", "core.mode"),
                  ("--verbose", f"--repo={repo}", "config", "get", "core.mode"),
                  (f"--repo={work}/none", "config", f"--repo={repo}", "get", "core.mode")):
        expect(run_ok(xylem, *words) == "archive-z2\n", words)
    run_ok(xylem, "remote", f"--repo={repo}", "add", "one", "http://host")
    run_ok(xylem, f"--repo={repo}", "remote", "add", "--", "two", "http://host")
    expect(run_ok(xylem, "remote", "list", "--repo", repo) == "one\ntwo\n")


def default_repository(xylem, work):
    for name, mode in (("here", "archive"), ("there", "bare-user")):
        run_ok(xylem, f"--repo={work / name}", "init", f"--mode={mode}")
    get = (xylem, "config", "get", "core.mode")
    expect(run_ok(*get, cwd=work / "here") == "archive-z2\n")
    there = {"OSTREE_REPO": str(work / "there")}
    expect(run_ok(*get, cwd=work, env=there) == "bare-user\n")
    # As with ostree, the directory that we are in comes first.
    for program in (xylem, "ostree"):
        expect(run_ok(program, *get[1:], cwd=work / "here", env=there) == "archive-z2\n")
    expect(run_ok(*get, f"--repo={work / 'there'}", cwd=work / "here") == "bare-user\n")
    none = run(*get, cwd=work, env={"OSTREE_REPO": str(work / "none")})
    expect(none.status == NOT_FOUND and "error: " in none.err, none)


def lost_output_is_an_error(xylem, _work):
    with open("/dev/full", "w") as full:
        done = subprocess.run([xylem, "--help"], stdout=full, stderr=subprocess.PIPE, text=True,
                              env=ENVIRONMENT, check=False)
    expect(done.returncode != 0 and "standard output" in done.stderr, done)


def closed_streams_are_not_files_of_ours(xylem, work):
    """A file that is opened later does not get the number of a closed stream."""
    repo = work / "repo-closed"
    run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
    for closed in ("<&-", ">&-", "<&- >&- 2>&-"):
        done = subprocess.run(["bash", "-c", f'exec "$@" {closed}', "bash", xylem, "objects", "add",
                               f"--repo={repo}"], stdin=subprocess.DEVNULL, capture_output=True,
                              env=ENVIRONMENT, timeout=100, check=False)
        expect(done.returncode == 15, closed, done)


def an_empty_argument_too_many_is_refused(xylem, work):
    repo = work / "repo-empty"
    run_ok(xylem, "init", f"--repo={repo}", "--mode=archive")
    run_ok(xylem, "remote", "add", f"--repo={repo}", "o", "http://127.0.0.1:1")
    done = run(xylem, "remote", "list-cookies", f"--repo={repo}", "o", "")
    expect(done.status == USAGE and "empty" in done.err, done)


def complete(xylem, work, line):
    """What bash offers at the end of `line`."""
    script = run_ok(xylem, "completion", "bash")
    path = work / "bin"
    path.mkdir(exist_ok=True)
    if not (path / "xylem").exists():
        (path / "xylem").symlink_to(xylem)
    program = script + f"""
        COMP_LINE={line!r}
        read -ra COMP_WORDS <<<"$COMP_LINE"
        [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        _xylem
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    env = {"PATH": f"{path}:{ENVIRONMENT['PATH']}"}
    return run_ok("bash", "-euc", "set +eu\n" + program, cwd=work, env=env).split()


def completion(xylem, work):
    expect(complete(xylem, work, "xylem pul") == ["pull-local", "pull"])
    expect("add-cookie" in complete(xylem, work, "xylem remote add"))
    expect(complete(xylem, work, "xylem pull --commit") == ["--commit-metadata-only"])
    expect(complete(xylem, work, "xylem remote add --if") == ["--if-not-exists"])
    expect("--version" in complete(xylem, work, "xylem --ver"))
    repo = work / "repo"
    run_ok("ostree", "init", f"--repo={repo}", "--mode=archive")
    (work / "tree").mkdir()
    run_ok("ostree", "commit", f"--repo={repo}", "-b", "os/main", f"--tree=dir={work / 'tree'}")
    run_ok("ostree", "remote", "add", f"--repo={repo}", "origin", "http://host")
    expect(complete(xylem, work, f"xylem --repo {repo} pull or") == ["origin"])
    expect(complete(xylem, work, f"xylem rev-parse --repo {repo} os/") == ["os/main"])
    expect(complete(xylem, work, f"xylem remote delete --repo {repo} ") == ["origin"])
    shutil.rmtree(repo)
    expect(complete(xylem, work, f"xylem --repo {repo} pull or") == [])


main(help_is_that_of_ostree, help_of_commands, flags_of_ostree_are_known, every_command_has_help,
     version_is_one_yaml_document, usage_errors, values_are_checked, options_may_stand_anywhere,
     default_repository, lost_output_is_an_error,
     closed_streams_are_not_files_of_ours, an_empty_argument_too_many_is_refused, completion)
