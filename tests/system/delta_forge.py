"""Makes static deltas as a hostile server would, part by part and operation by operation."""

import hashlib
import lzma

from forge import FILE_MODE, Forge
from gvariant import serialize

SUPERBLOCK = "(a{sv}tayay(a{sv}aya(say)sstayay)aya(uayttay)a(yaytt))"
FILE, DIRTREE, DIRMETA, COMMIT = 1, 2, 3, 4


def sha256(content):
    return hashlib.sha256(content).digest()


def varint(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def op(letter, *numbers):
    return letter.encode() + b"".join(varint(number) for number in numbers)


def patch_number(number):
    top = abs(number) >> 56 | (0x80 if number < 0 else 0)
    return (abs(number) & (1 << 56) - 1).to_bytes(7, "little") + bytes([top])


def xz(payload):
    return b"x" + lzma.compress(payload, check=lzma.CHECK_CRC64, preset=1)


class Part:
    """What a part has: the list of its objects, tables, blob and operations, sound or not."""

    def __init__(self):
        self.objects, self.blob, self.ops = [], b"", b""
        self.modes = [(0, 0, FILE_MODE)]
        self.xattrs = [[]]
        self.header = {}  # fields that lie
        self.file = None  # bytes in place of what is packed

    def put(self, content):
        """Where it is in the blob."""
        self.blob += content
        return len(self.blob) - len(content)

    def metadata(self, kind, content):
        self.objects.append((kind, sha256(content)))
        self.ops += op("S", len(content), self.put(content))

    def splice(self, checksum, content, mode=0, xattrs=0):
        self.objects.append((FILE, checksum))
        self.ops += op("S", mode, xattrs, len(content), self.put(content))

    def begin(self, checksum):
        """A file of which the operations follow."""
        self.objects.append((FILE, checksum))
        return self

    def payload(self):
        return serialize("(a(uuu)aa(ayay)ayay)", (self.modes, self.xattrs, self.blob, self.ops))

    def packed(self):
        return xz(self.payload()) if self.file is None else self.file

    def entry(self):
        """Of the superblock."""
        packed = self.packed()
        listed = b"".join(bytes([kind]) + checksum for kind, checksum in self.objects)
        fields = {"version": 0, "checksum": sha256(packed), "size": len(packed),
                  "usize": 1000, "objects": listed} | self.header
        return tuple(fields.values())


class DeltaForge(Forge):
    """A server with two commits: `old`, which the client has, and `new`, which a delta leads to."""

    def __init__(self):
        super().__init__()
        self.old_content, self.new_content = b"old content\n" * 500, b"new content\n" * 600
        self.meta = self.dirmeta()
        self.meta_bytes = serialize("(uuua(ayay))", (0, 0, 0o40755, []))
        self.old_file = self.file(self.old_content)
        self.new_file = self.file(self.new_content)
        self.second = b"second " * 400
        self.second_file = self.file(self.second)
        self.old_value, self.old = self.make(1, [("file", self.old_file)], b"")
        listed = [("file", self.new_file), ("second", self.second_file)]
        self.new_tree = serialize("(a(say)a(sayay))", (listed, []))
        self.new_value, self.new = self.make(2, listed, self.old)
        self.parts = [self.honest()]
        self.fallbacks, self.metadata_entries, self.recurse = [], [], b""
        self.inline, self.source, self.target = False, self.old, self.new
        self.commit_value = self.new_value

    def make(self, timestamp, files, parent):
        value = ([], parent, [], "forged", "", timestamp, self.dirtree(files), self.meta)
        content = serialize("(a{sv}aya(say)sstayay)", value)
        return value, super().metadata("commit", content)

    def honest(self):
        part = Part()
        part.metadata(DIRTREE, self.new_tree)
        part.splice(self.new_file, self.new_content)
        part.splice(self.second_file, self.second)
        return part

    def name(self):
        return f"{self.source.hex()}-{self.target.hex()}" if self.source else self.target.hex()

    def directory(self, source, target):
        import base64
        names = [base64.b64encode(commit).decode().rstrip("=").replace("/", "_")
                 for commit in (source, target) if commit]
        whole = "-".join(names)
        return f"deltas/{whole[:2]}/{whole[2:]}"

    def superblock(self):
        where = self.directory(self.source, self.target)
        metadata = [("ostree.endianness", ("y", ord("B"))), *self.metadata_entries]
        if self.inline:
            metadata += [(f"{where}/{number}", ("(yay)", (part.packed()[0], part.packed()[1:])))
                         for number, part in enumerate(self.parts)]
        return serialize(SUPERBLOCK, (
            metadata, 3, self.source, self.target, self.commit_value, self.recurse,
            [part.entry() for part in self.parts], self.fallbacks))

    def publish(self, ref, superblock=None):
        """Puts the delta where a client looks for it, and the summary that lists it."""
        asked = self.directory(self.old, self.new)
        content = self.superblock() if superblock is None else superblock
        self.files[f"{asked}/superblock"] = content
        if not self.inline:
            for number, part in enumerate(self.parts):
                self.files[f"{asked}/{number}"] = part.packed()
        name = f"{self.old.hex()}-{self.new.hex()}"
        listed = ("a{sv}", [(name, ("ay", sha256(content)))])
        self.summary([(ref, self.new)], [("ostree.static-deltas", listed)])
