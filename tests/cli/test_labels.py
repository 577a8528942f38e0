#!/usr/bin/env python3
"""SELinux labels by the policy of a tree: `commit --selinux-policy`, as `ostree` sets them, and
`checkout --selinux-policy`. The machine itself need not know of SELinux."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import Skip, expect, main, run, run_ok, text_of  # noqa: E402

FIXED = ("--orphan", "--timestamp=2026-11-01T00:00:00Z")
CONTEXTS = """\
/.*\tsystem_u:object_r:default_t:s0
/usr(/.*)?\tsystem_u:object_r:usr_t:s0
/usr/bin(/.*)?\t--\tsystem_u:object_r:bin_t:s0
/etc(/.*)?\tsystem_u:object_r:etc_t:s0
/mnt\t-d\tsystem_u:object_r:mnt_t:s0
/opt/none\t<<none>>
"""


def make_root(root, etc="etc", state="permissive"):
    """A system with a policy in text, of which the binary part is never loaded."""
    policy = root / etc / "selinux/toy"
    (policy / "contexts/files").mkdir(parents=True)
    (policy / "policy").mkdir()
    (policy / "policy/policy.31").write_text("not loaded")
    (policy / "contexts/files/file_contexts").write_text(CONTEXTS)
    (policy.parent / "config").write_text(f"# comment\nSELINUX={state}\nSELINUXTYPE=toy \n")
    for name in ("usr/bin/tool", "usr/etc/passwd", "opt/none"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (root / "usr/bin/link").symlink_to("tool")
    (root / "proc").mkdir()
    return root


def both_repos(work, mode="archive"):
    repos = {program: work / f"{program}-repo" for program in ("ostree", "ours")}
    for repo in repos.values():
        run_ok("ostree", "init", f"--repo={repo}", f"--mode={mode}")
    return repos


def expect_same_commit(xylem, repos, *words):
    theirs = text_of("ostree", "commit", f"--repo={repos['ostree']}", *FIXED, *words)
    ours = text_of(xylem, "commit", f"--repo={repos['ours']}", *FIXED, *words)
    listings = [run_ok("ostree", f"--repo={repo}", "ls", "-RX", commit)
                for repo, commit in ((repos["ostree"], theirs), (repos["ours"], ours))]
    expect(theirs == ours, words, *listings)
    return ours, listings[1]


def commits_as_ostree(xylem, work):
    root, repos = make_root(work / "root"), both_repos(work)
    _, listing = expect_same_commit(xylem, repos, f"--selinux-policy={root}", f"--tree=dir={root}")
    for label in ("default_t", "usr_t", "bin_t", "etc_t", "mnt_t"):
        expect(f"system_u:object_r:{label}:s0" in listing, label, listing)
    expect("[] } /opt/none" in listing, listing)
    run_ok("tar", "-C", root, "-cf", work / "a.tar", ".")
    commit, _ = expect_same_commit(xylem, repos, f"--selinux-policy={root}",
                                   f"--tree=tar={work / 'a.tar'}")
    for words in ((f"--tree=ref={commit}",), (f"--tree=dir={root}", "--no-xattrs"),
                  (f"--tree=dir={root}", "--owner-uid=7", "--no-bindings")):
        expect_same_commit(xylem, repos, f"--selinux-policy={root}", *words)


def policy_from_base(xylem, work):
    """Of the first tree, or of the base: a commit has its policy in /usr/etc."""
    root, repos = make_root(work / "root", etc="usr/etc"), both_repos(work)
    commit, _ = expect_same_commit(xylem, repos, "-P", f"--tree=dir={root}")
    other = work / "other"
    (other / "usr/bin").mkdir(parents=True)
    (other / "usr/bin/new").write_text("new")
    _, listing = expect_same_commit(xylem, repos, "--selinux-policy-from-base",
                                    f"--tree=ref={commit}", f"--tree=dir={other}")
    expect("bin_t:s0')] } /usr/bin/new" in listing, listing)
    _, listing = expect_same_commit(xylem, repos, "-P", f"--base={commit}", f"--tree=dir={other}")
    expect("bin_t:s0')] } /usr/bin/new" in listing, listing)


def no_policy(xylem, work):
    """A system that does not use SELinux gives no labels, as without the option."""
    plain = make_root(work / "disabled", state="disabled")
    repos = both_repos(work)
    expect_same_commit(xylem, repos, f"--selinux-policy={plain}", f"--tree=dir={plain}")
    (work / "empty").mkdir()
    expect_same_commit(xylem, repos, f"--selinux-policy={work / 'empty'}", f"--tree=dir={plain}")


def refusals(xylem, work):
    root, repo = make_root(work / "root"), both_repos(work)["ours"]
    (root / "etc/selinux/toy/contexts/files/file_contexts").unlink()
    for words, status, message in (
            ((f"--selinux-policy={root}", f"--tree=dir={root}"), 3, "toy/contexts/files/file_contexts"),
            (("--selinux-policy=/no/such", f"--tree=dir={root}"), 15, "/no/such"),
            (("--selinux-policy=/", "-P", f"--tree=dir={root}"), 2, "Cannot specify both"),
            (("-P", "--tree=tar=x.tar"), 2, "Cannot use --selinux-policy-from-base with tar"),
            (("--selinux-labeling-epoch=2", f"--tree=dir={root}"), 2, "--selinux-labeling-epoch")):
        done = run(xylem, "commit", f"--repo={repo}", *FIXED, *words)
        expect(done.status == status and message in done.err, words, done)


def label_of(path):
    return os.getxattr(path, "security.selinux", follow_symlinks=False).decode().split(":")[2]


def usr_etc(xylem, work):
    """Epoch 1 labels /usr/etc as the /etc that it will be."""
    root, repo = make_root(work / "root"), both_repos(work)["ours"]
    for epoch, label in ((0, "usr_t"), (1, "etc_t")):
        commit = text_of(xylem, "commit", f"--repo={repo}", *FIXED, f"--selinux-policy={root}",
                         f"--tree=dir={root}", f"--selinux-labeling-epoch={epoch}")
        listing = run_ok("ostree", f"--repo={repo}", "ls", "-X", commit, "/usr/etc/passwd")
        expect(f"{label}:s0" in listing, listing)


def checkouts(xylem, work):
    """Files, directories and symlinks; below the prefix or where they are in the commit."""
    if os.geteuid() != 0:
        raise Skip("only root may set labels")
    root, repo = make_root(work / "root"), both_repos(work)["ours"]
    commit = text_of(xylem, "commit", f"--repo={repo}", *FIXED, f"--tree=dir={root}", "--no-xattrs")
    policy = f"--selinux-policy={root}"
    run_ok(xylem, "checkout", f"--repo={repo}", policy, commit, work / "all")
    for name, label in (("usr/bin/tool", "bin_t"), ("usr/bin/link", "usr_t"), ("usr", "usr_t"),
                        ("usr/bin", "usr_t"), ("etc/selinux/config", "etc_t"), ("proc", "mnt_t"),
                        (".", "default_t")):
        expect(label_of(work / "all" / name) == label, name, label_of(work / "all" / name))
    expect(not os.listxattr(work / "all/opt/none"))
    run_ok(xylem, "checkout", f"--repo={repo}", policy, "--subpath=/usr/etc", commit, work / "sub")
    expect(label_of(work / "sub/passwd") == "usr_t")
    run_ok(xylem, "checkout", f"--repo={repo}", policy, "--subpath=/usr/etc",
           "--selinux-prefix=/etc", commit, work / "moved")
    expect(label_of(work / "moved/passwd") == "etc_t")
    for words, message in ((("--selinux-prefix=/etc",), "without --selinux-policy"),
                           ((policy, "-H"), "Cannot specify both")):
        done = run(xylem, "checkout", f"--repo={repo}", *words, commit, work / "none")
        expect(done.status == 2 and message in done.err, words, done)


main(commits_as_ostree, policy_from_base, no_policy, refusals, usr_etc, checkouts)
