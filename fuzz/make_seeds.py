#!/usr/bin/env python3
"""Makes a seed corpus out of the recorded repositories and keys.

    make_seeds.py TEST_DATA DIRECTORY

DIRECTORY gets a directory of files for each target.
"""

import pathlib
import shutil
import sys
import tarfile

# From the end of a name to the target that reads such files.
TARGETS = {".commit": "commit", ".dirtree": "dirtree", ".dirmeta": "dirmeta", ".filez": "filez",
           ".commitmeta": "commitmeta", "summary": "summary", "summary.sig": "commitmeta",
           "config": "config", ".public": "keys", ".public.pem": "keys",
           "superblock": "delta_superblock", ".delta": "delta_superblock", ".index": "delta_index"}
WRITTEN = {
    "download_record": ['{"url":"http://h/a","etag":"\\"x\\"","total":10,"started":1,"updated":2}'],
    "response_head": ["HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-9/10\r\n"
                      "ETag: \"x\"\r\nAge: 3\r\nRetry-After: 5\r\n\r\n"],
    "mirror_list": ["# mirrors\nhttp://a.example/repo\nhttps://b.example/repo\n"],
    "metalink": ['<metalink xmlns="http://www.metalinker.org/" version="3.0"><files>'
                 '<file name="summary"><size>5</size><verification><hash type="sha256">' + "ab" * 32 +
                 '</hash></verification><resources><url protocol="http" preference="100">'
                 "http://h/summary</url></resources></file></files></metalink>"],
    "config": ['[core]\nrepo_version=1\nmode=bare\n[remote "o"]\nurl=http://h\n'
               "sign-verify=ed25519;spki\nverification-ed25519-key=AAAA\ngpgkeypath=/a;/b\n"],
    "delta_execution": ["\3\3\5\6" + "\0" * 10 + "\x81\xa4" + "\0" + "s" * 32 + "hello, world"
                        "S\0\0\5\x20S\5\x20o\0\0\7w\3\x20r\0w\4\2Rc\x39\x0d\x0c",
                        "\1\3" + "\0" * 10 + "\x81\xa4" + "\0" + "s" * 32 + "\4" + "\0" * 7 +
                        "\2" + "\0" * 15 + "\0\1\2\3xyr\0o\0\0\6B\x20\x1ec\x4b\x0d\x0c"],
    "delta_payload": ["\0" * 10 + "\x81\xa4" + "\0" + "hello, world"
                      "S\0\0\5\0o\0\0\7w\3\2r\0Rw\1\0B\0\3c\x19\x0d\x0c"],
    "delta_bsdiff": ["\x08\0" + "o" * 32 + "\4" + "\0" * 7 + "\4" + "\0" * 7 + "\2" + "\0" * 7 +
                     "\0\0\0\0more"],
    "openpgp": ["\x88\x03abc"],
    "printable": ["os/test", "origin:os/stable", "org.example.Os", "\xe2\x80\xaex\xc2\x9by\x1b[2Jz\n\t"],
    "pull_record": ['{"remote":"o","refs":["a","b"],"pid":1,"bytes":2,"started":3,"updated":4}'],
    "redirect": ["https://cdn.example/r/objects/ab/cd.filez?token=x", "//host.example/a", "/a/../b",
                 "https://user:s3cret@host.example:8443/new/objects/ab/cd.filez", "file:///etc/passwd"],
    "request": ["GET /objects/%61b/cd.filez?x HTTP/1.1\r\nHost: h\r\nRange: bytes=5-9\r\n"
                'If-Range: "tag"\r\nIf-None-Match: W/"a", "tag"\r\n'
                "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT\r\n\r\n",
                "HEAD http://h/../config HTTP/1.0\r\nTransfer-Encoding: x\r\nRange: bytes=-5\r\n\r\n"],
    "xattrs": ["user.a\0x\x07user.b\0yz\x07\x0a\x15"],
    "bare_user": ["\0" * 12],
}


def target_of(path):
    if path.name.isdigit() and "deltas" in path.parts:
        return "delta_part"
    ends = [end for end in TARGETS if path.name.endswith(end)]
    return TARGETS[max(ends, key=len)] if ends else None


def write_archives(directory):
    """A file, a directory and links, as tar in three dialects and compressed."""
    directory.mkdir(parents=True)
    for number, (mode, dialect) in enumerate((("w", tarfile.USTAR_FORMAT), ("w", tarfile.GNU_FORMAT),
                                              ("w", tarfile.PAX_FORMAT), ("w:gz", tarfile.PAX_FORMAT),
                                              ("w:xz", tarfile.PAX_FORMAT))):
        with tarfile.open(directory / f"{number}", mode, format=dialect) as archive:
            for name, kind, target in (("usr", tarfile.DIRTYPE, ""), ("usr/a", tarfile.REGTYPE, ""),
                                       ("usr/b", tarfile.LNKTYPE, "usr/a"),
                                       ("usr/../c", tarfile.SYMTYPE, "/etc")):
                member = tarfile.TarInfo(name)
                member.type, member.linkname = kind, target
                archive.addfile(member)
    return len(list(directory.iterdir()))


def main():
    data, seeds = map(pathlib.Path, sys.argv[1:])
    unpacked = seeds / "unpacked"
    with tarfile.open(data / "ostree-2026.4/repo.tar.xz") as archive:
        archive.extractall(unpacked)
    count = write_archives(seeds / "archive")
    for path in [*data.rglob("*"), *unpacked.rglob("*")]:
        target = target_of(path) if path.is_file() else None
        if target and path.stat().st_size < 1 << 16:
            (seeds / target).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, seeds / target / f"{count:04}")
            count += 1
    shutil.rmtree(unpacked)
    for target, texts in WRITTEN.items():
        (seeds / target).mkdir(parents=True, exist_ok=True)
        for text in texts:
            (seeds / target / f"{count:04}").write_bytes(text.encode("latin-1"))
            count += 1
    print(f"{count} seeds")


main()
