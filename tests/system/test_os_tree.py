#!/usr/bin/env python3
"""Takes a tree through xylem and through the real `ostree`, and compares what comes out.

    test_os_tree.py XYLEM [--tree DIR] [--modes MODE...]

Without --tree a small one is made that has one of everything. With it, any root file system: for
example one by debootstrap. Prints a line for each thing that holds; the first that does not ends it.
"""

import argparse
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import (  # noqa: E402
    assert_same_tree, describe_tree, make_sample_tree, nginx, remove_tree, run_ok, text_of,
)

REF = "os/test"
MODES = ["archive", "bare-user", "bare-user-only"] + (["bare"] if os.geteuid() == 0 else [])


def ok(text):
    print(f"ok: {text}", flush=True)


class Check:
    def __init__(self, xylem, work, tree):
        self.xylem, self.work, self.tree = xylem, work, tree
        self.source = work / "source"

    def ours(self, *arguments, **options):
        return text_of(self.xylem, *arguments, **options)

    def make_source(self):
        run_ok("ostree", "init", "--repo", self.source, "--mode=archive")
        # A bare-user-only repository can keep only canonical permissions.
        run_ok("ostree", "commit", "--repo", self.source, "-b", REF, f"--tree=dir={self.tree}",
               "--timestamp=2026-01-01T00:00:00Z", "-s", "one", "--add-metadata-string=version=1")
        run_ok("ostree", "commit", "--repo", self.source, "-b", "canonical",
               f"--tree=dir={self.tree}", "--canonical-permissions", "--no-xattrs")
        run_ok("ostree", "summary", "--repo", self.source, "-u")

    def ref_for(self, mode):
        return "canonical" if mode == "bare-user-only" else REF

    def new_repo(self, name, mode, url=None, ca=None):
        repo = self.work / name
        remove_tree(repo)
        self.ours("init", "--repo", repo, "--mode", mode)
        if url:
            tls = ["--set", f"tls-ca-path={ca}"] if ca else []
            self.ours("remote", "add", "--repo", repo, "--no-gpg-verify", *tls, "origin", url)
        return repo

    def pull(self, server, mode, tls):
        """Pulls with both tools and compares the repositories, and the trees they check out."""
        ref = self.ref_for(mode)
        url, ca = (server.tls_url, server.ca) if tls else (server.url, None)
        mine, theirs = self.new_repo("mine", mode, url, ca), self.new_repo("theirs", mode, url, ca)
        print(self.ours("pull", "--repo", mine, "origin", ref))
        run_ok("ostree", "pull", "--repo", theirs, "origin", ref)
        run_ok("ostree", "fsck", "-q", "--repo", mine)
        self.ours("fsck", "--repo", mine)
        assert (text_of("ostree", "rev-parse", "--repo", mine, f"origin:{ref}")
                == text_of("ostree", "rev-parse", "--repo", self.source, ref))
        count = self.compare_checkouts(mine, theirs, f"origin:{ref}", mode)
        self.compare_objects(mine, theirs)
        ok(f"pull into {mode} over {'TLS and HTTP/2' if tls else 'HTTP/1.1'}: {count} files alike")

    def compare_checkouts(self, mine, theirs, rev, mode):
        user = ["-U"] if mode.startswith("bare-user") or os.geteuid() != 0 else []
        trees = [self.work / name for name in ("checkout-mine", "checkout-theirs", "checkout-ours")]
        for tree in trees:
            remove_tree(tree)
        run_ok("ostree", "checkout", "--repo", mine, *user, rev, trees[0])
        run_ok("ostree", "checkout", "--repo", theirs, *user, rev, trees[1])
        self.ours("checkout", "--repo", theirs, *user, rev, trees[2])
        # Out of an archive files are written anew, so they have the time of the checkout.
        times = mode != "archive"
        count = assert_same_tree(trees[0], trees[1], times)
        assert_same_tree(trees[1], trees[2], times)
        for tree in trees:
            remove_tree(tree)
        return count

    def compare_objects(self, mine, theirs):
        """All alike but for archived bytes: `ostree` compresses them again, xylem keeps them."""
        first, second = (
            {path: what for path, what in describe_tree(repo / "objects", False).items()
             if "." in path} for repo in (mine, theirs))
        assert first.keys() == second.keys(), sorted(first.keys() ^ second.keys())[:10]
        for path, what in first.items():
            what["xattrs"].pop("user.xylem.whole", None)  # our record, which others ignore
            if path.endswith(".filez"):
                del what["sha256"], second[path]["sha256"]
            assert what == second[path], (path, what, second[path])

    def pull_again(self, server):
        repo = self.new_repo("again", "bare-user", server.url)
        self.ours("pull", "--repo", repo, "origin", REF)
        before = len(server.requests())
        text = self.ours("pull", "--repo", repo, "origin", REF)
        assert text.startswith("1 metadata, 0 content objects fetched"), text
        assert len(server.requests()) - before <= 4, server.requests()[before:]
        ok(f"pulling again does nothing and says so: {text}")

    def pull_update(self, server):
        repo = self.new_repo("update", "bare-user", server.url)
        self.ours("pull", "--repo", repo, "origin", REF)
        extra = self.work / "extra"
        extra.mkdir()
        (extra / "new-file").write_text("new\n")
        run_ok("ostree", "commit", "--repo", self.source, "-b", REF, f"--tree=ref={REF}",
               f"--tree=dir={extra}")
        run_ok("ostree", "summary", "--repo", self.source, "-u")
        before = len(server.requests())
        self.ours("pull", "--repo", repo, "origin", REF)
        lines = server.requests()[before:]
        objects = [line for line in lines if "/objects/" in line and ".commitmeta" not in line]
        assert len(objects) == 3, objects  # commit, root dirtree, one file
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        ok(f"an update of one file fetches {len(objects)} objects")

    def pull_local(self):
        sources = {}
        for mode in MODES:
            sources[mode] = self.new_repo(f"local-{mode}", mode)
            self.ours("pull-local", "--repo", sources[mode], self.source, self.ref_for(mode))
        for mode in MODES:
            for target_mode in MODES:
                ref = "canonical" if "bare-user-only" in (mode, target_mode) else REF
                if ref == "canonical" and mode != "bare-user-only":
                    self.ours("pull-local", "--repo", sources[mode], self.source, ref)
                target = self.new_repo("local-target", target_mode)
                self.ours("pull-local", "--repo", target, sources[mode], ref)
                run_ok("ostree", "fsck", "-q", "--repo", target)
                assert text_of("ostree", "refs", "--repo", target) == ref
        ok(f"pull-local between all pairs of {len(MODES)} modes")

    def commit_and_serve(self):
        """The other way: what xylem commits and serves, `ostree` pulls."""
        repo = self.work / "committed"
        self.ours("init", "--repo", repo, "--mode=archive")
        commit = self.ours("commit", "--repo", repo, "-b", REF, f"--tree=dir={self.tree}",
                           "--timestamp=2026-01-01T00:00:00Z", "-s", "one",
                           "--add-metadata-string=version=1")
        first = text_of("ostree", "rev-parse", "--repo", self.source, f"{REF}^")
        assert commit == first, (commit, first)
        self.ours("summary", "--repo", repo, "-u")
        with self.serve(repo) as port:
            target = self.work / "from-ours"
            run_ok("ostree", "init", "--repo", target, "--mode=bare-user")
            run_ok("ostree", "remote", "add", "--repo", target, "--no-gpg-verify", "origin",
                   f"http://127.0.0.1:{port}")
            run_ok("ostree", "pull", "--repo", target, "origin", REF)
            run_ok("ostree", "fsck", "-q", "--repo", target)
        ok("xylem commit and serve: the same checksum, and ostree pulls it")

    @contextlib.contextmanager
    def serve(self, repo):
        process = subprocess.Popen([self.xylem, "serve", str(repo)], stdout=subprocess.PIPE,
                                   text=True)
        try:
            line = process.stdout.readline()
            yield int("".join(c if c.isdigit() else " " for c in line).split()[-1])
        finally:
            process.terminate()
            process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xylem", type=pathlib.Path)
    parser.add_argument("--tree", type=pathlib.Path)
    parser.add_argument("--modes", nargs="+", default=MODES, choices=MODES)
    arguments = parser.parse_args()
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="xylem-os-tree-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        work.chmod(0o755)
        tree = arguments.tree
        if tree is None:
            tree = work / "tree"
            make_sample_tree(tree)
        check = Check(arguments.xylem.absolute(), work, tree)
        check.make_source()
        with nginx(work / "nginx", check.source) as server:
            for mode in arguments.modes:
                check.pull(server, mode, tls=False)
                check.pull(server, mode, tls=True)
            check.pull_again(server)
            check.pull_update(server)
        check.pull_local()
        check.commit_and_serve()


if __name__ == "__main__":
    main()
