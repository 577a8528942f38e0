"""Makes repositories as a hostile server would: every object fits its checksum, whatever is in it."""

import hashlib
import stat
import struct
import zlib

from gvariant import serialize

FILE_MODE, DIR_MODE = stat.S_IFREG | 0o644, stat.S_IFDIR | 0o755


def sha256(content):
    return hashlib.sha256(content).digest()


def deflate(content):
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


class Forge:
    """What the server has: path → bytes."""

    def __init__(self):
        self.files = {"config": b"[core]\nrepo_version=1\nmode=archive-z2\n"}

    def put(self, checksum, extension, content):
        digits = checksum.hex()
        self.files[f"objects/{digits[:2]}/{digits[2:]}.{extension}"] = content
        return checksum

    def path(self, checksum, extension):
        digits = checksum.hex()
        return f"objects/{digits[:2]}/{digits[2:]}.{extension}"

    def metadata(self, extension, content):
        return self.put(sha256(content), extension, content)

    def file(self, content=b"hello\n", mode=FILE_MODE, rdev=0, target="", xattrs=(), body=None,
             size=None):
        """A content object; `body` and `size` may lie on the wire."""
        fields = (0, 0, mode, rdev, target, [tuple(pair) for pair in xattrs])
        header = serialize("(uuuusa(ayay))", fields)
        stream = struct.pack(">II", len(header), 0) + header
        is_file = stat.S_ISREG(mode)
        checksum = sha256(stream + (content if is_file else b""))
        told = len(content) if is_file else 0
        wire = serialize("(tuuuusa(ayay))", (told if size is None else size, *fields))
        packed = deflate(content) if is_file else b""
        return self.put(checksum, "filez", struct.pack(">II", len(wire), 0) + wire +
                        (packed if body is None else body))

    def dirmeta(self, mode=DIR_MODE, xattrs=()):
        return self.metadata("dirmeta", serialize("(uuua(ayay))", (0, 0, mode, list(xattrs))))

    def dirtree(self, files=(), dirs=()):
        return self.metadata("dirtree", serialize("(a(say)a(sayay))", (list(files), list(dirs))))

    def commit(self, tree, meta, metadata=(), parent=b"", timestamp=1_760_000_000):
        content = serialize("(a{sv}aya(say)sstayay)", (list(metadata), parent, [], "forged", "",
                                                       timestamp, tree, meta))
        return self.metadata("commit", content)

    def simple_commit(self, files=None, dirs=(), **options):
        if files is None:
            files = [("file", self.file())]
        return self.commit(self.dirtree(files, dirs), self.dirmeta(), **options)

    def ref(self, name, commit):
        self.files[f"refs/heads/{name}"] = commit.hex().encode() + b"\n"

    def summary(self, refs, metadata=(), size=None):
        """`refs`: name → commit. The size of a commit is in the order of this machine."""
        entries = []
        for name, commit in refs:
            stored = self.files.get(self.path(commit, "commit"), b"") if len(commit) == 32 else b""
            told = len(stored) if size is None else size
            swapped = struct.unpack(">Q", struct.pack("<Q", told))[0]
            entries.append((name, (swapped, commit, [])))
        self.files["summary"] = serialize("(a(s(taya{sv}))a{sv})", (entries, list(metadata)))
