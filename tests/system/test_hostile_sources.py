#!/usr/bin/env python3
"""A repository of somebody else is only read, never followed out of itself, and never quoted; nor is
a cache directory that others can write to believed.

    test_hostile_sources.py XYLEM FAULT_SERVER

Needs root: the other user is `nobody`.
"""

import contextlib
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, nginx, run_ok, text_of  # noqa: E402
from two_users import NOBODY, REF, as_nobody, main  # noqa: E402

INVALID, UNSUPPORTED, CORRUPT, NOT_FOUND = 13, 12, 7, 3
SECRET = "root:$6$secret:19000:0:99999:7:::"


def hostile(world, name="hostile"):
    repo = world.work / name
    shutil.rmtree(repo, ignore_errors=True)
    run_ok("cp", "-a", world.source["archive"], repo)
    for path in [repo, *repo.rglob("*")]:
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    return repo


def nothing_is_quoted(world):
    secret = world.work / "secret"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    for name in ("config", "summary", "refs/heads/os/test"):
        source = hostile(world)
        (source / name).unlink(missing_ok=True)
        (source / name).symlink_to(secret)
        for words in (["pull-local", "--repo", world.new("archive"), source, REF],
                      ["pull-local", "--repo", world.new("archive"), source],
                      ["pull", "--repo", world.new("archive"), "-L", source, "--url",
                       f"file://{source}", "origin", REF],
                      ["refs", "--repo", source], ["fsck", "--repo", source],
                      ["remote", "summary", "--repo", world.new("archive", f"file://{source}"),
                       "origin"]):
            done = world.run(*words)
            expect("secret" not in (done.out + done.err).replace(str(secret), ""), name, words, done)
    expect(secret.read_text() == SECRET + "\n" and secret.stat().st_mode & 0o777 == 0o600)


def nothing_is_made_elsewhere(world):
    for name in ("tmp", "state", "refs"):
        elsewhere = world.work / "elsewhere"
        shutil.rmtree(elsewhere, ignore_errors=True)
        elsewhere.mkdir()
        source = hostile(world)
        shutil.rmtree(source / name)
        (source / name).symlink_to(elsewhere)
        for words in (["refs", "--repo", source], ["log", "--repo", source, REF],
                      ["pull-local", "--repo", world.new("archive"), source, REF],
                      ["pull", "--repo", world.new("archive"), "--url", f"file://{source}",
                       "origin", REF]):
            world.run(*words)
            expect(not list(elsewhere.iterdir()), name, words)
    done = world.run("pull-local", "--repo", world.new("archive"), source, REF)
    expect(done.status == INVALID and "leads out of" in done.err, done)


def state_of(repo):
    return {path: (path.lstat().st_mtime_ns, path.lstat().st_mode)
            for path in [repo, *repo.rglob("*")]}


def a_source_is_only_read(world):
    """Nothing is made or mended in it, whatever it lacks."""
    for lacks in (None, "tmp", "state", ".lock"):
        source = hostile(world)
        if lacks:
            run_ok("rm", "-rf", source / lacks)
        before = state_of(source)
        for words in (["pull-local", source, REF], ["pull", "origin", REF],
                      ["pull", "-L", source, "origin", REF]):
            run_ok(world.xylem, words[0], "--repo", world.new("bare-user", f"file://{source}"),
                   *words[1:])
            expect(state_of(source) == before, lacks, words)


def journal(source, *lines):
    """A change of refs that seems to have been broken off."""
    (source / "refs/.journal").mkdir()
    text = "".join("\t".join(line) + "\n" for line in lines)
    (source / "refs/.journal/list").write_text(
        text + f"end {hashlib.sha256(text.encode()).hexdigest()}\n")


def journals_of_strangers_write_nothing(world):
    """Who recovers it writes what he wants, where his symlinks lead."""
    elsewhere = world.work / "elsewhere"
    for refs_lead_out in (False, True):
        for words in (["pull-local", "{repo}", "{source}", REF], ["pull", "{repo}", "origin", REF],
                      ["pull", "{repo}", "-L", "{source}", "origin", REF], ["refs", "{source}"],
                      ["log", "{source}", REF], ["fsck", "{source}"], ["prune", "{source}"],
                      ["refs", "{source}", "--delete", REF]):
            shutil.rmtree(elsewhere, ignore_errors=True)
            elsewhere.mkdir()
            (elsewhere / "victim").write_text("root's\n")
            source = hostile(world)
            if refs_lead_out:
                shutil.move(source / "refs/heads", source / "refs/old")
                (source / "refs/heads").symlink_to(elsewhere)
            journal(source, ("refs/heads/cron", "-", "* * * * * root evil"),
                    ("refs/heads/victim", "?", "-"), ("refs/heads/link", "-", "@/etc/passwd"),
                    ("refs/heads/new/one", "-", 64 * "a"))
            before = state_of(source)
            repo = world.new("archive", f"file://{source}")
            place = {"{repo}": repo, "{source}": source}
            world.run(words[0], "--repo", *(place.get(word, word) for word in words[1:]))
            expect([path.name for path in elsewhere.rglob("*")] == ["victim"], words)
            expect((elsewhere / "victim").read_text() == "root's\n", words)
            expect(words[1] == "{source}" or state_of(source) == before, words)
            expect(not (source / "refs/heads/cron").exists(), words)


def deltas_are_not_followed_out(world):
    """What is outside is no delta of the source: a pull that demands one finds none."""
    run_ok("ostree", "static-delta", "generate", "--empty", "--repo", world.source["archive"], REF)
    delta = next((world.source["archive"] / "deltas").glob("*/*"))
    done = world.run("pull", "--require-static-deltas", "--repo",
                     world.new("archive", f"file://{world.source['archive']}"), "origin", REF)
    expect(done.status == 0, done)
    for name in ("", delta.parent.name, f"{delta.parent.name}/{delta.name}",
                 f"{delta.parent.name}/{delta.name}/superblock"):
        source, elsewhere = hostile(world), world.work / "elsewhere"
        if elsewhere.is_dir():
            shutil.rmtree(elsewhere)
        elsewhere.unlink(missing_ok=True)
        shutil.move(source / "deltas" / name, elsewhere)
        (source / "deltas" / name).symlink_to(elsewhere)
        done = world.run("pull", "--require-static-deltas", "--repo",
                         world.new("archive", f"file://{source}"), "origin", REF)
        expect(done.status in (NOT_FOUND, INVALID), name, done)
    shutil.rmtree(world.source["archive"] / "deltas")


def parents_of_strangers_are_not_followed(world):
    """Whoever can read root's repository through a pull of root's reads it."""
    source = hostile(world)
    with (source / "config").open("a") as config:
        config.write(f"\nparent={world.source['archive']}\n")
    done = world.run("pull-local", "--repo", world.new("archive"), source, REF)
    expect(done.status == UNSUPPORTED and "parent" in done.err, done)
    os.chown(source / "config", 0, 0)
    run_ok(world.xylem, "pull-local", "--repo", world.new("archive"), source, REF)


def volumes_are_not_left(world):
    volume, elsewhere = world.work / "volume", world.work / "elsewhere"
    for path in (volume, elsewhere):
        run_ok("rm", "-rf", path)
        path.mkdir()
    (volume / ".ostree").symlink_to(elsewhere)
    source = world.work / "collection"
    shutil.rmtree(source, ignore_errors=True)
    run_ok("ostree", "init", "--repo", source, "--mode=archive", "--collection-id=org.example.C")
    run_ok("ostree", "commit", "--repo", source, "-b", REF, f"--tree=dir={world.tree}")
    run_ok("ostree", "summary", "--repo", source, "-u")
    done = world.run("create-usb", "--repo", source, volume, "org.example.C", REF)
    expect(done.status == INVALID and "leads out of" in done.err, done)
    expect(not list(elsewhere.iterdir()), list(elsewhere.iterdir()))
    (volume / ".ostree").unlink()
    for name in ("objects", "refs", "refs/mirrors", "tmp", "tmp/cache", "state", "deltas", "config",
                 "summary"):
        shutil.rmtree(volume)
        shutil.rmtree(elsewhere)
        volume.mkdir()
        elsewhere.mkdir()
        (elsewhere / "file").write_text("root's\n")
        run_ok(world.xylem, "create-usb", "--repo", source, volume, "org.example.C", REF)
        path = volume / ".ostree/repo" / name
        whole = not path.exists() or path.is_dir()
        run_ok("rm", "-rf", path)
        path.symlink_to(elsewhere if whole else elsewhere / "file")
        done = world.run("create-usb", "--repo", source, volume, "org.example.C", REF)
        expect(done.status == INVALID and "leads out of" in done.err, name, done)
        expect([path.name for path in elsewhere.rglob("*")] == ["file"], name)
        expect((elsewhere / "file").read_text() == "root's\n", name)


def cached_summary(repo):
    return repo / "summaries/origin"


def caches_of_others_are_not_believed(world):
    run_ok("ostree", "summary", "--repo", world.source["archive"], "-u")
    with nginx(world.work / "nginx-caches", world.source["archive"]) as server:
        for trick in (fifo_in_cache, symlink_for_summaries, symlink_for_summary, planted_summary,
                      torn_summary):
            cache = world.work / "cache"
            shutil.rmtree(cache, ignore_errors=True)
            cache.mkdir()
            repo = world.new("archive", server.url)
            run_ok(world.xylem, "pull", "--repo", repo, "--cache-dir", cache, "origin", REF)
            expect(cached_summary(cache).exists())
            check = trick(world, cache)
            done = world.run("pull", "--repo", repo, "--cache-dir", cache, "origin", REF)
            expect(done.status == 0, trick.__name__, done)
            expect(text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REF}")
                   == text_of("ostree", "rev-parse", "--repo", world.source["archive"], REF))
            check()


def open_to_all(cache):
    for path in (cache, cache / "summaries"):
        path.chmod(0o777)


def fifo_in_cache(_, cache):
    open_to_all(cache)
    as_nobody(lambda: (cached_summary(cache).unlink(), os.mkfifo(cached_summary(cache))))
    return lambda: None


def symlink_for_summaries(world, cache):
    target = world.work / "of-root"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    open_to_all(cache)
    as_nobody(lambda: ((cache / "summaries").rename(cache / "away"),
                       (cache / "summaries").symlink_to(target)))
    return lambda: expect(not list(target.iterdir()), list(target.iterdir()))


def symlink_for_summary(world, cache):
    target = world.work / "file-of-root"
    target.write_text("root's\n")
    open_to_all(cache)
    as_nobody(lambda: (cached_summary(cache).unlink(), cached_summary(cache).symlink_to(target)))
    return lambda: expect(target.read_text() == "root's\n")


def plant(cache, change):
    """Other content with the genuine validators."""
    summary = cached_summary(cache)
    etag, time_ns = os.getxattr(summary, "user.etag"), summary.stat().st_mtime_ns
    url = os.getxattr(summary, "user.xylem.url")
    content = change(summary.read_bytes())
    summary.unlink()
    summary.write_bytes(content)
    summary.chmod(0o644)
    for name, value in (("user.etag", etag), ("user.xylem.url", url)):
        os.setxattr(summary, name, value)
    os.utime(summary, ns=(time_ns, time_ns))


def planted_summary(world, cache):
    """A summary that leads nowhere: all refs would be gone."""
    empty = world.work / "empty"
    shutil.rmtree(empty, ignore_errors=True)
    run_ok("ostree", "init", "--repo", empty, "--mode=archive")
    run_ok("ostree", "summary", "--repo", empty, "-u")
    content = (empty / "summary").read_bytes()
    (empty / "summary").chmod(0o644)
    open_to_all(cache)
    as_nobody(lambda: plant(cache, lambda _: content))
    return lambda: None


def torn_summary(world, cache):
    """Root's own file, whose content is not what the validators are of."""
    empty = world.work / "empty"
    content = (empty / "summary").read_bytes()
    plant(cache, lambda _: content)
    return lambda: None


def the_stricter_rule_wins(world):
    """Nothing is signed: what must be verified is refused."""
    with nginx(world.work / "nginx-rules", world.source["archive"]) as server:
        parent, child = world.work / "parent", world.work / "child"
        for repo in (parent, child):
            shutil.rmtree(repo, ignore_errors=True)
            run_ok("ostree", "init", "--repo", repo, "--mode=bare-user")
        run_ok("ostree", "remote", "add", "--repo", parent, "--no-gpg-verify", "origin", server.url)
        with (child / "config").open("a") as config:
            config.write(f"parent={parent}\n\n[remote \"origin\"]\nurl={server.url}\n")
        done = world.run("pull", "--repo", child, "origin", REF)
        expect(done.status != 0 and "GPG" in done.err, done)
        # What only the parent has is as the parent says.
        text = (child / "config").read_text()
        (child / "config").write_text(text[:text.index("[remote")])
        run_ok(world.xylem, "pull", "--repo", child, "origin", REF)
        for values in (("true", "false"), ("false", "true")):
            repo = world.work / "twice"
            shutil.rmtree(repo, ignore_errors=True)
            run_ok("ostree", "init", "--repo", repo, "--mode=bare-user")
            with (repo / "config").open("a") as config:
                config.write(f"[remote \"origin\"]\nurl={server.url}\n"
                             + "".join(f"gpg-verify={value}\n" for value in values))
            done = world.run("pull", "--repo", repo, "origin", REF)
            expect(done.status != 0 and "GPG" in done.err and "2 times" in done.err, values, done)


@contextlib.contextmanager
def stopwatch(what):
    began = time.monotonic()
    yield
    print(f"  {what}: {time.monotonic() - began:.1f} s")


def a_pipe_in_place_of_a_file_stops_nobody(world):
    for name in ("config", "summary", "refs/heads/os/test"):
        source = hostile(world)
        (source / name).unlink(missing_ok=True)
        os.mkfifo(source / name)
        with stopwatch(name):
            done = subprocess.run([world.xylem, "pull-local", "--repo", world.new("archive"), source],
                                  capture_output=True, text=True, timeout=60, check=False)
        expect(done.returncode in (0, 1, NOT_FOUND, CORRUPT, INVALID, 15), name, done)


if __name__ == "__main__":
    main(nothing_is_quoted, nothing_is_made_elsewhere, a_source_is_only_read,
         journals_of_strangers_write_nothing, deltas_are_not_followed_out,
         parents_of_strangers_are_not_followed, volumes_are_not_left,
         caches_of_others_are_not_believed, the_stricter_rule_wins,
         a_pipe_in_place_of_a_file_stops_nobody)
