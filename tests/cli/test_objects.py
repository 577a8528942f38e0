#!/usr/bin/env python3
"""`objects`, `lease` and `label`: a repository as a content store."""

import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import ENVIRONMENT, expect, main, object_file, run, run_ok  # noqa: E402

MODES = ("archive", "bare-user", "bare-user-only")


class Store:
    """A repository with one commit of two files and a symlink under the ref main."""

    def __init__(self, xylem, work, mode="archive"):
        self.xylem, self.path = xylem, work / f"repo-{mode}"
        tree = work / f"tree-{mode}"
        tree.mkdir()
        (tree / "small").write_text("small\n")
        (tree / "large").write_bytes(bytes(range(256)) * 2000)
        (tree / "link").symlink_to("small")
        run_ok(xylem, "init", f"--repo={self.path}", f"--mode={mode}")
        self.commit = run_ok(xylem, "commit", f"--repo={self.path}", "-b", "main", "--canonical-permissions",
                             f"--tree=dir={tree}").strip()

    def run(self, *arguments, **options):
        return run(self.xylem, *arguments, f"--repo={self.path}", **options)

    def ok(self, *arguments):
        return run_ok(self.xylem, *arguments, f"--repo={self.path}")

    def json(self, *arguments):
        return json.loads(self.ok(*arguments, "--json"))

    def names(self, *arguments):
        return self.ok("objects", "list", *arguments).split()

    def feed(self, data, *arguments):
        """`objects add` of bytes from standard input."""
        return subprocess.run([self.xylem, "objects", "add", f"--repo={self.path}", *arguments],
                              input=data, capture_output=True, env=ENVIRONMENT, check=False)

    def has(self, name):
        checksum, kind = name.split(".", 1)
        return any(os.path.lexists(object_file(self.path, checksum, ending)) for ending in (kind, kind + "z"))

    def fsck(self):
        run_ok("ostree", "fsck", "-q", f"--repo={self.path}")


def file_checksum(content, mode=0o100644):
    """What libostree calls a regular file of root's without attributes."""
    header = (b"\0" * 8 + mode.to_bytes(4, "big") + b"\0" * 4 + b"\0" + b"")
    # (uuuusa(ayay)): the string is one NUL, the array is empty, and the frame says where it ends.
    framed = header + bytes([len(header)])
    return hashlib.sha256(len(framed).to_bytes(4, "big") + b"\0" * 4 + framed + content).hexdigest()


def objects_are_listed_and_filtered(xylem, work):
    for mode in MODES:
        store = Store(xylem, work, mode)
        every = store.names()
        expect(every == sorted(every) and len(every) == 6, every)
        expect(store.names("--kind=commit") == [f"{store.commit}.commit"], mode)
        expect(len(store.names("--kind=file", "--kind=dirtree")) == 4, mode)
        expect(store.names(f"--prefix={store.commit[:6]}") == [f"{store.commit}.commit"], mode)
        expect(store.names("--reachable") == every and store.names("--unreachable") == [], mode)
        expect(store.names("--older-than=1 hour ago") == [], mode)
        expect(store.names("--newer-than=1 hour ago") == every, mode)
        run_ok(xylem, "refs", f"--repo={store.path}", "--delete", "main")
        expect(store.names("--unreachable") == every, mode)
        listed = store.json("objects", "list")["objects"]
        expect([entry["object"] for entry in listed] == every, listed)
        expect(512000 in [entry["bytes"] for entry in listed], listed)


def bad_filters_are_refused(xylem, work):
    store = Store(xylem, work)
    for option in ("--kind=nosuch", "--prefix=xyz", "--older-than=BACON"):
        done = store.run("objects", "list", option)
        expect(done.status == 13, option, done)
    expect(store.run("objects", "list", "--reachable", "--unreachable").status == 2)
    expect(store.run("objects", "info", "nosuch").status == 3)
    expect(store.run("objects", "info", f"{'0' * 64}.file").status == 3)


def content_is_read_from_anywhere(xylem, work):
    for mode in MODES:
        store = Store(xylem, work, mode)
        large = next(entry["object"] for entry in store.json("objects", "list")["objects"]
                     if entry["bytes"] == 512000)
        content = bytes(range(256)) * 2000
        for offset, size in ((0, None), (300_001, 1000), (511_999, 5), (512_000, 5), (0, 0)):
            options = [f"--offset={offset}"] + ([f"--size={size}"] if size is not None else [])
            done = subprocess.run([xylem, "objects", "cat", f"--repo={store.path}", *options, large],
                                  capture_output=True, env=ENVIRONMENT, check=True)
            end = len(content) if size is None else offset + size
            expect(done.stdout == content[offset:end], mode, offset, size, len(done.stdout))
        info = store.json("objects", "info", "main")["objects"][0]
        expect(info["object"] == f"{store.commit}.commit" and info["bytes"] == info["stored_bytes"], info)
        expect("In a parent" not in store.ok("objects", "info", "main"))


def files_are_added_under_their_checksum(xylem, work):
    for mode in MODES:
        store = Store(xylem, work, mode)
        added = store.feed(b"content\n")
        name = added.stdout.decode().strip()
        expect(name == f"{file_checksum(b'content' + bytes([10]))}.file", mode, added)
        expect(store.ok("objects", "cat", name) == "content\n", mode)
        source = work / "input"
        source.write_bytes(b"#!/bin/sh\n")
        run_name = store.ok("objects", "add", "--mode=0755", source).strip()
        expect(run_name == f"{file_checksum(b'#!/bin/sh' + bytes([10]), 0o100755)}.file", mode)
        link = store.json("objects", "add", "--symlink=target")
        expect(link["bytes"] == 0 and store.has(link["object"]), link)
        store.fsck()
        expect(not list((store.path / "tmp").glob("ingest-*")), mode)


def metadata_is_added_and_checked(xylem, work):
    """A commit whose tree is not there is partial, and one whose tree is there is not."""
    source, target = Store(xylem, work), Store(xylem, work, "bare-user")
    commit = f"{source.commit}.commit"
    raw = object_file(source.path, source.commit, "commit").read_bytes()
    empty = work / "empty"
    run_ok(xylem, "init", f"--repo={empty}", "--mode=archive")
    target.path = empty
    added = target.feed(raw, "--kind=commit", f"--expect={source.commit}")
    expect(added.stdout.decode().strip() == commit, added)
    marker = empty / "state" / f"{source.commit}.commitpartial"
    expect(marker.exists())
    run_ok(xylem, "prune", f"--repo={empty}", f"--delete-commit={source.commit}")
    for kind in ("dirmeta", "dirtree"):
        for name in source.names(f"--kind={kind}"):
            data = object_file(source.path, *name.split(".")).read_bytes()
            expect(target.feed(data, f"--kind={kind}").returncode == 0, name)
    target.feed(b"small\n")
    target.feed(bytes(range(256)) * 2000)
    expect(target.run("objects", "add", "--symlink=small").status == 0)
    expect(target.feed(raw, "--kind=commit").returncode == 0)
    expect(not marker.exists() and target.run("fsck", "-q").status == 0)
    bad = target.feed(b"not a commit", "--kind=commit")
    expect(bad.returncode == 7, bad)
    expect(target.feed(b"", "--kind=nosuch").returncode == 13)


def wrong_bytes_are_kept_or_dropped(xylem, work):
    store = Store(xylem, work)
    wrong = ("--name=mine", f"--expect={'0' * 64}")
    done = store.feed(b"abc", *wrong, "--keep")
    expect(done.returncode == 7, done)
    expect((store.path / "tmp/ingest-mine/data").read_bytes() == b"abc")
    listed = store.json("transfers")["transfers"]
    expect(len(listed) == 1 and listed[0]["kind"] == "ingest" and listed[0]["state"] == "stale"
           and listed[0]["bytes"] == 3, listed)
    done = store.feed(b"abc", "--name=mine", "--size=4")
    expect(done.returncode == 7 and not (store.path / "tmp/ingest-mine").exists(), done)
    store.feed(b"abc", *wrong, "--keep")
    store.ok("transfers", "abort", "ingest-mine")
    expect(not (store.path / "tmp/ingest-mine").exists())
    expect(not (store.path / "tmp/ingest-mine-lock").exists())


def an_interrupted_one_goes_on_and_its_name_is_locked(xylem, work):
    store = Store(xylem, work)
    content = os.urandom(300_000)
    writer = subprocess.Popen([xylem, "objects", "add", f"--repo={store.path}", "--name=big"],
                              stdin=subprocess.PIPE, env=ENVIRONMENT)
    writer.stdin.write(content[:200_000])
    writer.stdin.flush()
    data = store.path / "tmp/ingest-big/data"
    while not data.exists() or data.stat().st_size == 0:
        time.sleep(0.01)
    other = store.feed(content, "--name=big")
    expect(other.returncode == 10 and f"process {writer.pid}" in other.stderr.decode(), other)
    listed = store.json("transfers")["transfers"][0]
    expect(listed["state"] == "active" and listed["pid"] == writer.pid, listed)
    expect(store.run("transfers", "abort", "ingest-big").status == 10)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    had = data.stat().st_size
    expect(0 < had <= 200_000, had)
    expect(store.feed(content, "--name=big", "--mode=0600").returncode == 16)
    done = store.feed(content, "--name=big", f"--expect={file_checksum(content)}", "--size=300000")
    expect(done.returncode == 0, done)
    expect(not data.exists())


def only_what_nothing_needs_is_deleted(xylem, work):
    for mode in MODES:
        store = Store(xylem, work, mode)
        before = store.names()
        for name in before:
            done = store.run("objects", "rm", name)
            expect(done.status == 13 and "is needed by" in done.err, name, done)
        lone = store.feed(b"lone").stdout.decode().strip()
        expect(store.run("objects", "rm", lone, before[0]).status == 13 and store.has(lone))
        report = store.json("objects", "rm", lone)
        expect(report["objects"] == 1 and report["bytes_freed"] > 0 and not store.has(lone), report)
        expect(store.run("objects", "rm", lone).status == 3)
        run_ok(xylem, "refs", f"--repo={store.path}", "--delete", "main")
        # A commit without a ref still needs its tree, until it goes itself.
        for name in before:
            done = store.run("objects", "rm", name)
            expect((done.status == 0) == name.endswith(".commit") or not store.has(f"{store.commit}.commit"),
                   name, done)
        for name in store.names():
            store.ok("objects", "rm", name)
        expect(store.names() == [] and store.run("fsck", "-q").status == 0)


def a_lease_keeps_a_commit_until_it_ends(xylem, work):
    for mode in MODES:
        store = Store(xylem, work, mode)
        before = store.names()
        lone = store.feed(b"lone").stdout.decode().strip()
        name = store.ok("lease", "add", "--name=agent", "--note=rollback", "--for=1h", "main", lone).strip()
        expect(name == "agent")
        run_ok(xylem, "refs", f"--repo={store.path}", "--delete", "main")
        store.ok("prune", "--refs-only")
        expect(set(store.names()) == {*before, lone}, mode)
        expect(set(store.names("--reachable")) == {*before, lone}, mode)
        done = store.run("prune", f"--delete-commit={store.commit}")
        expect(done.status == 13 and "lease 'agent'" in done.err, done)
        expect(store.run("objects", "rm", lone).status == 13)
        lease = store.json("lease", "list")["leases"][0]
        expect(lease["note"] == "rollback" and not lease["ended"] and lease["ends"] > time.time()
               and lease["objects"] == sorted([lone, f"{store.commit}.commit"]), lease)
        store.ok("lease", "add", "--name=agent", "--ends=@1000")
        expect(store.json("lease", "list")["leases"][0]["ended"])
        store.ok("prune", "--refs-only")
        expect(store.names() == [] and store.json("lease", "list")["leases"] == [], mode)


def leases_are_released_and_refused(xylem, work):
    store = Store(xylem, work)
    first, second = (store.ok("lease", "add", "main").strip() for _ in range(2))
    expect(first != second and first.startswith("lease-"))
    expect(store.json("lease", "rm", first) == {"released": [first]})
    expect(store.run("lease", "rm", first).status == 3)
    expect(store.run("lease", "add", f"{'0' * 64}.file").status == 3)
    expect(store.run("lease", "add", "--name=../x", "main").status == 13)
    expect([lease["name"] for lease in store.json("lease", "list")["leases"]] == [second])
    expect(second in store.ok("lease", "list"))
    added = store.feed(b"x", f"--lease={first}")
    expect(added.returncode == 3 and len(store.names()) == 6, added)
    kept = store.feed(b"x", f"--lease={second}").stdout.decode().strip()
    store.ok("prune")
    expect(store.has(kept))


def a_lease_that_cannot_be_read_stops_a_prune(xylem, work):
    store = Store(xylem, work)
    lone = store.feed(b"lone").stdout.decode().strip()
    leases = store.path / "extensions/xylem/leases"
    leases.mkdir(parents=True)
    for text in ("no key file\n", "", "[other]\nkey=value\n"):
        (leases / "bad").write_text(text)
        done = store.run("prune")
        expect(done.status == 7 and "Lease bad" in done.err and store.has(lone), text, done)
    store.ok("lease", "rm", "bad")
    store.ok("prune")
    expect(not store.has(lone))


def what_a_newer_xylem_wrote_stays(xylem, work):
    store = Store(xylem, work)
    store.ok("lease", "add", "--name=one", "main")
    path = store.path / "extensions/xylem/leases/one"
    path.write_text(path.read_text() + "[future]\nkey=value\n")
    store.ok("lease", "add", "--name=one", "--note=more")
    expect("[future]\nkey=value" in path.read_text(), path.read_text())
    store.ok("label", "main", "a=1")
    labels = next((store.path / "extensions/xylem/labels").iterdir())
    labels.write_text(labels.read_text() + "[future]\nkey=value\n")
    store.ok("label", "main", "b=2")
    expect("[future]\nkey=value" in labels.read_text(), labels.read_text())


def leases_hold_beside_prunes(xylem, work):
    """Some add with a lease, all to one, while others prune: nothing that was added is lost."""
    store = Store(xylem, work)
    store.ok("lease", "add", "--name=shared")

    def adders(number):
        return [subprocess.Popen([xylem, "objects", "add", f"--repo={store.path}", "--lease=shared"],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT)
                for _ in range(number)]

    names = []
    for round_number in range(6):
        running = adders(4)
        for number, process in enumerate(running):
            process.stdin.write(f"{round_number} {number}".encode())
            process.stdin.close()
        prunes = [subprocess.Popen([xylem, "prune", f"--repo={store.path}"], env=ENVIRONMENT,
                                   stdout=subprocess.DEVNULL) for _ in range(2)]
        for process in running:
            names.append(process.stdout.read().decode().strip())
            expect(process.wait() == 0, names[-1])
        expect([process.wait() for process in prunes] == [0, 0])
    store.ok("prune")
    expect(set(names) <= set(store.names()) and len(set(names)) == 24, names)
    expect(set(names) <= set(store.json("lease", "list")["leases"][0]["objects"]))
    store.fsck()


def labels_are_set_found_and_removed(xylem, work):
    store = Store(xylem, work)
    expect(store.ok("label", "main", "channel=stable", "example.org/gc.root=yes")
           == "channel=stable\nexample.org/gc.root=yes\n")
    expect(store.names("--label=channel") == [f"{store.commit}.commit"])
    expect(store.names("--label=channel=stable") == [f"{store.commit}.commit"])
    expect(store.names("--label=channel=beta") == [] and store.names("--label=nosuch") == [])
    shown = store.json("label", "main", "--remove=channel", "n=line\nbreak")
    expect(shown == {"object": f"{store.commit}.commit",
                     "labels": {"example.org/gc.root": "yes", "n": "line\nbreak"}}, shown)
    expect(store.json("objects", "info", "main")["objects"][0]["labels"] == shown["labels"])
    expect(store.run("label", f"{'0' * 64}.file", "a=b").status == 3)
    expect(store.run("label", "main", "a]=b").status == 13)
    store.ok("label", "main", "--remove=n", "--remove=example.org/gc.root")
    directory = store.path / "extensions/xylem/labels"
    expect(list(directory.iterdir()) == [])
    lone = store.feed(b"lone").stdout.decode().strip()
    store.ok("label", lone, "a=b")
    store.ok("prune")
    expect(list(directory.iterdir()) == [] and not store.has(lone))


def a_repository_that_may_only_be_read_can_be_looked_at(xylem, work):
    store = Store(xylem, work)
    store.ok("lease", "add", "--name=one", "main")
    store.ok("label", "main", "a=1")
    other = Store(xylem, work, "bare-user")
    run_ok(xylem, "config", f"--repo={other.path}", "set", "core.parent", store.path)
    lone = store.feed(b"in the parent").stdout.decode().strip()
    info = other.json("objects", "info", lone)["objects"][0]
    expect(info["parent"] and lone not in other.names(), info)
    expect(other.ok("objects", "cat", lone) == "in the parent")
    expect(other.run("lease", "add", lone).status == 3)


main(objects_are_listed_and_filtered, bad_filters_are_refused, content_is_read_from_anywhere,
     files_are_added_under_their_checksum, metadata_is_added_and_checked,
     wrong_bytes_are_kept_or_dropped, an_interrupted_one_goes_on_and_its_name_is_locked,
     only_what_nothing_needs_is_deleted, a_lease_keeps_a_commit_until_it_ends,
     leases_are_released_and_refused, a_lease_that_cannot_be_read_stops_a_prune,
     leases_hold_beside_prunes, what_a_newer_xylem_wrote_stays, labels_are_set_found_and_removed,
     a_repository_that_may_only_be_read_can_be_looked_at)
