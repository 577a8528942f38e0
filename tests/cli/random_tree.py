"""Random trees: every kind of file, of mode, of name and of extended attribute that a disk can hold."""

import contextlib
import os
import stat

# Sizes at which something changes: nothing, one byte, one block, one buffer.
SIZES = [0, 0, 1, 2, 100, 4095, 4096, 4097, 32768, 65536, 70000]
MODES = [0o644, 0o755, 0o600, 0o444, 0o400, 0o000, 0o777, 0o664, 0o775, 0o4755, 0o2755, 0o6777, 0o1644,
         0o111, 0o007, 0o7777]
NAMES = ["a", "b", "A", "etc", "usr", "café", "日本", "a b", "tab\there", "new\nline", "-dash", "--tree=x",
         ".hidden", "..more", "quote'\"", "back\\slash", "%s", "*", "x" * 255, "é" * 127, "=", ".wh.x"]
ATTRIBUTE_NAMES = ["user.a", "user.b", "user.B", "user." + "n" * 200, "user.é", "user.a b", "user.a.b"]
ROOT_NAMES = ["trusted.t", "trusted.empty", "security.capability"]
VALUES = [b"", b"\0", b"x", b"x\0", b"\0\1\2\377", b"text", b"v" * 255, b"v" * 256, b"w" * 3000]
# What `setcap` writes: version 2, one capability.
CAPABILITY = bytes.fromhex("0100000200040000000000000000000000000000")[:20]
TARGETS = ["a", "/", ".", "../..", "/no/such", "t" * 1000, "é", "new\nline", " ", "a/../b"]
OWNERS = [0, 0, 0, 1, 42, 1000, 65534, 65536, 2**31 - 1, 2**31, 2**32 - 2]


class RandomTree:
    """Makes trees from a `random.Random`: the same ones for the same seed."""

    def __init__(self, random, canonical):
        self.random, self.canonical, self.root = random, canonical, os.geteuid() == 0

    def make(self, path):
        path.mkdir()
        self.left = self.random.randint(0, 25)
        self.files = []
        self.fill(path, 0)
        self.dress(path, stat.S_IFDIR)
        return path

    def fill(self, directory, depth):
        for name in self.random.sample(NAMES, self.random.randint(0, 6)):
            if self.left == 0:
                return
            self.left -= 1
            child = directory / self.name(name)
            # A random name may be there already. A file written through a link would be elsewhere.
            if not os.path.lexists(child):
                self.child(child, depth)

    def name(self, common):
        if self.random.random() < 0.7:
            return common
        letters = [chr(code) for code in (*range(33, 47), *range(48, 127), 0xE4, 0x20AC, 0x1F600)]
        name = "".join(self.random.choices(letters, k=self.random.randint(1, 20)))
        return "x" if name in (".", "..") else name

    def child(self, path, depth):
        kind = self.random.choices(["file", "link", "directory", "hard"], [6, 2, 3, 1])[0]
        if kind == "directory" and depth < 6:
            path.mkdir()
            self.fill(path, depth + 1)
            self.dress(path, stat.S_IFDIR)
        elif kind == "link":
            path.symlink_to(self.random.choice(TARGETS))
            self.dress(path, stat.S_IFLNK)
        elif kind == "hard" and self.files:
            path.hardlink_to(self.random.choice(self.files))
        else:
            self.file(path)

    def file(self, path):
        size = self.random.choice(SIZES)
        content = self.random.randbytes(size) if self.random.random() < 0.5 else b"line\n" * (size // 5)
        path.write_bytes(content)
        self.dress(path, stat.S_IFREG)
        self.files.append(path)

    def dress(self, path, kind):
        """Owner, attributes and permissions, in the order in which none undoes another."""
        if self.root and self.random.random() < 0.5:
            os.lchown(path, self.random.choice(OWNERS), self.random.choice(OWNERS))
        while self.random.random() < 0.4:
            self.attribute(path, kind)
        if kind != stat.S_IFLNK:
            os.chmod(path, self.mode(kind))
        if self.random.random() < 0.3:
            times = (0, self.random.choice([0, 1, 10**9, 2**31, 2**33]))
            os.utime(path, times, follow_symlinks=False)

    def attribute(self, path, kind):
        names = [] if kind == stat.S_IFLNK else ATTRIBUTE_NAMES
        names = names + (ROOT_NAMES if self.root else [])
        if not names:
            return
        name = self.random.choice(names)
        value = CAPABILITY if name == "security.capability" else self.random.choice(VALUES)
        with contextlib.suppress(OSError):  # Not on this file system, or too many.
            os.setxattr(path, name, value, follow_symlinks=False)

    def mode(self, kind):
        if self.canonical:
            return self.random.choice([0o644, 0o755] if kind == stat.S_IFREG else [0o755])
        mode = self.random.choice(MODES)
        if self.root:
            return mode
        return mode | (0o500 if kind == stat.S_IFDIR else 0o400)
