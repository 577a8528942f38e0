#!/usr/bin/env python3
"""A pull with --sandbox writes nowhere but in the repository.

    test_sandbox.py XYLEM

It works, with GPG signatures, a trace and a cache elsewhere; and where a symlink leads out of the
repository, it fails, and nothing is written there. On a kernel without Landlock it is refused.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, make_sample_tree, nginx, remove_tree, run_ok, text_of  # noqa: E402
import signing  # noqa: E402

REF = "os/test"
UNSUPPORTED, IO = 12, 15


class World:
    def __init__(self, xylem, work):
        self.xylem, self.work = xylem, work
        self.gpg = signing.Gpg(work / "gpg")
        self.source = work / "source"
        self.parent = work / "parent"
        run_ok("ostree", "init", "--repo", self.parent, "--mode=archive")
        tree = work / "tree"
        make_sample_tree(tree)
        run_ok("ostree", "init", "--repo", self.source, "--mode=archive")
        run_ok("ostree", "commit", "--repo", self.source, "-b", REF, f"--tree=dir={tree}",
               f"--gpg-sign={self.gpg.keys['good']}", f"--gpg-homedir={self.gpg.home}")
        run_ok("ostree", "summary", "--repo", self.source, "-u",
               f"--gpg-sign={self.gpg.keys['good']}", f"--gpg-homedir={self.gpg.home}")

    def client(self, url, mode="bare-user"):
        repo = self.work / "client"
        remove_tree(repo)
        run_ok(self.xylem, "init", "--repo", repo, "--mode", mode)
        run_ok(self.xylem, "remote", "add", "--repo", repo, "--set=gpg-verify-summary=true",
               f"--gpg-import={self.gpg.export(self.work / 'keyring', 'good')}", "origin", url)
        return repo

    def pull(self, repo, *words):
        return subprocess.run([str(self.xylem), "pull", "--repo", str(repo), *map(str, words),
                               "origin", REF], capture_output=True, text=True, timeout=120)


def pulls_work(world, url):
    for mode in ("archive", "bare-user"):
        repo = world.client(url, mode)
        cache, trace = world.work / "cache", world.work / "trace"
        shutil.rmtree(cache, ignore_errors=True)
        cache.mkdir()
        trace.unlink(missing_ok=True)
        done = world.pull(repo, "--sandbox", f"--cache-dir={cache}", f"--trace-file={trace}")
        expect(done.returncode == 0, done)
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        expect((cache / "summaries/origin").exists() and trace.stat().st_size > 0)


def local_pulls_work(world, url):
    repo = world.client(url)
    done = subprocess.run([str(world.xylem), "pull-local", "--sandbox", "--repo", str(repo),
                           str(world.source), REF], capture_output=True, text=True, timeout=120)
    expect(done.returncode == 0, done)
    repo = world.client(url, "archive")
    run_ok(world.xylem, "config", "--repo", repo, "set", "core.parent", world.parent)
    done = world.pull(repo, "--sandbox", "-L", world.source)
    expect(done.returncode == 0 and "lock" not in done.stderr, done)
    run_ok("ostree", "fsck", "-q", "--repo", repo)


def small_update(world):
    """Two commits, small ones, with deltas between them and from nothing; the first one's checksum."""
    tree, source = world.work / "small", world.work / "update"
    shutil.rmtree(source, ignore_errors=True)
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir()
    run_ok(world.xylem, "init", "--repo", source, "--mode=archive")
    commits = []
    for number in range(2):
        (tree / "text").write_bytes(b"".join(b"line %d\n" % line for line in range(5000 + number)))
        (tree / "setuid").write_text(f"{number}")
        (tree / "setuid").chmod(0o4755)
        commits.append(text_of(world.xylem, "commit", "--repo", source, "-b", REF,
                               f"--tree=dir={tree}", f"--gpg-sign={world.gpg.keys['good']}",
                               f"--gpg-homedir={world.gpg.home}"))
    for options in (["--from", commits[0]], ["--empty"]):
        run_ok(world.xylem, "static-delta", "generate", "--repo", source, *options, REF)
    run_ok(world.xylem, "summary", "-u", "--repo", source, f"--gpg-sign={world.gpg.keys['good']}",
           f"--gpg-homedir={world.gpg.home}")
    return source, commits[0]


def no_call_that_a_pull_needs_is_refused(world, _):
    """Each feature is traced: a refused call would be a feature that works less well, or not."""
    if not shutil.which("strace"):
        print("  strace is not installed: nothing is traced")
        return
    source, first = small_update(world)
    cache = world.work / "cache"
    features = {"plain": [], "a delta": ["--require-static-deltas"], "no delta":
                ["--disable-static-deltas"], "a mirror": ["--mirror"], "history": ["--depth=-1"],
                "a dry run": ["--dry-run", "--require-static-deltas"], "a local cache": ["-L", source],
                "a cache": [f"--cache-dir={cache}"], "flushes": ["--per-object-fsync"],
                "a trace": [f"--trace-file={world.work / 'trace'}"], "a limit": ["--limit-rate=50M"],
                "lines of JSON": ["--progress=json"], "waiting": ["--wait-online"]}
    with nginx(world.work / "nginx-update", source) as server:
        cache.mkdir(exist_ok=True)
        cases = [("bare-user", name) for name in features]
        cases += [(mode, name) for mode in ("archive", "bare")  # bare-user-only keeps no setuid files
                  for name in ("plain", "a delta")]
        for mode, name in cases:
            repo = world.client(server.url, mode)
            if "delta" in name or "dry" in name:
                run_ok(world.xylem, "pull", "--repo", repo, "origin", first)
            expect_nothing_refused(world, repo, name, features[name])


def expect_nothing_refused(world, repo, name, options):
    calls = world.work / "calls"
    done = subprocess.run(["strace", "-f", "-qq", "-Z", "-o", calls, world.xylem, "pull", "--sandbox",
                           "--repo", repo, *options, "origin", REF], capture_output=True, text=True,
                          timeout=300, check=False)
    expect(done.returncode == 0, name, repo, done)
    refused = {line.split("(")[0].split()[-1] for line in calls.read_text().splitlines()
               if "EPERM" in line}
    expect(not refused, name, refused)


def nothing_is_written_elsewhere(world, url):
    """A directory of the repository leads out of it: the sandbox looks at where things really are."""
    for sandbox in ([], ["--sandbox"]):
        outside = world.work / "outside"
        shutil.rmtree(outside, ignore_errors=True)
        repo = world.client(url)
        shutil.move(repo / "objects", outside)
        (repo / "objects").symlink_to(outside)
        done = world.pull(repo, *sandbox)
        written = [path for path in outside.rglob("*") if path.is_file()]
        if sandbox:
            expect(done.returncode == IO and "Permission denied" in done.stderr, done)
            expect(not written, written)
        else:
            expect(done.returncode == 0 and written, done)


def main():
    xylem = pathlib.Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory(prefix="xylem-sandbox-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        work.chmod(0o755)
        world = World(xylem, work)
        with nginx(work / "nginx", world.source) as server:
            done = world.pull(world.client(server.url), "--sandbox")
            if done.returncode == UNSUPPORTED:
                expect("Landlock" in done.stderr and "hint: " in done.stderr, done)
                print("ok: this kernel has no Landlock, and the pull says so")
                return
            for part in (pulls_work, local_pulls_work, no_call_that_a_pull_needs_is_refused,
                         nothing_is_written_elsewhere):
                part(world, server.url)
                print(f"ok: {part.__name__.replace('_', ' ')}", flush=True)
        world.gpg.close()


if __name__ == "__main__":
    main()
