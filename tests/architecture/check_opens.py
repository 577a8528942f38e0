#!/usr/bin/env python3
"""A name that others may have put there is opened beneath a root, or without following a symlink.

    check_opens.py SOURCE_ROOT

Every call that opens a file by name says so: by open_beneath(), O_NOFOLLOW, O_EXCL or O_TMPFILE, or by
one of the functions that do. The others are listed here with their reason, so that a new one is a
decision. Hard links are made where the inode was trusted before, and nowhere else.
"""

import collections
import pathlib
import re
import sys

OPEN = re.compile(r"\bos::(open|try_open|open_dir|try_open_dir|try_read_file)\(")
LINK = re.compile(r"\bos::(link|try_link|link_fd|try_link_fd)\(")
SAFE = ("O_NOFOLLOW", "O_EXCL", "O_TMPFILE")

# The user, or an administrator, named the path: he may mean a symlink.
NAMED = "named by the user"
# In a directory that is ours, or that is looked at without believing what is in it.
OWN = "in a directory of our own"
# What is read there is hashed, or parsed and only shown.
CHECKED = "checked after it was read"
KERNEL = "made by the kernel"

KNOWN = {
    "pull/jobs/remote_summary.cpp": NAMED,
    "pull/remote/client_key.cpp": NAMED,
    "repo/mend_config.cpp": NAMED,
    "delta/generate/generate.cpp": OWN,
    "delta/store/delta_place.cpp": OWN,
    "pull/delta/delta_mirror.cpp": OWN,
    "pull/delta/http_delta_files.cpp": OWN,
    "repo/config/config_file.cpp": OWN,
    "repo/locks/edit_lock.cpp": OWN,
    "repo/refs/change_refs.cpp": OWN,
    "repo/refs/ref_journal.cpp": OWN,
    "repo/refs/ref_place.cpp": OWN,
    "repo/upkeep/leftovers.cpp": OWN,
    "pull/delta/local_delta_files.cpp": CHECKED,
    "delta/match/memory_budget.cpp": KERNEL,
    "tree/checkout/uncompressed_cache.cpp": OWN,
    "cli/commands/access_log.cpp": NAMED,
    "cli/commands/cmd_checkout.cpp": NAMED,
    "cli/commands/cmd_serve.cpp": NAMED,
    "cli/commands/cmd_show.cpp": NAMED,
    "cli/commit/selinux_labels.cpp": NAMED,
    "cli/frame/input_file.cpp": NAMED,
    "cli/objects/cmd_objects_add.cpp": NAMED,
    "cli/shared/output_file.cpp": NAMED,
    "delta/apply/delta_file.cpp": NAMED,
    "fetcher/transfer/file_transfer.cpp": NAMED,
    "pull/jobs/create_usb.cpp": NAMED,
    "pull/jobs/volume_repos.cpp": NAMED,
    "pull/remote/remote_setup.cpp": NAMED,
    "pull/report/trace_file.cpp": NAMED,
    "repo/config/remotes_dir.cpp": NAMED,
    "repo/create_repo.cpp": NAMED,
    "repo/keyrings.cpp": NAMED,
    "repo/open_source.cpp": NAMED,
    "repo/repo.cpp": NAMED,
    "repo/locks/work_directory.cpp": NAMED,
    "sign/keys/key_set.cpp": NAMED,
    "tree/checkout/checkout.cpp": NAMED,
    "tree/checkout/checkout_tree.cpp": NAMED,
    "tree/checkout/destination.cpp": NAMED,
    "tree/commit/consumption.cpp": NAMED,
    "tree/commit/import_archive.cpp": NAMED,
    "tree/commit/import_dir.cpp": NAMED,
    "tree/diff_tree.cpp": NAMED,
    "fetcher/download/download_record.cpp": OWN,
    "fetcher/fetcher.cpp": OWN,
    "repo/cookies.cpp": OWN,
    "repo/disk/replace_file.cpp": OWN,
    "repo/disk/repo_dirs.cpp": OWN,
    "repo/staging/rolling_writeback.cpp": OWN,
    "repo/partial.cpp": OWN,
    "repo/refs/delta_indexes.cpp": OWN,
    "repo/refs/static_deltas.cpp": OWN,
    "repo/refs/summary_file.cpp": OWN,
    "repo/transaction/publish.cpp": OWN,
    "repo/keep/extras.cpp": OWN,
    "repo/store/ingest_record.cpp": OWN,
    "repo/upkeep/prune_execution.cpp": OWN,
    "repo/upkeep/prune_plan.cpp": OWN,
    "pull/downloads/pull_record.cpp": CHECKED,
    "repo/loose/loose_store.cpp": CHECKED,
    "repo/refs/resolve_rev.cpp": CHECKED,
    "selinux/policy.cpp": CHECKED,
    "repo/disk/layout.cpp": KERNEL,
}

# Who may make hard links, and why the inode is trusted.
LINKERS = {
    "repo/ingest/adopt_file.cpp": "it has the owner and mode that the object shall have",
    "repo/disk/replace_file.cpp": "a file that it has just made",
    "repo/staging/staged_file.cpp": "a file that it has made, or that was hashed and trusted",
    "repo/staging/staging_area.cpp": "may_trust() was asked",
    "tree/checkout/checkout_file.cpp": "may_stay() was asked",
    "tree/checkout/new_file.cpp": "a file that it has just made",
}


def statements(path):
    """Number and text of each statement that begins a call, with its arguments."""
    text = "\n".join(line.split("//")[0] for line in path.read_text().splitlines())
    for pattern in (OPEN, LINK):
        for found in pattern.finditer(text):
            end = text.find(";", found.end())
            yield pattern, text.count("\n", 0, found.start()) + 1, text[found.start():end]


def complaints(root):
    opens, links = collections.defaultdict(list), set()
    for path in sorted([*root.rglob("*.cpp"), *root.rglob("*.hpp")]):
        name = str(path.relative_to(root))
        if name.startswith("base/os/"):
            continue
        for pattern, number, text in statements(path):
            if pattern is LINK:
                links.add(name)
            elif not any(flag in text for flag in SAFE):
                opens[name].append(f"{name}:{number}: {' '.join(text.split())}")
    for name in sorted(opens.keys() - KNOWN.keys()):
        yield from opens[name]
    for name in sorted(KNOWN.keys() - opens.keys()):
        yield f"{name} opens nothing that way any more: take it off the list"
    for name in sorted(links - LINKERS.keys()):
        yield f"{name} makes hard links: is the inode trusted (repo/disk/inode_trust.hpp)?"
    for name in sorted(LINKERS.keys() - links):
        yield f"{name} makes no hard links any more: take it off the list"


def main():
    found = list(complaints(pathlib.Path(sys.argv[1]) / "src"))
    print("\n".join(found) or "all that is opened is opened safely, or known")
    return 1 if found else 0


sys.exit(main())
