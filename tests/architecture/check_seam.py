#!/usr/bin/env python3
"""Files are opened and changed through src/base/os/ and nowhere else, so that a test sees every
such call.

    check_seam.py SOURCE_ROOT
"""

import pathlib
import re
import sys

# Reading from what is no file (a terminal, a signal's descriptor) and looking without opening are
# not among them.
CALLS = """open openat openat2 creat fopen fdopen opendir fdopendir mkstemp mkostemp mkdtemp tmpfile
    write pwrite writev pwritev copy_file_range sendfile truncate ftruncate fallocate
    posix_fallocate sync_file_range fsync fdatasync syncfs sync link linkat symlink symlinkat rename
    renameat renameat2 unlink unlinkat remove mkdir mkdirat rmdir mknod mknodat chmod fchmod fchmodat
    chown fchown fchownat lchown utime utimes futimes futimens utimensat setxattr lsetxattr fsetxattr
    removexattr lremovexattr fremovexattr flock lockf fcntl syscall""".split()
FORBIDDEN = [re.compile(pattern) for pattern in (
    # Qualified, as all calls of the system are here; `std::` has a few of them, too.
    r"(?<![\w:>])(?:std)?::(?:" + "|".join(CALLS) + r")\s*\(",
    r"\bstd::[io]?fstream\b", r"\bstd::filesystem\b",
    r"\bg_(?:file_(?!get_path\b)|mkdir|mkstemp|open|rename|unlink|rmdir|remove|key_file_save)\w*\s*\(",
    # Those that nobody would write for anything else, unqualified as well.
    r"(?<![\w:.>])(?:renameat2?|unlinkat|mkdirat|linkat|symlinkat|fdatasync|ftruncate|futimens|"
    r"utimensat|fchmod|fchown|mkstemp|copy_file_range|fopen)\s*\(")]


def complaints(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        code = line.split("//")[0]
        if any(pattern.search(code) for pattern in FORBIDDEN):
            yield f"{path}:{number}: goes around src/base/os/os.hpp: {line.strip()}"


def main():
    root = pathlib.Path(sys.argv[1])
    found, count = [], 0
    for path in sorted([*(root / "src").rglob("*.cpp"), *(root / "src").rglob("*.hpp")]):
        if (root / "src" / "base" / "os") in path.parents:
            continue
        count += 1
        found.extend(complaints(path))
    if count < 50:
        found.append(f"only {count} files were found: is {root} the right place?")
    print("\n".join(found) or f"{count} files leave files to src/base/os")
    return 1 if found else 0


sys.exit(main())
