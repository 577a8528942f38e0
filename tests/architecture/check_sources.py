#!/usr/bin/env python3
"""What every file of the project keeps to: no place, tool or host of the people who wrote it, no
left-over to-do, no file that is too long to read.

    check_sources.py SOURCE_ROOT
"""

import pathlib
import re
import subprocess
import sys

LONGEST_FILE = 500
SOURCE = {".cpp", ".hpp", ".h", ".py", ".sh", ".build"}
# Spelled so that this file does not find itself.
FOREIGN = [re.compile(text) for text in (
    r"/wo[r]k/", r"/tm[p]/w/", r"/home/(?!user\b)\w+", r"(?<!\w)/ro[o]t/\w",
    r"\bChatGP[T]\b", r"\bCop[i]lot\b", r"\bClaud[e]\b", r"\bAnthropi[c]\b", r"\bOpenA[I]\b",
    r"Co-authored-b[y]:", r"\bissu[e] #\d")]
LEFT_OVER = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b")


def tracked_files(root):
    """Those that git knows; all files when there is no git, as in an unpacked release."""
    done = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, check=False)
    if done.returncode == 0:
        names = [name for name in done.stdout.decode().split("\0") if name]
        return [path for name in names if (path := root / name).is_file()]
    return [path for path in root.rglob("*") if path.is_file() and "build" not in path.parts[-2:]]


def complaints(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if any(pattern.search(line) for pattern in FOREIGN):
            yield f"{path}:{number}: names a place or a tool that is nobody else's: {line.strip()}"
        if path.suffix in SOURCE and LEFT_OVER.search(line):
            yield f"{path}:{number}: left over: {line.strip()}"
    if path.suffix in SOURCE and text.count("\n") > LONGEST_FILE:
        yield f"{path}: has more than {LONGEST_FILE} lines"


def main():
    root = pathlib.Path(sys.argv[1])
    found, count = [], 0
    for path in tracked_files(root):
        if "data" in path.relative_to(root).parts:
            continue  # Recorded from elsewhere.
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        count += 1
        found.extend(complaints(path, text))
    if count < 50:
        found.append(f"only {count} files were found: is {root} the right place?")
    print("\n".join(found) or f"{count} files were looked at")
    return 1 if found else 0


sys.exit(main())
