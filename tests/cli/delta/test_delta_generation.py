#!/usr/bin/env python3
"""What `static-delta generate` leaves on disk: the same bytes each time, the old delta or the new
one whenever it is killed, and nothing else."""

import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))
from harness import ENVIRONMENT, expect, main, run, run_ok, text_of  # noqa: E402


class Sample:
    """An archive repository with a history on `main` of large files that change a little."""

    def __init__(self, work, commits=2, files=4, size=300_000):
        self.path = work / "repo"
        self.repo = f"--repo={self.path}"
        self.random = random.Random(1)
        self.tree = work / "tree"
        self.tree.mkdir()
        run_ok("ostree", "init", self.repo, "--mode=archive")
        for number in range(files):
            (self.tree / f"file{number}").write_bytes(self.random.randbytes(size))
        self.commits = [self.commit()]
        while len(self.commits) < commits:
            self.change()
            self.commits.append(self.commit())

    def change(self):
        for path in sorted(self.tree.iterdir()):
            content = bytearray(path.read_bytes())
            for _ in range(40):
                content[self.random.randrange(len(content))] ^= 1
            path.write_bytes(self.random.randbytes(5) + content)

    def commit(self, branch="main"):
        return text_of("ostree", "commit", self.repo, "-b", branch, f"--tree=dir={self.tree}")

    def deltas(self):
        return sorted(run_ok("ostree", "static-delta", "list", self.repo).split("\n")[:-1])

    def directory(self):
        return next(path for path in (self.path / "deltas").glob("*/*") if "-" in path.name)

    def files(self):
        return {path.name: path.read_bytes() for path in self.directory().iterdir()}

    def name(self, start, end):
        return f"{self.commits[start]}-{self.commits[end]}"

    def rest(self):
        return [path.name for path in (self.path / "tmp").iterdir() if path.name != "cache"]

    def expect_no_rest(self):
        expect(not self.rest(), self.rest())


def generate(xylem, sample, *options, **more):
    return run_ok(xylem, "static-delta", "generate", sample.repo, *options, **more)


def the_same_bytes_each_time(xylem, work):
    sample = Sample(work, files=9)
    made = []
    for options in (["--jobs=1"], ["--jobs=4"], ["--max-memory=1M"], []):
        shutil.rmtree(sample.path / "deltas", ignore_errors=True)
        generate(xylem, sample, "--max-chunk-size=0", *options, "main")
        made.append(sample.files())
    expect(len(made[0]) > 2, made[0].keys())
    expect(all(files == made[0] for files in made), [files.keys() for files in made])


def from_any_repository(xylem, work):
    """The bytes do not depend on how the repository stores objects, but for sizes of fallbacks."""
    sample = Sample(work)
    generate(xylem, sample, "main")
    made = sample.files()
    bare = work / "bare"
    run_ok("ostree", "init", f"--repo={bare}", "--mode=bare-user")
    run_ok("ostree", "pull-local", "--depth=-1", f"--repo={bare}", sample.path)
    sample.path, sample.repo = bare, f"--repo={bare}"
    generate(xylem, sample, "main")
    expect(sample.files() == made)


def an_equal_delta_is_not_touched(xylem, work):
    sample = Sample(work)
    generate(xylem, sample, "main")
    before = os.stat(sample.directory() / "superblock")
    generate(xylem, sample, "main")
    after = os.stat(sample.directory() / "superblock")
    expect(before.st_ino == after.st_ino and before.st_mtime_ns == after.st_mtime_ns)
    sample.expect_no_rest()


def parts_of_the_old_one_go(xylem, work):
    sample = Sample(work, files=6)
    generate(xylem, sample, "--max-chunk-size=0", "main")
    many = sample.files()
    generate(xylem, sample, "main")
    one = sample.files()
    expect(len(many) > 6 and sorted(one) == ["0", "superblock"], many.keys(), one.keys())
    generate(xylem, sample, "--inline", "main")
    expect(list(sample.files()) == ["superblock"])
    sample.expect_no_rest()


def modes_are_those_of_the_repository(xylem, work):
    sample = Sample(work)
    generate(xylem, sample, "main")
    modes = {path.name: oct(path.stat().st_mode & 0o7777) for path in sample.directory().iterdir()}
    expect(modes == {"0": "0o644", "superblock": "0o644"}, modes)
    expect(sample.directory().stat().st_mode & 0o777 == 0o755)


def only_if_there_is_none(xylem, work):
    sample = Sample(work)
    name = sample.name(0, 1)
    first = generate(xylem, sample, "-n", "main")
    expect(first.splitlines()[0] == "Generating static delta:", first)
    expect(first.splitlines()[1:] == [f"  From: {sample.commits[0]}", f"  To:   {sample.commits[1]}"])
    again = generate(xylem, sample, "--if-not-exists", "main")
    expect(again == f"Delta {name} already exists.\n", again)
    told = json.loads(generate(xylem, sample, "--if-not-exists", "--json", "main"))
    expect(told["existed"] and told["delta"] == name, told)


def says_what_it_did(xylem, work):
    sample = Sample(work)
    done = run(xylem, "static-delta", "generate", sample.repo, "main")
    expect("modified: 4\n" in done.err, done.err)
    expect("new reachable: metadata=1 content regular=4 symlink=0\n" in done.err, done.err)
    expect("part 1 n:5 compressed:" in done.err, done.err)
    told = json.loads(generate(xylem, sample, "--json", "main"))
    size = sum(path.stat().st_size for path in sample.directory().iterdir())
    expect(told["size"] == size and told["files"] == 4, told, size)
    expect(told["patched-files"] + told["copied-files"] == 4, told)
    none = run(xylem, "static-delta", "generate", sample.repo, "--disable-bsdiff", "main")
    expect("bsdiff=0 objects" in none.err, none.err)


def several_at_once(xylem, work):
    sample = Sample(work, commits=4, files=1)
    generate(xylem, sample, "--from-depth=2", "main")
    expect(sample.deltas() == sorted([sample.name(2, 3), sample.name(1, 3)]), sample.deltas())
    generate(xylem, sample, f"--from={sample.commits[0]}", f"--from={sample.commits[1]}",
             sample.commits[2])
    expect({sample.name(0, 2), sample.name(1, 2)} <= set(sample.deltas()), sample.deltas())


def all_refs_that_have_parents(xylem, work):
    sample = Sample(work, files=1)
    other = sample.commit("other")
    sample.change()
    second = sample.commit("other")
    lone = sample.commit("lone")
    generate(xylem, sample, "--all-refs")
    expect(sample.deltas() == sorted([sample.name(0, 1), f"{other}-{second}"]), sample.deltas())
    expect(not any(name.endswith(lone) for name in sample.deltas()))


def into_a_file(xylem, work):
    sample = Sample(work, files=6)
    target = work / "out"
    target.mkdir()
    generate(xylem, sample, f"--filename={target}/it", "--max-chunk-size=0", "main")
    many = sorted(path.name for path in target.iterdir())
    expect(many == [*map(str, range(7)), "it"], many)
    expect(sample.deltas() == ["(No static deltas)"], sample.deltas())
    generate(xylem, sample, f"--filename={work}/one", "--inline", "main")
    client = work / "client"
    run_ok("ostree", "init", f"--repo={client}", "--mode=bare-user")
    run_ok("ostree", "pull-local", f"--repo={client}", sample.path, sample.commits[0])
    run_ok("ostree", "static-delta", "apply-offline", f"--repo={client}", target / "it")
    run_ok("ostree", "fsck", "-q", f"--repo={client}")


def into_a_directory(xylem, work):
    sample = Sample(work)
    (work / "out").mkdir()
    generate(xylem, sample, f"--filename={work}/out", "main")
    expect(sorted(path.name for path in (work / "out").iterdir()) == ["0", "superblock"])


def noise_comes_by_itself(xylem, work):
    sample = Sample(work, files=1, size=1000)
    (sample.tree / "large").write_bytes(random.Random(3).randbytes(5_000_000))
    (sample.tree / "text").write_bytes(b"a text\n" * 800_000)
    sample.commits.append(sample.commit())
    told = json.loads(generate(xylem, sample, "--json", "main"))
    large = text_of("ostree", "ls", "-C", sample.repo, "main", "/large").split()[4]
    expect([entry["object"] for entry in told["fallbacks"]] == [f"{large}.file"], told)
    told = json.loads(generate(xylem, sample, "--json", "--min-fallback-size=0", "main"))
    expect(not told["fallbacks"] and told["size"] > 5_000_000, told)


def a_new_version_costs_little(xylem, work):
    sample = Sample(work, files=2)
    (sample.tree / "file0").rename(sample.tree / "libfoo-1.2.so.3")
    (sample.tree / "file1").chmod(0o600)
    sample.commits.append(sample.commit())
    (sample.tree / "libfoo-1.2.so.3").rename(sample.tree / "libfoo-1.3.so.4")
    with (sample.tree / "libfoo-1.3.so.4").open("ab") as library:
        library.write(b"more")
    (sample.tree / "file1").chmod(0o644)
    sample.commits.append(sample.commit())
    told = json.loads(generate(xylem, sample, "--json", f"--from={sample.commits[-3]}", "main"))
    expect(told["size"] < 3000, told)  # found by its content
    told = json.loads(generate(xylem, sample, "--json", "main"))
    expect(told["size"] < 303_000, told)  # file1 is for its owner alone in the old commit


def a_damaged_object_is_named(xylem, work):
    sample = Sample(work)
    checksum = text_of("ostree", "ls", "-C", sample.repo, "main", "/file2").split()[4]
    path = sample.path / "objects" / checksum[:2] / f"{checksum[2:]}.filez"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    done = run(xylem, "static-delta", "generate", sample.repo, "main")
    expect(done.status == 7 and checksum in done.err, done)
    expect(sample.deltas() == ["(No static deltas)"])
    path.unlink()
    done = run(xylem, "static-delta", "generate", sample.repo, "main")
    expect(done.status == 3 and checksum in done.err, done)
    sample.expect_no_rest()


def ctrl_c_leaves_nothing(xylem, work):
    sample = Sample(work, files=8, size=2_000_000)
    interrupted = 0
    for delay in (0, 0.1, 0.3):
        shutil.rmtree(sample.path / "deltas", ignore_errors=True)
        process = start(xylem, sample)
        while process.poll() is None and not sample.rest():  # it has begun to write
            time.sleep(0.001)
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        # Once the work is done the signal has its default meaning again.
        expect(process.returncode in (0, 11, -signal.SIGINT), process.returncode, errors)
        interrupted += process.returncode == 11
        sample.expect_no_rest()
    expect(interrupted > 0)


def start(xylem, sample):
    return subprocess.Popen([xylem, "static-delta", "generate", sample.repo, "--max-chunk-size=0",
                             "main"], env=ENVIRONMENT, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def killed_at_any_moment(xylem, work):
    """The old delta, or the new one: both have all of their parts."""
    sample = Sample(work, files=5, size=100_000)
    generate(xylem, sample, "main")
    old = sample.files()
    begin = time.monotonic()
    generate(xylem, sample, "--max-chunk-size=0", "main")
    whole = time.monotonic() - begin
    new = sample.files()
    expect(old.keys() != new.keys())
    seen = set()
    step = 0
    while step < 24 or (len(seen) < 2 and step < 200):  # longer on a busy machine
        generate(xylem, sample, "main")
        process = start(xylem, sample)
        time.sleep(whole * step / 20)
        process.kill()
        process.communicate(timeout=60)
        files = sample.files()
        expect(files in (old, new), files.keys())
        seen.add(len(files))
        step += 1
    expect(len(seen) == 2, seen)
    run_ok(xylem, "recover", sample.repo)
    sample.expect_no_rest()


def a_client_never_sees_half_of_it(xylem, work):
    """Two deltas take turns while somebody looks at the directory's files.

    A directory that was replaced while it was read is the old one on its way out: it proves nothing.
    """
    sample = Sample(work, files=2, size=20_000)
    generate(xylem, sample, "--max-chunk-size=0", "main")
    process = subprocess.Popen(
        ["sh", "-c", f"for i in 1 2 3 4 5 6; do for size in 0 32; do {xylem} static-delta generate "
         f"{sample.repo} --max-chunk-size=$size main || exit 1; done; done"],
        env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    counts = set()
    while process.poll() is None:
        directory = sample.directory()
        descriptor = os.open(directory, os.O_RDONLY)
        count = len(os.listdir(descriptor))
        if os.fstat(descriptor).st_ino == directory.stat().st_ino:
            counts.add(count)
        os.close(descriptor)
    expect(process.returncode == 0 and counts <= {2, 4}, process.returncode, counts)


main(the_same_bytes_each_time, from_any_repository, an_equal_delta_is_not_touched,
     parts_of_the_old_one_go, modes_are_those_of_the_repository, only_if_there_is_none,
     says_what_it_did, several_at_once, all_refs_that_have_parents, into_a_file, into_a_directory,
     noise_comes_by_itself, a_new_version_costs_little, a_damaged_object_is_named,
     ctrl_c_leaves_nothing, killed_at_any_moment, a_client_never_sees_half_of_it)
