#!/usr/bin/env python3
"""`commit --tree=tar=` and `export`, side by side with `ostree`: the same archive makes the same
commit, the same commit the same archive. What is wrong with an archive is said, and publishes
nothing."""

import io
import pathlib
import subprocess
import sys
import tarfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import assert_same_tree, expect, main, run, run_ok, text_of  # noqa: E402

FIXED = ("--orphan", "--timestamp=2026-11-01T00:00:00Z")


def make_tree(root):
    """Hard links, links to symlinks, attributes, names beyond ASCII, an empty file."""
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/share/ünï").mkdir(parents=True)
    (root / "usr/bin/tool").write_text("tool\n")
    (root / "usr/bin/tool").chmod(0o4755)
    (root / "usr/bin/again").hardlink_to(root / "usr/bin/tool")
    (root / "usr/bin/link").symlink_to("tool")
    (root / "usr/bin/same-link").hardlink_to(root / "usr/bin/link")
    (root / "usr/share/ünï/nämé").write_text("x" * 100_000)
    (root / "usr/share/empty").touch()
    (root / "usr/share/empty-too").hardlink_to(root / "usr/share/empty")
    (root / "usr/share" / ("long-" * 40)).write_text("long")
    return root


def write_tar(path, *entries):
    """Each entry: name, kind (file, dir, symlink, link, char, fifo) and content or target."""
    kinds = {"dir": tarfile.DIRTYPE, "symlink": tarfile.SYMTYPE, "link": tarfile.LNKTYPE,
             "char": tarfile.CHRTYPE, "fifo": tarfile.FIFOTYPE, "file": tarfile.REGTYPE}
    with tarfile.open(path, "w") as archive:
        for name, kind, text in entries:
            info = tarfile.TarInfo(name)
            info.type, info.mode, info.uid, info.gid = kinds[kind], 0o755, 5, 6
            content = text.encode() if kind == "file" else b""
            info.size, info.linkname = len(content), text if kind in ("symlink", "link") else ""
            archive.addfile(info, io.BytesIO(content))
    return path


def both_repos(work, mode="archive"):
    repos = {program: work / f"{program}-repo" for program in ("ostree", "ours")}
    for repo in repos.values():
        run_ok("ostree", "init", f"--repo={repo}", f"--mode={mode}")
    return repos


def expect_same_commit(xylem, repos, *words, **options):
    """Returns the commit that both make of it."""
    theirs = text_of("ostree", "commit", f"--repo={repos['ostree']}", *FIXED, *words, **options)
    ours = text_of(xylem, "commit", f"--repo={repos['ours']}", *FIXED, *words, **options)
    expect(theirs == ours, words, run("ostree", f"--repo={repos['ostree']}", "ls", "-RCX", theirs).out,
           run("ostree", f"--repo={repos['ours']}", "ls", "-RCX", ours).out)
    return ours


def dialects(xylem, work):
    """Every dialect and compression; in all modes that keep what is in the archive."""
    tree = make_tree(work / "tree")
    run_ok("setfattr", "-n", "user.note", "-v", "hello", tree / "usr/bin/tool")
    run_ok("tar", "-C", tree, "-cf", work / "gnu.tar", ".")
    run_ok("tar", "-C", tree, "--format=pax", "--xattrs", "-cf", work / "pax.tar", ".")
    for suffix, option in (("gz", "-z"), ("xz", "-J"), ("bz2", "-j"), ("zst", "--zstd")):
        run_ok("tar", "-C", tree, option, "-cf", work / f"a.tar.{suffix}", ".")
    for mode in ("archive", "bare", "bare-user"):
        (work / mode).mkdir()
        repos = both_repos(work / mode, mode)
        for name in ("gnu.tar", "pax.tar", "a.tar.gz", "a.tar.xz", "a.tar.bz2", "a.tar.zst"):
            expect_same_commit(xylem, repos, f"--tree=tar={work / name}")
        run_ok("ostree", "fsck", "-q", f"--repo={repos['ours']}")


def cpio(xylem, work):
    """In which the last of several hard links has the content."""
    tree = make_tree(work / "tree")
    with (work / "a.cpio").open("wb") as archive:
        names = "\n".join(str(path.relative_to(tree)) for path in [tree, *sorted(tree.rglob("*"))])
        subprocess.run(["cpio", "-o", "-H", "newc"], input=names.encode(), stdout=archive,
                       stderr=subprocess.DEVNULL, cwd=tree, check=True)
    repos = both_repos(work)
    commit = expect_same_commit(xylem, repos, f"--tree=tar={work / 'a.cpio'}")
    expect(text_of(xylem, "cat", f"--repo={repos['ours']}", commit, "/usr/bin/again") == "tool")


def repeated_attributes(xylem, work):
    """Some archives have an attribute twice: it stays so in the commit, which both can read."""
    headers = {"SCHILY.xattr.user.note": "one", "LIBARCHIVE.xattr.user.note": "b25l"}
    with tarfile.open(work / "a.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        for name, kind in ((".", tarfile.DIRTYPE), ("file", tarfile.REGTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.mode = kind, 0o755
            info.pax_headers = headers if name == "file" else {}
            archive.addfile(info, io.BytesIO())
    repos = both_repos(work)
    commit = expect_same_commit(xylem, repos, f"--tree=tar={work / 'a.tar'}")
    for program in ("ostree", xylem):
        expect("user.note" in text_of(program, "ls", f"--repo={repos['ours']}", "-X", commit, "/file"))
        run_ok(program, "fsck", "-q", f"--repo={repos['ours']}")


def standard_input(xylem, work):
    run_ok("tar", "-C", make_tree(work / "tree"), "-czf", work / "a.tar.gz", ".")
    repos = both_repos(work)
    from_file = expect_same_commit(xylem, repos, f"--tree=tar={work / 'a.tar.gz'}")
    with (work / "a.tar.gz").open("rb") as archive:
        done = subprocess.run([xylem, "commit", f"--repo={repos['ours']}", *FIXED, "--tree=tar=-"],
                              stdin=archive, capture_output=True, text=True, check=True)
    expect(done.stdout.strip() == from_file, done)


def names_in_any_locale(xylem, work):
    run_ok("tar", "-C", make_tree(work / "tree"), "--format=pax", "-cf", work / "a.tar", ".")
    repos = both_repos(work)
    commit = expect_same_commit(xylem, repos, f"--tree=tar={work / 'a.tar'}")
    again = text_of(xylem, "commit", f"--repo={repos['ours']}", *FIXED,
                    f"--tree=tar={work / 'a.tar'}", env={"LC_ALL": "C"})
    expect(again == commit)


def layers(xylem, work):
    """Archives, directories and commits over each other; what is gone stays gone by --skip-list."""
    first = write_tar(work / "1.tar", (".", "dir", ""), ("a", "file", "1"), ("d", "dir", ""),
                      ("d/old", "file", "1"), ("l", "symlink", "a"))
    second = write_tar(work / "2.tar", (".", "dir", ""), ("a", "file", "2"), ("d", "dir", ""),
                       ("d/new", "file", "2"), ("l", "symlink", "d"))
    tree = work / "tree"
    (tree / "d").mkdir(parents=True)
    (tree / "d/new").write_text("from the directory")
    (work / "skip").write_text("/d/old\n")
    (work / "stat").write_text("2048 /a\n=384 /d/new\n")
    repos = both_repos(work)
    commit = expect_same_commit(xylem, repos, f"--tree=tar={first}", f"--tree=tar={second}")
    for words in ((f"--tree=tar={first}", f"--tree=dir={tree}"),
                  (f"--tree=ref={commit}", f"--tree=tar={first}"),
                  (f"--base={commit}", f"--tree=tar={first}", "--owner-uid=7", "--owner-gid=8"),
                  (f"--tree=tar={first}", f"--tree=tar={second}", f"--skip-list={work / 'skip'}",
                   f"--statoverride={work / 'stat'}"),
                  (f"--tree=tar={first}", "--canonical-permissions"),
                  (f"--tree=tar={first}", "--generate-sizes"),
                  (f"--tree=tar={first}", "--mode-ro-executables", "--no-xattrs")):
        expect_same_commit(xylem, repos, *words)


def missing_parents(xylem, work):
    archive = write_tar(work / "a.tar", ("usr/lib/x", "file", "x"), ("usr/bin/y", "file", "y"))
    empty = write_tar(work / "empty.tar")
    repos = both_repos(work)
    expect_same_commit(xylem, repos, "--tar-autocreate-parents", f"--tree=tar={archive}")
    expect_same_commit(xylem, repos, "--tar-autocreate-parents", f"--tree=tar={empty}",
                       "--owner-uid=3", "--owner-gid=4")
    # Only who makes another directory makes the root, too.
    for number, names in enumerate((("a",), ("a/",), ("a/", "a/b"), ("a", "u/b"), ("a/", "a/u/b"))):
        entries = ((name.rstrip("/"), "dir" if name.endswith("/") else "file", "") for name in names)
        some = write_tar(work / f"{number}.tar", *entries)
        expect_same_commit(xylem, repos, "--tar-autocreate-parents", f"--tree=tar={some}")
    done = run(xylem, "commit", f"--repo={repos['ours']}", *FIXED, f"--tree=tar={archive}")
    expect(done.status == 3 and "No such file or directory: usr" in done.err
           and "--tar-autocreate-parents" in done.err, done)


def kept_directories(xylem, work):
    """As in libostree, parents are made anew, with the owner and mode of the entry."""
    base = write_tar(work / "base.tar", (".", "dir", ""), ("root", "dir", ""))
    layer = write_tar(work / "layer.tar", ("root/new/file", "file", "x"))
    repos = both_repos(work)
    (work / "stat").write_text("=448 /root\n")
    commits = {text_of(program, "commit", f"--repo={repo}", *FIXED, f"--tree=tar={base}",
                       f"--statoverride={work / 'stat'}")
               for program, repo in ((xylem, repos["ours"]), ("ostree", repos["ostree"]))}
    expect(len(commits) == 1, commits)
    expect_same_commit(xylem, repos, f"--tree=ref={commits.pop()}", "--tar-autocreate-parents",
                       f"--tree=tar={layer}")


def pathname_filters(xylem, work):
    archive = write_tar(work / "a.tar", (".", "dir", ""), ("usr", "dir", ""), ("usr/bin", "dir", ""),
                        ("usr/bin/a", "file", "x"), ("usr/bin/b", "link", "usr/bin/a"))
    repos = both_repos(work)
    for text in ("^usr/bin/,usr/sbin/", "/bin/,/sbin/", "^,top/", "^nosuch/,other/",
                 r"^(usr)/(bin)/,\2/\1/"):
        expect_same_commit(xylem, repos, "--tar-autocreate-parents", f"--tar-pathname-filter={text}",
                           f"--tree=tar={archive}")
    for text, message in (("no-comma", "Missing ',' in --tar-pathname-filter"),
                          ("(,x", "--tar-pathname-filter: "), (r"x,\g", "--tar-pathname-filter: "),
                          ("^usr,../evil", "Invalid uplink '..' in path '../evil")):
        done = run(xylem, "commit", f"--repo={repos['ours']}", *FIXED, f"--tree=tar={archive}",
                   f"--tar-pathname-filter={text}", "--tar-autocreate-parents")
        expect(done.status not in (0, 1) and message in done.err, text, done)


ROOT = (".", "dir", "")
HOSTILE = {
    "up": ([ROOT, ("../evil", "file", "x")], "Invalid uplink '..' in path '../evil'"),
    "up in the middle": ([ROOT, ("a", "dir", ""), ("a/../../evil", "file", "x")],
                         "Invalid uplink '..'"),
    "self": ([ROOT, ("a/./b", "file", "x")], "Invalid self-reference '.'"),
    "device": ([ROOT, ("null", "char", "")], "Unsupported file type for path 'null'"),
    "pipe": ([ROOT, ("pipe", "fifo", "")], "Unsupported file type for path 'pipe'"),
    "through a symlink": ([ROOT, ("a", "symlink", "/etc"), ("a/passwd", "file", "x")],
                          "No such file or directory: a"),
    "through a file": ([ROOT, ("a", "file", "x"), ("a/b", "file", "x")],
                       "No such file or directory: a"),
    "file over directory": ([ROOT, ("a", "dir", ""), ("a", "file", "x")],
                            "Can't replace directory with file: a"),
    "directory over file": ([ROOT, ("a", "file", "x"), ("a", "dir", "")],
                            "Can't replace file with directory: a"),
    "link out": ([ROOT, ("a", "link", "../../etc/shadow")], "Invalid uplink '..'"),
    "link to nothing": ([ROOT, ("a", "link", "b")], "No such file or directory: b"),
    "link to itself": ([ROOT, ("a", "link", "a")], "No such file or directory: a"),
    "links in a circle": ([ROOT, ("a", "link", "b"), ("b", "link", "a")],
                          "No such file or directory: "),
    "link to a directory": ([ROOT, ("d", "dir", ""), ("a", "link", "d")],
                            "Expected hardlink file target at 'd' but found a directory"),
    "root as a file": ([(".", "file", "x")], "The root of a tree must be a directory"),
    "no root": ([("a", "file", "x")], "Can't commit an empty tree"),
    "too long": ([ROOT, ("d/" * 3000, "dir", "")], "is too long"),
}


def hostile_archives(xylem, work):
    repo = both_repos(work)["ours"]
    outside = work / "evil"
    for name, (entries, message) in HOSTILE.items():
        archive = write_tar(work / "hostile.tar", *entries)
        done = run(xylem, "commit", f"--repo={repo}", "-b", "hostile", f"--tree=tar={archive}")
        expect(done.status >= 3 and message in done.err, name, done)
        expect(not outside.exists(), name)
    expect(run_ok(xylem, "refs", f"--repo={repo}") == "")
    expect(not list((repo / "objects").rglob("*.commit")))


def absolute_names(xylem, work):
    """Are names below the root, and so is what leads above it from there."""
    archive = write_tar(work / "a.tar", ("/", "dir", ""), ("/etc", "dir", ""),
                        ("/etc/passwd", "file", "mine"), ("/../etc/group", "file", "mine"))
    expect_same_commit(xylem, both_repos(work), f"--tree=tar={archive}")


def links_in_any_order(xylem, work):
    """A chain, and a link before its file; libostree refuses the first."""
    archive = write_tar(work / "a.tar", ROOT, ("early", "link", "file"), ("file", "file", "text"),
                        ("second", "link", "early"), ("third", "link", "second"))
    repo = both_repos(work)["ours"]
    commit = text_of(xylem, "commit", f"--repo={repo}", *FIXED, f"--tree=tar={archive}")
    for name in ("early", "file", "second", "third"):
        expect(text_of(xylem, "cat", f"--repo={repo}", commit, f"/{name}") == "text", name)


def damaged_archives(xylem, work):
    repo = both_repos(work)["ours"]
    run_ok("tar", "-C", make_tree(work / "tree"), "-cJf", work / "good.tar.xz", ".")
    good = (work / "good.tar.xz").read_bytes()
    bad = work / "bad.tar"
    for name, content in (("cut", good[:len(good) // 2]), ("noise", bytes(range(256)) * 20),
                          ("flipped", good[:200] + bytes([good[200] ^ 255]) + good[201:])):
        bad.write_bytes(content)
        done = run(xylem, "commit", f"--repo={repo}", *FIXED, f"--tree=tar={bad}")
        expect(done.status == 7 and f"Reading archive {bad}: " in done.err, name, done)
    done = run(xylem, "commit", f"--repo={repo}", *FIXED, f"--tree=tar={work / 'none.tar'}")
    expect(done.status != 0 and "none.tar: No such file or directory" in done.err, done)
    # An mtree file lists names of files elsewhere, which libarchive would read.
    bad.write_text("#mtree\n. type=dir\nshadow type=file contents=/etc/passwd\n")
    done = run(xylem, "commit", f"--repo={repo}", *FIXED, f"--tree=tar={bad}")
    expect(done.status == 7, done)


def huge_claims(xylem, work):
    """A header that promises more than the disk has costs neither the disk nor the time."""
    repo = both_repos(work)["ours"]
    info = tarfile.TarInfo("huge")
    info.size = 1 << 50
    root = tarfile.TarInfo(".")
    root.type = tarfile.DIRTYPE
    (work / "huge.tar").write_bytes(root.tobuf(tarfile.GNU_FORMAT) + info.tobuf(tarfile.GNU_FORMAT))
    done = run(xylem, "commit", f"--repo={repo}", *FIXED, f"--tree=tar={work / 'huge.tar'}",
               timeout=60)
    expect(done.status in (7, 9), done)


def exports_as_ostree(xylem, work):
    repo = work / "repo"
    run_ok("ostree", "init", f"--repo={repo}", "--mode=archive")
    run_ok("ostree", "commit", f"--repo={repo}", "-b", "main", f"--tree=dir={make_tree(work / 'tree')}")
    for words in ((), ("--subpath=/usr/bin",), ("--subpath=usr",), ("--prefix=top/",),
                  ("--prefix=/abs",), ("--subpath=usr", "--prefix=x/"), ("--no-xattrs",)):
        for program in ("ostree", xylem):
            run_ok(program, "export", f"--repo={repo}", "main", *words, "-o", work / "out.tar")
            (work / "out.tar").rename(work / f"{pathlib.Path(program).name}.tar")
        expect((work / "ostree.tar").read_bytes() == (work / "xylem.tar").read_bytes(), words)
    piped = [subprocess.run([program, "export", f"--repo={repo}", "main"], capture_output=True,
                            check=True).stdout for program in ("ostree", xylem)]
    expect(piped[0] == piped[1])


def round_trip(xylem, work):
    """By way of tar itself, and, with attributes, by way of pax."""
    tree = make_tree(work / "tree")
    run_ok("setfattr", "-n", "user.note", "-v", "hello", tree / "usr/bin/tool")
    repo = work / "repo"
    run_ok(xylem, "init", f"--repo={repo}", "--mode=bare-user")
    commit = text_of(xylem, "commit", f"--repo={repo}", *FIXED, f"--tree=dir={tree}")
    run_ok(xylem, "export", f"--repo={repo}", commit, "--format=pax", "-o", work / "pax.tar")
    again = text_of(xylem, "commit", f"--repo={repo}", *FIXED, f"--tree=tar={work / 'pax.tar'}")
    expect(again == commit)
    (work / "unpacked").mkdir()
    run_ok("tar", "-C", work / "unpacked", "--xattrs", "-xpf", work / "pax.tar")
    assert_same_tree(tree, work / "unpacked", times=False)
    one = run_ok(xylem, "export", f"--repo={repo}", commit, "--subpath=/usr/bin/tool", "--prefix=x/",
                 "-o", "/dev/stdout")
    expect(one.startswith("x/tool\0"), one[:20])


def failed_exports(xylem, work):
    """Leave what was there before, and nothing else."""
    repo = work / "repo"
    run_ok("ostree", "init", f"--repo={repo}", "--mode=archive")
    run_ok("ostree", "commit", f"--repo={repo}", "-b", "main", f"--tree=dir={make_tree(work / 'tree')}")
    out = work / "out"
    out.mkdir()
    (out / "a.tar").write_text("before")
    done = run(xylem, "export", f"--repo={repo}", "main", "--subpath=/none", "-o", out / "a.tar")
    expect(done.status == 3 and "No such file or directory: /none" in done.err, done)
    with pathlib.Path("/dev/full").open("wb") as full:
        done = subprocess.run([xylem, "export", f"--repo={repo}", "main"], stdout=full,
                              stderr=subprocess.PIPE, text=True, check=False)
    expect(done.returncode == 9 and "No space left on device" in done.stderr, done)
    for path in (repo / "objects").rglob("*.filez"):
        path.unlink()
        break
    done = run(xylem, "export", f"--repo={repo}", "main", "-o", out / "a.tar")
    expect(done.status == 3 and path.parent.name + path.stem in done.err, done)
    expect([path.name for path in out.iterdir()] == ["a.tar"])
    expect((out / "a.tar").read_text() == "before")
    for words in (("main", "--format=zip"), ()):
        expect(run(xylem, "export", f"--repo={repo}", *words).status == 2, words)


main(dialects, cpio, repeated_attributes, standard_input, names_in_any_locale, layers,
     missing_parents, kept_directories, pathname_filters, hostile_archives, absolute_names,
     links_in_any_order, damaged_archives, huge_claims, exports_as_ostree, round_trip, failed_exports)
