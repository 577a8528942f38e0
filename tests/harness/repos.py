"""Repositories: made by the real `ostree`, and checked by it."""

from harness.process import run_ok, text_of
from harness.trees import make_sample_tree, remove_tree


def commit_sample(source, tree, *refs):
    """Makes a sample tree and an archive repository of it: one commit a ref, each with a file of
    its own, and a summary."""
    make_sample_tree(tree)
    run_ok("ostree", "init", "--repo", source, "--mode=archive")
    for ref in refs:
        (tree / f"usr/lib/{ref.replace('/', '-')}").write_text(ref * 1000)
        run_ok("ostree", "commit", "--repo", source, "-b", ref, f"--tree=dir={tree}")
    run_ok("ostree", "summary", "--repo", source, "-u")


def new_repo(xylem, repo, url, mode="bare-user"):
    """An empty repository with the remote `origin`, in place of what was there."""
    remove_tree(repo)
    run_ok(xylem, "init", "--repo", repo, "--mode", mode)
    run_ok(xylem, "remote", "add", "--repo", repo, "--no-gpg-verify", "origin", url)
    return repo


def expect_complete(repo, source, refs):
    """All is well, these refs of origin are those of the source, and nothing is left over."""
    run_ok("ostree", "fsck", "-q", "--repo", repo)
    for ref in refs:
        assert (text_of("ostree", "rev-parse", "--repo", repo, f"origin:{ref}")
                == text_of("ostree", "rev-parse", "--repo", source, ref))
    left = [entry.name for entry in (repo / "tmp").iterdir() if entry.name != "cache"]
    assert not left and not list((repo / "state").iterdir()), left
