#!/usr/bin/env python3
"""What a repository shares is written in one place each, under its lock.

    check_edits.py SOURCE_ROOT

Whoever replaces a file is listed here with what it is. A new line means: read the rules of
docs/on-disk.md ("Edits"), and go through the function that there is for the file.
"""

import pathlib
import re
import sys

# Function: the files that may call it, each for one thing.
CALLERS = {
    "replace_file": {
        "repo/cookies.cpp": "cookies, in edit_remote_cookies()",
        "repo/refs/delta_indexes.cpp": "delta indexes, in update_summary()",
        "repo/refs/ref_journal.cpp": "refs, for RefEditor",
        "repo/refs/summary_file.cpp": "the summary, in update_summary() and replace_summary()",
        "delta/store/delta_place.cpp": "a delta's superblock, in a directory that has one owner",
        "pull/delta/delta_mirror.cpp": "a delta's superblock, as delta_place",
        "pull/delta/http_delta_files.cpp": "a delta's part, as delta_place",
        "repo/keep/extras.cpp": "leases and labels, in Extras::edit()",
        "repo/store/ingest_record.cpp": "the record of an ingest, which has one owner",
        "repo/transaction/edit_detached.cpp": "detached metadata without a key, in edit_detached()",
        "repo/upkeep/tombstones.cpp": "tombstones, which are objects",
        "pull/downloads/pull_record.cpp": "the record of a download directory, which has one owner",
        "pull/remote/summary_cache.cpp": "the cache, which may be lost",
        "cli/commands/cmd_serve.cpp": "a file outside of the repository",
        "cli/commands/interposition.cpp": "a file outside of the repository",
    },
    "replace_symlink": {"repo/refs/ref_journal.cpp": "aliases, for RefEditor"},
    "update_file": {
        "repo/config/config_file.cpp": "config, in write_config_file()",
        "repo/config/remotes_dir.cpp": "remotes.d, in write_remotes_file()",
        "repo/keyrings.cpp": "keyrings, in edit_remote_keyring()",
    },
    "write_config_file": {
        "repo/create_repo.cpp": "init, under the lock on config",
        "repo/mend_config.cpp": "config that does not open",
        "repo/repo.cpp": "edit_config()",
        "repo/repo_remotes.cpp": "edit_remote()",
    },
    "write_remotes_file": {"repo/repo_remotes.cpp": "edit_remote()"},
    "write_with_journal": {"repo/refs/change_refs.cpp": "RefEditor"},
    "put_ref_text": {"repo/refs/change_refs.cpp": "RefEditor",
                     "repo/refs/ref_journal.cpp": "recovery"},
    "write_commitmeta": {
        "repo/ingest/ingest.cpp": "metadata of any type",
        "repo/transaction/edit_detached.cpp": "edit_detached()",
        "pull/commit/commit_puller.cpp": "what the source has",
        "delta/store/apply_delta.cpp": "what the delta has",
        "tree/commit/commit_tree.cpp": "a new commit",
        "cli/shared/metadata_commit.cpp": "the signatures of a new commit",
        "cli/commit/cmd_commit.cpp": "a new commit's signatures, under the lock",
    },
}


def code_lines(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        yield number, line.split("//")[0]


def complaints(source, path):
    name = str(path.relative_to(source))
    for number, code in code_lines(path):
        for function, callers in CALLERS.items():
            # A call, not a declaration or definition: those begin the line with a type.
            called = re.search(rf"(?<![\w]){function}\(", code)
            declared = re.match(rf"\s*(?:[\w:<>&]+\s+)+(?:\w+::)*{function}\(", code)
            returned = re.match(rf"\s*return\s", code)
            if called and (not declared or returned) and name not in callers:
                yield f"{path}:{number}: calls {function}(): {code.strip()}"


def unused(source):
    for function, callers in CALLERS.items():
        for name in callers:
            path = source / name
            if not path.exists() or function not in path.read_text():
                yield f"{name} does not call {function}() any more: take it off the list"


def main():
    source = pathlib.Path(sys.argv[1]) / "src"
    paths = sorted(source.rglob("*.cpp"))
    found = [line for path in paths for line in complaints(source, path)] + list(unused(source))
    if len(paths) < 50:
        found.append(f"only {len(paths)} files were found: is {source} the right place?")
    print("\n".join(found) or f"{len(paths)} files leave edits to those who may make them")
    return 1 if found else 0


sys.exit(main())
