#!/usr/bin/env python3
"""Pulls with each option, with xylem and with the real `ostree`, and compares the repositories.

    test_options.py XYLEM

After each pull both repositories must have the same objects, refs and partial marks.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import make_sample_tree, nginx, remove_tree, run_ok, text_of  # noqa: E402

REF = "os/test"


def content_of(repo):
    """What a pull leaves: objects, refs, and which commits are partial."""
    objects = {path.parent.name + path.name for path in (repo / "objects").rglob("*.*")}
    refs = {line: text_of("ostree", "rev-parse", "--repo", repo, line)
            for line in text_of("ostree", "refs", "--repo", repo).splitlines()}
    marks = {path.name for path in (repo / "state").iterdir()}
    return {"objects": objects, "refs": refs, "partial": marks}


class Options:
    def __init__(self, xylem, work):
        self.tools = {"xylem": xylem, "ostree": "ostree"}
        self.work = work
        self.source = work / "source"
        self.failures = 0
        tree = work / "tree"
        make_sample_tree(tree)
        run_ok("ostree", "init", "--repo", self.source, "--mode=archive",
               "--collection-id=org.test.Os")
        self.commits = []
        for number in range(3):
            (tree / "etc/version").write_text(f"{number}\n")
            self.commits.append(text_of(
                "ostree", "commit", "--repo", self.source, "-b", REF, f"--tree=dir={tree}",
                f"--timestamp=2026-01-0{number + 1}T00:00:00Z", "--generate-sizes",
                "--add-detached-metadata-string=note=x"))
        run_ok("ostree", "commit", "--repo", self.source, "-b", "other", f"--tree=dir={tree}/etc",
               "--canonical-permissions")
        run_ok("ostree", "summary", "--repo", self.source, "-u")

    def new_repo(self, tool, url, mode="bare-user", remote=()):
        repo = self.work / f"repo-{tool}"
        remove_tree(repo)
        run_ok("ostree", "init", "--repo", repo, "--mode", mode)
        run_ok("ostree", "remote", "add", "--repo", repo, "--no-gpg-verify", *remote, "origin", url)
        return repo

    def same(self, title, url, *arguments, mode="bare-user", remote=(), before=(), local=False,
             succeeds=True):
        """Runs `pull` (or `pull-local`) with both tools; `before` are earlier pulls of each."""
        try:
            count = self.compare(url, arguments, mode, remote, before, local, succeeds)
            print(f"ok: {title} ({count} objects)", flush=True)
        except AssertionError as error:
            self.failures += 1
            print(f"FAILED: {title}: {error}", flush=True)

    def compare(self, url, arguments, mode, remote, before, local, succeeds):
        left = {}
        for tool, path in self.tools.items():
            repo = self.new_repo(tool, url, mode, remote)
            for earlier in before:
                run_ok(path, "pull", "--repo", repo, *earlier)
            command = "pull-local" if local else "pull"
            done = subprocess.run([str(path), command, "--repo", str(repo), *map(str, arguments)],
                                  capture_output=True, text=True)
            assert (done.returncode == 0) == succeeds, (tool, done)
            left[tool] = content_of(repo)
            run_ok("ostree", "fsck", "-q", "--repo", repo)
        for what in ("objects", "refs", "partial"):
            ours, theirs = left["xylem"][what], left["ostree"][what]
            if not succeeds and what != "refs":
                continue  # how far a pull got before it failed is its own affair
            if what == "objects":
                ours, theirs = ours - theirs, theirs - ours
            assert ours == theirs, f"{what}: ours {ours}, theirs {theirs}"
        return len(left["xylem"]["objects"])

    def which_commits(self, url):
        old, middle, new = self.commits
        self.same("a ref", url, "origin", REF)
        self.same("two refs", url, "origin", REF, "other")
        self.same("a ref held to a commit", url, "origin", f"{REF}@{old}")
        self.same("a checksum", url, "origin", middle)
        self.same("remote:ref", url, f"origin:{REF}")
        self.same("the remote's branches", url, "origin", remote=[f"--set=branches={REF};"])
        self.same("no branches", url, "origin", succeeds=False)
        self.same("depth 1", url, "--depth=1", "origin", REF)
        self.same("all parents", url, "--depth=-1", "origin", REF)
        self.same("an update", url, "origin", REF, before=[["origin", f"{REF}@{old}"]])
        self.same("nothing new", url, "origin", REF, before=[["origin", REF]])
        self.same("back to an older commit", url, "origin", f"{REF}@{old}",
                  before=[["origin", REF]])
        self.same("another URL", url + "/none", f"--url={url}", "origin", REF)

    def which_parts(self, url):
        self.same("only the commit", url, "--commit-metadata-only", "origin", REF)
        self.same("the rest after only the commit", url, "origin", REF,
                  before=[["--commit-metadata-only", "origin", REF]])
        self.same("a subpath", url, "--subpath=/usr/bin", "origin", REF)
        self.same("two subpaths", url, "--subpath=/usr/bin", "--subpath=/etc", "origin", REF)
        self.same("a subpath that is not there", url, "--subpath=/no/such", "origin", REF)
        self.same("the rest after a subpath", url, "origin", REF,
                  before=[["--subpath=/etc", "origin", REF]])
        self.same("a subpath after all", url, "--subpath=/etc", "origin", REF,
                  before=[["origin", REF]])

    def checks(self, url):
        old, _, new = self.commits
        self.same("a newer timestamp", url, "-T", "origin", REF, before=[["origin", f"{REF}@{old}"]])
        self.same("an older timestamp", url, "-T", "origin", f"{REF}@{old}",
                  before=[["origin", REF]], succeeds=False)
        self.same("an older timestamp than a revision", url, f"--timestamp-check-from-rev={new}",
                  "origin", f"{REF}@{old}", before=[["origin", REF]], succeeds=False)
        self.same("a wrong binding", url, "origin", f"other@{new}", succeeds=False)
        self.same("a wrong binding, accepted", url, "--disable-verify-bindings", "origin",
                  f"other@{new}")
        self.same("only canonical files", url, "--bareuseronly-files", "origin", "other")
        if os.geteuid() == 0:
            self.same("not only canonical files", url, "--bareuseronly-files", "origin", REF,
                      succeeds=False)

    def ways(self, url):
        for mode in ("archive", "bare-user", "bare-user-only"):
            self.same(f"mirror into {mode}", url, "--mirror", "origin", "other", mode=mode)
        self.same("mirror of everything", url, "--mirror", "origin", mode="archive")
        self.same("mirror without checks", url, "--mirror", "--http-trusted", "origin",
                  mode="archive")
        self.same("without fsync", url, "--disable-fsync", "origin", REF)
        self.same("fsync of each object", url, "--per-object-fsync", "origin", REF)
        self.same("a local cache", url, f"--localcache-repo={self.source}", "origin", REF)
        self.same("a header", url, "--http-header=X-Test=1", "origin", REF)
        self.same("a file URL", f"file://{self.source}", "origin", REF)
        self.same("a collection", url, "origin", REF, remote=["--collection-id=org.test.Os"])

    def local(self, url):
        self.same("pull-local of all refs", url, self.source, local=True)
        self.same("pull-local of a ref", url, self.source, REF, local=True)
        self.same("pull-local for a remote", url, "--remote=origin", self.source, REF, local=True)
        self.same("pull-local of a checksum", url, self.source, self.commits[0], local=True)
        self.same("pull-local with depth", url, "--depth=-1", self.source, REF, local=True)
        self.same("pull-local, untrusted", url, "--untrusted", self.source, REF, local=True)
        self.same("pull-local of only the commit", url, "--commit-metadata-only", self.source, REF,
                  local=True)

    def mirror_copies_summary(self, url):
        repo = self.new_repo("xylem", url, "archive")
        run_ok(self.tools["xylem"], "pull", "--mirror", "--repo", repo, "origin")
        assert (repo / "summary").read_bytes() == (self.source / "summary").read_bytes()
        print("ok: a mirror has the summary of its source")

    def dry_run(self, url):
        repo = self.new_repo("xylem", url)
        text = text_of(self.tools["xylem"], "pull", "--dry-run", "--repo", repo, "origin", REF)
        left = content_of(repo)
        assert not left["objects"] and not left["refs"], left
        assert any(char.isdigit() for char in text), text
        print(f"ok: a dry run publishes nothing: {text}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xylem", type=pathlib.Path)
    arguments = parser.parse_args()
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="xylem-options-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        work.chmod(0o755)
        options = Options(arguments.xylem.absolute(), work)
        with nginx(work / "nginx", options.source) as server:
            for check in (options.which_commits, options.which_parts, options.checks, options.ways,
                          options.local, options.mirror_copies_summary, options.dry_run):
                check(server.url)
        if options.failures:
            raise SystemExit(f"{options.failures} failed")


if __name__ == "__main__":
    main()
