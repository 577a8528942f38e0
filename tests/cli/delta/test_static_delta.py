#!/usr/bin/env python3
"""`static-delta list`, `show`, `delete`, `reindex`, `indexes`, `verify` and the errors of all of its
commands, beside the real one on the same repository."""

import json
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))
from harness import Skip, expect, link_as_ostree, main, run, run_ok, text_of  # noqa: E402
from system.signing import make_key  # noqa: E402

OLD = pathlib.Path("/usr/libexec/installed-tests/libostree")


class Sample:
    """An archive repository with two commits on `main`."""

    def __init__(self, work):
        self.path = work / "repo"
        self.repo = f"--repo={self.path}"
        tree = work / "tree"
        tree.mkdir()
        run_ok("ostree", "init", self.repo, "--mode=archive")
        (tree / "program").write_bytes(pathlib.Path("/bin/bash").read_bytes())
        (tree / "text").write_text("one\n" * 100)
        self.first = text_of("ostree", "commit", self.repo, "-b", "main", f"--tree=dir={tree}")
        with (tree / "program").open("ab") as program:
            program.write(b"more")
        (tree / "text").write_text("one\n" * 50 + "two\n" + "one\n" * 50)
        self.second = text_of("ostree", "commit", self.repo, "-b", "main", f"--tree=dir={tree}")
        self.delta = f"{self.first}-{self.second}"


def made_by_ostree(work):
    sample = Sample(work)
    run_ok("ostree", "static-delta", "generate", sample.repo, "main")
    run_ok("ostree", "static-delta", "generate", sample.repo, "--empty", "main^")
    return sample


def same_as_ostree(xylem, work, *arguments, **options):
    """Both print the same and end in the same way."""
    ours = run(link_as_ostree(xylem, work) if not (work / "bin").exists() else work / "bin/ostree",
               "static-delta", *arguments, **options)
    theirs = run("ostree", "static-delta", *arguments, **options)
    errors = ours.err.split("hint:")[0]
    expect((ours.status, ours.out, errors) == (theirs.status, theirs.out, theirs.err),
           arguments, ours, theirs)
    return ours


def lists_as_ostree_does(xylem, work):
    sample = made_by_ostree(work)
    ours = run_ok(xylem, "static-delta", "list", sample.repo).splitlines()
    theirs = run_ok("ostree", "static-delta", "list", sample.repo).splitlines()
    expect(sorted(ours) == sorted(theirs) == sorted([sample.delta, sample.first]), ours, theirs)
    listed = json.loads(run_ok(xylem, "static-delta", "list", "--json", sample.repo))
    expect(listed == {"deltas": ours}, listed)


def nothing_is_listed_in_ostrees_words(xylem, work):
    sample = Sample(work)
    same_as_ostree(xylem, work, "list", sample.repo)
    same_as_ostree(xylem, work, "indexes", sample.repo)


def shows_as_ostree_does(xylem, work):
    sample = made_by_ostree(work)
    same_as_ostree(xylem, work, "show", sample.delta, sample.repo)
    same_as_ostree(xylem, work, "show", sample.first, sample.repo)
    run_ok("ostree", "static-delta", "generate", sample.repo, "--swap-endianness", "main")
    same_as_ostree(xylem, work, "show", sample.delta, sample.repo)


def shows_fallbacks_as_ostree_does(xylem, work):
    sample = Sample(work)
    run_ok("ostree", "static-delta", "generate", sample.repo, "--empty", "--min-fallback-size=1",
           "main")
    shown = same_as_ostree(xylem, work, "show", sample.second, sample.repo)
    expect("Number of fallback entries: 1" in shown.out, shown.out)


def shows_inline_parts_too(xylem, work):
    """The peer fails here: it looks for files of parts."""
    sample = Sample(work)
    run_ok("ostree", "static-delta", "generate", sample.repo, "main")
    files = run_ok(xylem, "static-delta", "show", sample.delta, sample.repo)
    run_ok("ostree", "static-delta", "generate", sample.repo, "--inline", "main")
    inline = run_ok(xylem, "static-delta", "show", sample.delta, sample.repo)
    parts = [[line for line in text.splitlines() if line.startswith("Part")]
             for text in (files, inline)]
    expect(parts[0] == parts[1] and len(parts[0]) == 3, files, inline)


def shows_a_file(xylem, work):
    sample = Sample(work)
    run_ok("ostree", "static-delta", "generate", sample.repo, f"--filename={work}/it", "--inline",
           "main")
    shown = json.loads(run_ok(xylem, "static-delta", "show", "--json", f"{work}/it", sample.repo))
    expect(shown["delta"] == sample.delta and shown["from"] == sample.first, shown)
    expect(not shown["signed"] and shown["byte-order"] == "little", shown)
    expect(sum(part["objects"] for part in shown["parts"]) == 3, shown)


def shows_old_deltas_of_both_byte_orders(xylem, work):
    """They do not say their order. The peer's guess is wrong for the little one."""
    totals = set()
    for order in ("big", "little"):
        archive = OLD / f"pre-endian-deltas-repo-{order}.tar.xz"
        if not archive.exists():
            raise Skip("ostree-tests is not installed")
        run_ok("tar", "-xf", archive, cwd=work)
        repo = f"--repo={work}/pre-endian-deltas-repo"
        name = "-".join(text_of("ostree", "rev-parse", repo, rev) for rev in ("main^", "main"))
        shown = run_ok(xylem, "static-delta", "show", name, repo)
        expect(f"Endianness: {order} (heuristic)" in shown, order, shown)
        totals.add([line for line in shown.splitlines() if line.startswith("Total Size:")][0])
        shutil.rmtree(work / "pre-endian-deltas-repo")
    expect(len(totals) == 1, totals)


def deletes(xylem, work):
    sample = made_by_ostree(work)
    run_ok(xylem, "static-delta", "reindex", sample.repo)
    run_ok(xylem, "static-delta", "delete", sample.first, sample.repo)
    expect(text_of("ostree", "static-delta", "list", sample.repo) == sample.delta)
    indexes = text_of(xylem, "static-delta", "indexes", sample.repo)
    expect(indexes == sample.second, indexes)
    same_as_ostree(xylem, work, "delete", sample.first, sample.repo)
    expect(not list((sample.path / "tmp").glob("trash-*")), "something is left")


def indexes_as_ostree_does(xylem, work):
    sample = made_by_ostree(work)
    copy = work / "copy"
    shutil.copytree(sample.path, copy, symlinks=True)
    run_ok("ostree", "static-delta", "reindex", f"--repo={copy}")
    run_ok(xylem, "static-delta", "reindex", sample.repo)
    files = {path.relative_to(sample.path): path.read_bytes()
             for path in (sample.path / "delta-indexes").rglob("*.index")}
    theirs = {path.relative_to(copy): path.read_bytes()
              for path in (copy / "delta-indexes").rglob("*.index")}
    expect(files == theirs and len(files) == 2, files, theirs)
    expect("indexed-deltas=true" in (sample.path / "config").read_text())
    ours = run_ok(xylem, "static-delta", "indexes", sample.repo).splitlines()
    expect(sorted(ours) == sorted(run_ok("ostree", "static-delta", "indexes", sample.repo).split()))
    shown = json.loads(run_ok(xylem, "static-delta", "indexes", "--json", sample.repo))
    expect(shown == {"indexes": ours}, shown)


def one_index_alone(xylem, work):
    sample = made_by_ostree(work)
    run_ok(xylem, "static-delta", "reindex", f"--to={sample.second}", sample.repo)
    expect(text_of(xylem, "static-delta", "indexes", sample.repo) == sample.second)
    run_ok("ostree", "static-delta", "delete", sample.delta, sample.repo)
    run_ok(xylem, "static-delta", "reindex", f"--to={sample.second}", sample.repo)
    expect("(No static deltas indexes)" in run_ok(xylem, "static-delta", "indexes", sample.repo))


def errors_in_ostrees_words(xylem, work):
    sample = made_by_ostree(work)
    for arguments in (["show", "GARBAGE"], ["show"], ["delete", "GARBAGE"], ["delete"], ["verify"],
                      ["apply-offline"], ["generate"], ["generate", "--to=main^"],
                      ["generate", "--set-endianness=x", "main"],
                      ["generate", "--empty", "--from=main^", "main"],
                      ["reindex", "--to=GARBAGE"]):
        done = same_as_ostree(xylem, work, *arguments, sample.repo)
        expect(done.status == 1, arguments, done)
    missing = run(xylem, "static-delta", "show", sample.second, sample.repo)
    expect(missing.status == 3 and "No static delta at" in missing.err, missing)


def fsck_reports_damaged_deltas(xylem, work):
    sample = made_by_ostree(work)
    run_ok(xylem, "fsck", "-q", sample.repo)
    parts = sorted((sample.path / "deltas").glob("*/*/0"))
    content = bytearray(parts[0].read_bytes())
    content[50] ^= 1
    parts[0].write_bytes(content)
    parts[1].unlink()
    done = run(xylem, "fsck", sample.repo)
    expect(done.status == 7 and "error: 2 static deltas are damaged" in done.err, done)
    for name, why in ((sample.delta, "Part 0"), (sample.first, "Part 0")):
        expect(f"Delta {name}: {why} " in done.err, done.err)


def verifies_signatures(xylem, work):
    sample = Sample(work)
    secret, public = make_key("ed25519", work, "one")
    other = make_key("ed25519", work, "other")[1]
    run_ok(xylem, "static-delta", "generate", sample.repo, f"--sign={secret}", "main")
    good = run(xylem, "static-delta", "verify", sample.delta, public, sample.repo)
    expect((good.status, good.out) == (0, "Verification OK\n"), good)
    for keys in ([public, other], [other, public]):
        run_ok(xylem, "static-delta", "verify", sample.delta, *keys, sample.repo)
    (work / "keys").write_text(public + "\n")
    run_ok(xylem, "static-delta", "verify", f"--keys-file={work}/keys", sample.delta, sample.repo)
    bad = run(xylem, "static-delta", "verify", sample.delta, other, sample.repo)
    expect(bad.status == 8 and bad.out == "Verification fails\n", bad)
    expect("Signed: yes" in run_ok(xylem, "static-delta", "show", sample.delta, sample.repo))


def an_unsigned_delta_is_not_verified(xylem, work):
    sample = made_by_ostree(work)
    public = make_key("ed25519", work, "one")[1]
    done = run(xylem, "static-delta", "verify", sample.delta, public, sample.repo)
    expect(done.out == "Verification fails\n", done)
    expect("error: no signatures in static-delta" in done.err and done.status == 8, done)


main(lists_as_ostree_does, nothing_is_listed_in_ostrees_words, shows_as_ostree_does,
     shows_fallbacks_as_ostree_does, shows_inline_parts_too, shows_a_file,
     shows_old_deltas_of_both_byte_orders, deletes, indexes_as_ostree_does, one_index_alone,
     errors_in_ostrees_words, fsck_reports_damaged_deltas,
     verifies_signatures, an_unsigned_delta_is_not_verified)
