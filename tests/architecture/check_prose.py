#!/usr/bin/env python3
"""What the documents keep to: short paragraphs, links and paths that lead somewhere, closed fences.

    check_prose.py SOURCE_ROOT
"""

import pathlib
import re
import sys

LONGEST_PARAGRAPH = 400
# A change log lists; the history of measurements quotes.
DOCUMENTS = ("*.md", "docs/**/*.md", "benchmarks/*.md", "examples/**/*.md")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
# `src/repo/repo.hpp` in running text: a path of ours, without placeholders.
PATH = re.compile(r"`((?:src|tests|docs|scripts|benchmarks|include|examples|fuzz)/[\w./-]+)`")
# Lists, tables, headings, quotes: not paragraphs.
NOT_PROSE = re.compile(r"^\s*(\||#|[-*+] |\d+[.)] |>|<|\[.*\]:|=+$|-+$)")


def without_fences(text):
    """The text with code blanked out, line by line, and whether the last fence is open."""
    lines, fenced = [], False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
            lines.append("")
        else:
            lines.append("" if fenced else line)
    return lines, fenced


def paragraphs(lines):
    """(first line, text) of each run of prose."""
    start, words = 0, []
    for number, line in enumerate([*lines, ""], 1):
        is_code = not words and line.startswith("    ")
        if line.strip() and not is_code and not NOT_PROSE.match(line):
            if not words:
                start = number
            words.append(line.strip())
            continue
        if words:
            yield start, " ".join(words)
        words = []


def visible(text):
    """What a reader sees: a link is its words."""
    return re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)


def anchors(path):
    lines, _ = without_fences(path.read_text())
    headings = (re.sub(r"^#+\s*", "", line) for line in lines if line.startswith("#"))
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip())
            for heading in headings}


def broken_link(document, target):
    if re.match(r"[a-z]+:", target):
        return None
    name, _, anchor = target.partition("#")
    path = (document.parent / name) if name else document
    if not path.exists():
        return f"leads nowhere: {target}"
    if anchor and path.suffix == ".md" and anchor not in anchors(path):
        return f"there is no such heading: {target}"
    return None


def complaints(root, document):
    lines, open_fence = without_fences(document.read_text())
    where = document.relative_to(root)
    if open_fence:
        yield f"{where}: a fence is not closed"
    if document.name != "CHANGELOG.md":
        for start, text in paragraphs(lines):
            if len(visible(text)) > LONGEST_PARAGRAPH:
                yield f"{where}:{start}: a paragraph of {len(visible(text))} characters"
    for number, line in enumerate(lines, 1):
        for match in LINK.finditer(line):
            wrong = broken_link(document, match.group(1) or match.group(2))
            if wrong:
                yield f"{where}:{number}: {wrong}"
        if document.name not in ("CHANGELOG.md", "HISTORY.md"):
            for path in PATH.findall(line):
                if not (root / path).exists():
                    yield f"{where}:{number}: there is no {path}"


def main():
    root = pathlib.Path(sys.argv[1])
    documents = sorted({path for pattern in DOCUMENTS for path in root.glob(pattern)
                        if not path.relative_to(root).parts[0].startswith("build")})
    found = [line for document in documents for line in complaints(root, document)]
    if len(documents) < 10:
        found.append(f"only {len(documents)} documents were found: is {root} the right place?")
    print("\n".join(found) or f"{len(documents)} documents were looked at")
    return 1 if found else 0


sys.exit(main())
