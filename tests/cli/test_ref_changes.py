#!/usr/bin/env python3
"""Refs: they move forward, all or none, from what they were expected to be; and what killed
processes leave does not become a lie.

    test_ref_changes.py XYLEM
"""

import contextlib
import http.server
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import Skip, make_sample_tree, new_repo, run, run_ok, text_of  # noqa: E402
from harness.cases import expect, main  # noqa: E402
from harness.process import ENVIRONMENT  # noqa: E402

CORRUPT, INVALID_ARGUMENT, CONFLICT, USAGE = 7, 13, 16, 2
KILLED = -signal.SIGKILL


def commit(repo, tree, ref, content, timestamp):
    (tree / "changing").write_text(content)
    bound = [f"--bind-ref={other}" for other in ("one", "two", "three")]
    return text_of("ostree", "commit", "--repo", repo, "-b", ref, f"--tree=dir={tree}",
                   f"--timestamp=@{timestamp}", *bound)


def make_source(work, *versions):
    """An archive with the ref `main`, a commit for each version, one second apart."""
    source, tree = work / "source", work / "tree"
    make_sample_tree(tree)
    run_ok("ostree", "init", "--repo", source, "--mode=archive")
    commits = [commit(source, tree, "main", version, 1_000_000 + number)
               for number, version in enumerate(versions)]
    return source, commits


class Gate(http.server.SimpleHTTPRequestHandler):
    """Lets nothing with this name in its path out until it is opened."""
    held = ""
    reached = threading.Event()
    opened = threading.Event()

    def do_GET(self):
        if self.held and self.held in self.path:
            self.reached.set()
            self.opened.wait(60)
        super().do_GET()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def gated_server(directory, held):
    handler = type("ThisGate", (Gate,), {"held": held, "reached": threading.Event(),
                                         "opened": threading.Event()})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *rest: handler(*rest, directory=str(directory)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler
    finally:
        handler.opened.set()
        server.shutdown()


def path_of_changing_file(source, rev):
    line = text_of("ostree", "ls", "--repo", source, "-C", rev, "/changing")
    checksum = next(word for word in line.split() if len(word) == 64)
    return f"{checksum[:2]}/{checksum[2:]}"


def overtaken(xylem, work, *options, key=None):
    """A pull of an older commit that is held up, and one of a newer commit that overtakes it."""
    source, (older,) = make_source(work, "older")
    old_copy = work / "old-source"
    shutil.copytree(source, old_copy, symlinks=True)
    newer = commit(source, work / "tree", "main", "newer", 1_000_100)
    with gated_server(old_copy, path_of_changing_file(source, older)) as (url, gate):
        repo = new_repo(xylem, work / "repo", url, "archive")
        if key:
            run_ok(xylem, "config", "set", "--repo", repo, f'--group=remote "origin"', *key)
        slow = subprocess.Popen([str(xylem), "pull", "--repo", str(repo), *options, "origin",
                                 "main"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env=ENVIRONMENT)
        expect(gate.reached.wait(60), "the slow pull asks for its file")
        run_ok(xylem, "pull", "--repo", repo, f"--url=file://{source}", "origin", "main")
        gate.opened.set()
        _, errors = slow.communicate(timeout=60)
    return repo, slow.returncode, errors, newer


def a_slow_pull_does_not_set_a_ref_back(xylem, work):
    for number, (options, key) in enumerate((
            ((), None), (("--timestamp-check",), None),
            ((), ("timestamp-check", "strict")))):
        place = work / str(number)
        place.mkdir()
        repo, status, errors, newer = overtaken(xylem, place, *options, key=key)
        expect(status == CONFLICT and newer in errors and "moved" in errors, status, errors)
        expect(text_of("ostree", "rev-parse", "--repo", repo, "origin:main") == newer)
        run_ok("ostree", "fsck", "-q", "--repo", repo)


def a_commit_on_a_branch_that_moved_is_refused(xylem, work):
    source, (first,) = make_source(work, "first")
    fifo = work / "message"
    os.mkfifo(fifo)
    slow = subprocess.Popen([str(xylem), "commit", "--repo", str(source), "-b", "main",
                             f"--body-file={fifo}", f"--tree=dir={work}/tree"],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env=ENVIRONMENT)
    with fifo.open("w") as body:  # opens when the commit has begun to read, and looked at its parent
        second = commit(source, work / "tree", "main", "second", 1_000_001)
        body.write("late")
    _, errors = slow.communicate(timeout=60)
    expect(slow.returncode == CONFLICT and second in errors, slow.returncode, errors)
    expect(text_of("ostree", "rev-parse", "--repo", source, "main") == second)


def expectations(xylem, work):
    source, (first, second) = make_source(work, "first", "second")
    done = run(xylem, "reset", "--repo", source, f"--expect={first}", "main", first)
    expect(done.status == CONFLICT and second in done.err, done)
    expect(text_of("ostree", "rev-parse", "--repo", source, "main") == second)
    run_ok(xylem, "reset", "--repo", source, "--expect=main", "main", first)
    expect(text_of("ostree", "rev-parse", "--repo", source, "main") == first)
    refs = [xylem, "refs", "--repo", source, "--create=new"]
    run_ok(*refs, "--expect", "", first)
    expect(run(*refs, "--expect", "", second).status == CONFLICT)
    expect(run(*refs, second).status == INVALID_ARGUMENT)
    expect(run(*refs, f"--expect={second}", second).status == CONFLICT)
    run_ok(*refs, f"--expect={first}", second)
    expect(text_of("ostree", "rev-parse", "--repo", source, "new") == second)
    missing = "00" * 32
    expect(run(*refs, "--force", missing).status == 3, "a ref to nothing")
    expect(run(xylem, "refs", "--repo", source, f"--expect={first}").status == USAGE)


def one_of_many_creators_wins(xylem, work):
    source, (first, second) = make_source(work, "first", "second")
    children = [subprocess.Popen([str(xylem), "refs", "--repo", str(source), "--create=won",
                                  first if number % 2 else second], stderr=subprocess.PIPE,
                                 env=ENVIRONMENT) for number in range(8)]
    codes = sorted(child.wait() for child in children)
    for child in children:
        child.stderr.close()
    expect(codes == [0] + [INVALID_ARGUMENT] * 7, codes)


def deleting_is_all_or_none(xylem, work):
    source, (first,) = make_source(work, "first")
    for ref in ("a/one", "a/two", "a/zero"):
        run_ok("ostree", "refs", "--repo", source, f"--create={ref}", "main")
    run_ok("ostree", "refs", "--repo", source, "-A", "--create=outside", "a/two")
    before = text_of("ostree", "refs", "--repo", source)
    for arguments in (["a"], ["a/one", "a/two"], [""], ["a/one", ""]):
        done = run(xylem, "refs", "--repo", source, "--delete", *arguments)
        expect(done.status != 0, arguments, done)
        expect(text_of("ostree", "refs", "--repo", source) == before, arguments)
    run_ok("ostree", "refs", "--repo", source, "-A", "--create=a/alias", "a/two")
    run_ok(xylem, "refs", "--repo", source, "--delete", "outside")
    run_ok(xylem, "refs", "--repo", source, "--delete", "a")
    expect(text_of("ostree", "refs", "--repo", source) == "main")
    expect(run(xylem, "refs", "--repo", source, "--delete", "-c", "").status != 0)


def refs_of_a_pull_are_all_or_none(xylem, work):
    source, (first,) = make_source(work, "first")
    second = commit(source, work / "tree", "main", "second", 1_000_001)
    for ref in ("one", "two"):
        run_ok("ostree", "refs", "--repo", source, f"--create={ref}", second)
    repo = new_repo(xylem, work / "repo", f"file://{source}", "archive")
    run_ok(xylem, "pull", "--repo", repo, "origin", f"main@{first}")
    (repo / "refs/remotes/origin/two").mkdir()
    (repo / "refs/remotes/origin/two/below").write_text(first + "\n")
    before = text_of(xylem, "refs", "--repo", repo, "-r")
    done = run(xylem, "pull", "--repo", repo, "origin", "main", "one", "two")
    expect(done.status == INVALID_ARGUMENT and "two/below" in done.err, done)
    expect(text_of(xylem, "refs", "--repo", repo, "-r") == before, "none has been written")
    expect(not (repo / "refs/.journal").exists())
    run_ok(xylem, "refs", "--repo", repo, "--delete", "origin:two")
    run_ok(xylem, "pull", "--repo", repo, "origin", "main", "one", "two")
    expect(run_ok(xylem, "refs", "--repo", repo, "-r").count(second) == 3)


def a_kill_shows_all_refs_or_none(xylem, work):
    """Of a pull that has nothing but refs to write, at each call that makes a name."""
    if run("strace", "-V").status != 0:
        raise Skip("strace")
    source, (first,) = make_source(work, "first")
    second = commit(source, work / "tree", "main", "second", 1_000_001)
    for ref in ("one", "two", "three"):
        run_ok("ostree", "refs", "--repo", source, f"--create={ref}", second)
    start = new_repo(xylem, work / "start", f"file://{source}", "archive")
    run_ok(xylem, "pull", "--repo", start, "origin", second, f"main@{first}")
    refs = ["main", "one", "two", "three"]
    before = run_ok(xylem, "refs", "--repo", start, "-r")
    seen = set()
    for call in ("renameat,renameat2,rename", "mkdirat,mkdir", "unlinkat,unlink", "syncfs", "fsync"):
        for number in (1, 2, 3, 5, 8, 13, 21, 34):
            repo = work / "repo"
            shutil.rmtree(repo, ignore_errors=True)
            shutil.copytree(start, repo, symlinks=True)
            done = run("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                       f"inject={call}:signal=SIGKILL:when={number}", xylem, "pull", "--repo",
                       repo, "origin", *refs)
            after = run_ok(xylem, "refs", "--repo", repo, "-r")
            expect(after == before or after.count(second) == len(refs), call, number, after)
            expect(not (repo / "refs/.journal").exists(), call, number)
            seen.add(after)
            if done.status == 0:
                break
    expect(len(seen) == 2, "kills before and after the moment that counts", seen)


def one_bad_ref_stops_nobody(xylem, work):
    source, (first, second) = make_source(work, "first", "second")
    run_ok("ostree", "refs", "--repo", source, "--create=good", "main")
    bad = source / "refs/heads/bad"
    for content in ("", "nonsense\n", "00" * 40):
        bad.write_text(content)
        done = run(xylem, "refs", "--repo", source)
        expect(done.status == CORRUPT and done.out == "good\nmain\n" and "heads/bad" in done.err,
               done)
        done = run(xylem, "summary", "--repo", source, "-u")
        expect(done.status == CORRUPT and "heads/bad" in done.err, done)
        listed = run_ok(xylem, "summary", "--repo", source, "-v")
        expect("good" in listed and "main" in listed, listed)
        done = run(xylem, "fsck", "--repo", source)
        expect(done.status == CORRUPT and "heads/bad" in done.err, done)
        expect(text_of(xylem, "rev-parse", "--repo", source, "main") == second)
        run_ok(xylem, "pull-local", "--repo", new_repo(xylem, work / "copy", "http://localhost/"),
               source, "main")
    expect(run(xylem, "refs", "--repo", source, "--delete", "bad").status == 0)
    expect(not bad.exists(), "a ref that cannot be read can be deleted")


def sources_with_a_bad_ref(xylem, work):
    """The others are pulled, and get deltas; the hint of a partial commit finds its ref."""
    source, (first, second) = make_source(work, "first", "second")
    commit(source, work / "tree", "one", "one", 1_000_300)
    (source / "refs/heads/bad").write_text("?")
    copy = new_repo(xylem, work / "copy", f"file://{source}", "archive")
    for command in (["pull-local", source], ["pull", "--mirror", "origin"]):
        done = run(xylem, command[0], "--repo", copy, *command[1:])
        expect(done.status == 0 and "Ref bad" in done.err, command, done)
        # In the order of the directory, which is another on each file system.
        expect(sorted(text_of("ostree", "refs", "--repo", copy).split()) == ["main", "one"], command)
        run_ok("ostree", "refs", "--repo", copy, "--delete", "main", "one")
    done = run(xylem, "static-delta", "generate", "--repo", source, "--all-refs")
    expect(done.status == CORRUPT and "heads/bad" in done.err, done)
    expect(second in run_ok("ostree", "static-delta", "list", "--repo", source))
    part = new_repo(xylem, work / "part", f"file://{source}", "archive")
    run_ok(xylem, "pull", "--repo", part, "--commit-metadata-only", "origin", "main")
    (part / "refs/heads/bad").write_text("?")
    done = run(xylem, "checkout", "--repo", part, "-U", "origin:main", work / "out")
    expect("pull --repo=" in done.err and " origin main" in done.err, done)


def what_may_not_be_read(xylem, work):
    """A directory of refs, a marker or a ref that is another user's: they are named, as Corrupt."""
    if os.geteuid() != 0:
        raise Skip("only root may become another user")
    work.chmod(0o755)
    as_nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", xylem)
    source, (first, second) = make_source(work, "first", "second")
    run_ok("ostree", "reset", "--repo", source, "main", first)
    run_ok("ostree", "refs", "--repo", source, "--create=dir/inner", first)
    run_ok("ostree", "refs", "--repo", source, "--create=single", first)
    kept = work / "kept"
    source.rename(kept)
    for closed in ("refs/heads/dir", "refs/heads/single", f"state/{second}.commitpartial"):
        is_marker = closed.startswith("state")
        shutil.rmtree(source, ignore_errors=True)
        shutil.copytree(kept, source, symlinks=True)
        if is_marker:
            (source / closed).touch()
        run_ok("chown", "-R", "65534:65534", source)
        (source / closed).chmod(0)
        for command in ("refs", "summary -u", "fsck", "prune --refs-only"):
            done = run(*as_nobody, *command.split(), "--repo", source)
            needs = command in ("fsck", "prune --refs-only") or not is_marker
            expect(done.status == (CORRUPT if needs else 0), closed, command, done)
            expect(not needs or closed.split("/")[-1].split(".")[0] in done.err, command, done)
        gone = run("ostree", "show", "--repo", source, second).status != 0
        expect(gone == is_marker, "a prune that cannot read a ref deletes no commit", closed)
        expect("main" in run(*as_nobody, "refs", "--repo", source).out)
        run_ok(*as_nobody, "refs", "--repo", source, "--create=other", "main")
        run_ok(*as_nobody, "refs", "--repo", source, "--delete", "other")


def bad_markers_are_found(xylem, work):
    """What is no file, and still marks: prune and fsck say so, and fsck mends it."""
    source, (first, second) = make_source(work, "first", "second")
    marker = source / f"state/{second}.commitpartial"
    for make in (marker.mkdir, lambda: os.mkfifo(marker), lambda: marker.symlink_to("nowhere")):
        make()
        for command in (["prune"], ["fsck"]):
            done = run(xylem, *command, "--repo", source)
            expect(done.status == CORRUPT and second in done.err, command, done)
        run_ok(xylem, "fsck", "--repo", source, "--repair")
        expect(marker.is_file() and not marker.is_symlink())
        run_ok(xylem, "fsck", "--repo", source)
        marker.unlink()


def a_prune_that_cannot_read_a_ref_deletes_no_commit(xylem, work):
    source, (first, second) = make_source(work, "first", "second")
    run_ok("ostree", "reset", "--repo", source, "main", first)  # the second has no ref
    (source / "refs/heads/bad").write_text("?")
    done = run(xylem, "prune", "--repo", source, "--refs-only")
    expect(done.status == CORRUPT and "bad" in done.err and "hint:" in done.err, done)
    run_ok("ostree", "show", "--repo", source, second)
    done = run(xylem, "prune", "--repo", source, f"--delete-commit={second}")
    expect(done.status == CORRUPT, done)
    run_ok("ostree", "show", "--repo", source, second)
    done = run(xylem, "fsck", "--repo", source, "--repair")
    kept = list((source / "quarantine").iterdir())
    expect(len(kept) == 1 and kept[0].read_text() == "?", kept, done)
    expect(not (source / "refs/heads/bad").exists())
    run_ok(xylem, "fsck", "--repo", source)
    run_ok(xylem, "prune", "--repo", source, "--refs-only")
    expect(run("ostree", "show", "--repo", source, second).status != 0)


def markers_of_nothing_go(xylem, work):
    source, (first,) = make_source(work, "first")
    nothing = "12" * 32
    state = source / "state"
    (state / f"{nothing}.commitpartial").write_text("f")
    run_ok(xylem, "fsck", "--repo", source)
    for command in ("prune", "fsck --delete"):
        (state / f"{nothing}.commitpartial").write_text("f")
        run_ok(xylem, *command.split(), "--repo", source)
        expect(not list(state.iterdir()), command)
    (source / "refs/heads/.tmp-abcdef").write_text("half")
    (source / ".tmp-abcdef").write_text("half")
    run_ok(xylem, "prune", "--repo", source)
    expect(not (source / "refs/heads/.tmp-abcdef").exists()
           and not (source / ".tmp-abcdef").exists())


def a_bad_commit_that_was_deleted(xylem, work):
    source, (first,) = make_source(work, "first")
    path = source / "objects" / first[:2] / f"{first[2:]}.commit"
    path.chmod(0o644)
    path.write_bytes(b"x" * 10)
    expect(run(xylem, "fsck", "--repo", source, "--delete").status == CORRUPT)
    run_ok(xylem, "refs", "--repo", source, "--delete", "main")
    run_ok(xylem, "prune", "--repo", source)
    run_ok(xylem, "fsck", "--repo", source)
    expect(not list((source / "state").iterdir()))


def killed_at_syncfs(*command):
    """Runs a command that is killed when it makes its objects durable."""
    done = run("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=syncfs", "-e",
               "inject=syncfs:signal=SIGKILL", *command)
    return done.status


def leftovers_do_not_become_lies(xylem, work):
    """A pull that is killed leaves a staged commit; its objects are pruned; `ostree` publishes what
    was left."""
    if run("strace", "-V").status != 0:
        raise Skip("strace")
    source, (first,) = make_source(work, "first")
    repo = new_repo(xylem, work / "repo", f"file://{source}", "archive")
    expect(killed_at_syncfs(xylem, "pull", "--repo", repo, "origin", "main") != 0)
    staged = list(repo.glob("tmp/staging-*/*/*.commit"))
    expect(staged, "the kill has left a staged commit")
    run_ok(xylem, "prune", "--repo", repo, "--refs-only")
    expect(not list(repo.glob("tmp/staging-*")) and not list((repo / "state").iterdir()),
           "what nobody works on goes, with its marker")
    run_ok(xylem, "pull", "--repo", repo, "origin", "main")
    run_ok("ostree", "fsck", "-q", "--repo", repo)


def a_commit_without_a_marker_is_not_believed(xylem, work):
    """As libostree leaves it when it adopts what a killed process had staged."""
    source, (first,) = make_source(work, "first")
    repo = new_repo(xylem, work / "repo", f"file://{source}", "archive")
    run_ok("ostree", "pull", "--repo", repo, "--commit-metadata-only", "origin", "main")
    for marker in (repo / "state").iterdir():
        marker.unlink()
    run_ok(xylem, "pull", "--repo", repo, "origin", "main")
    run_ok("ostree", "fsck", "-q", "--repo", repo)
    run_ok("ostree", "checkout", "--repo", repo, "-U", "origin:main", work / "out")
    # Complete commits of libostree's own are believed once they have been looked at.
    other = new_repo(xylem, work / "other", f"file://{source}", "archive")
    run_ok("ostree", "pull", "--repo", other, "origin", "main")
    done = run_ok(xylem, "pull", "--repo", other, "origin", "main")
    expect(not list((other / "state").iterdir()), done)


def refs_heads_behind_a_symlink(xylem, work):
    source, (first,) = make_source(work, "first")
    (source / "refs/heads").rename(source / "refs/real")
    (source / "refs/heads").symlink_to("real")
    expect(run_ok(xylem, "refs", "--repo", source) == "main\n")
    run_ok(xylem, "refs", "--repo", source, "--create=two", "main")
    expect(sorted(text_of("ostree", "refs", "--repo", source).split()) == ["main", "two"])
    (source / "refs/heads").unlink()
    (source / "refs/real").rename(work / "outside")
    (source / "refs/heads").symlink_to(work / "outside")
    done = run(xylem, "refs", "--repo", source)
    expect(done.status != 0 and "refs/heads" in done.err and "hint:" in done.err, done)


def prunes_deletions_and_pulls_at_once(xylem, work):
    """No ref ever leads to a commit that is not whole."""
    source, _ = make_source(work, "first")
    for ref in ("one", "two"):
        commit(source, work / "tree", ref, ref, 1_000_200)
    repo = new_repo(xylem, work / "repo", f"file://{source}", "archive")
    for _ in range(8):
        commands = ([["pull", "origin", "main", "one", "two"]] * 2 + [["prune", "--refs-only"]] * 2
                    + [["refs", "--delete", "origin:one"], ["refs", "--delete", "origin:two"]])
        children = [subprocess.Popen([str(xylem), *words, "--repo", str(repo)],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                     env=ENVIRONMENT) for words in commands]
        ended = [(child.communicate(timeout=120)[1], child.returncode) for child in children]
        expect(all(code == 0 for _, code in ended), ended)
        for ref in run_ok("ostree", "refs", "--repo", repo).split():
            run_ok("ostree", "ls", "--repo", repo, "-R", ref)
        run_ok("ostree", "fsck", "-q", "--repo", repo)


main(a_slow_pull_does_not_set_a_ref_back, a_commit_on_a_branch_that_moved_is_refused, expectations,
     one_of_many_creators_wins, deleting_is_all_or_none, refs_of_a_pull_are_all_or_none,
     a_kill_shows_all_refs_or_none, one_bad_ref_stops_nobody,
     sources_with_a_bad_ref, what_may_not_be_read, bad_markers_are_found,
     a_prune_that_cannot_read_a_ref_deletes_no_commit, markers_of_nothing_go,
     a_bad_commit_that_was_deleted, leftovers_do_not_become_lies,
     a_commit_without_a_marker_is_not_believed, refs_heads_behind_a_symlink,
     prunes_deletions_and_pulls_at_once)
