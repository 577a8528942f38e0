#!/usr/bin/env python3
"""Draws the recording of a terminal (an asciicast of version 2) as an animated SVG.

    draw-terminal.py RECORDING > PICTURE

Where animation is not supported, the picture shows the last screen. The terminal understands what
the commands of a recording print: text, line ends, backspace and "clear to the end of the line".
"""

import json
import pathlib
import re
import sys
from xml.sax.saxutils import escape

CELL, LINE, MARGIN, BAR = 8.43, 20, 16, 30  # of a character, a line, the frame and its title bar
SETTLE = 0.05  # Seconds; screens that last less are not drawn.
PAUSE = 4  # Seconds that the last screen stays before the animation starts again.
BACKGROUND, TEXT, TITLE = "#0d1117", "#e6edf3", "#8b949e"
COLORS = {"$": "#7ee787", "error:": "#ff7b72"}  # of what a line begins with
TOKEN = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])|([\r\n\b\a])|([^\x1b\r\n\b\a]+)")


class Screen:
    """Lines of text and a cursor."""

    def __init__(self, rows):
        self.rows, self.lines, self.row, self.column = rows, [""], 0, 0

    def feed(self, text):
        for match in TOKEN.finditer(text):
            parameters, command, control, plain = match.groups()
            if plain:
                self.put(plain)
            elif control:
                self.control(control)
            elif command == "K" and parameters in ("", "0"):
                self.lines[self.row] = self.lines[self.row][:self.column]
            elif command not in "hlm":
                sys.exit(f"draw-terminal.py: the recording has an unknown sequence: {match[0]!r}")

    def put(self, text):
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[:self.column] + text + line[self.column + len(text):]
        self.column += len(text)

    def control(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\b":
            self.column = max(self.column - 1, 0)
        elif character == "\n":
            self.row += 1
            if self.row == len(self.lines):
                self.lines.append("")
            if self.row >= self.rows:
                sys.exit("draw-terminal.py: the recording has more lines than its terminal")


def screens(events, rows):
    """The screens that lasted: (seconds, lines)."""
    screen, shown = Screen(rows), []
    for number, (at, kind, text) in enumerate(events):
        if kind != "o":
            continue
        screen.feed(text)
        following = events[number + 1][0] if number + 1 < len(events) else at + PAUSE
        if following - at >= SETTLE:
            shown.append((at, [line.rstrip() for line in screen.lines]))
    return shown


def spans(shown, end):
    """What stood in which line from when to when: (row, text, begin, end)."""
    found, standing = [], {}
    for at, lines in [*shown, (end, [])]:
        for row in range(max(len(lines), len(standing))):
            text = lines[row] if row < len(lines) else ""
            before, since = standing.get(row, ("", at))
            if text != before:
                if before:
                    found.append((row, before, since, at))
                standing[row] = (text, at)
    return sorted(found)


def animation(begin, until, end):
    first = [] if begin <= 0 else [(0, "hidden")]
    last = [] if until >= end else [(until, "hidden")]
    steps = [*first, (begin, "visible"), *last]
    return (f'<animate attributeName="visibility" calcMode="discrete" dur="{end:.2f}s"'
            f' repeatCount="indefinite" keyTimes="{";".join(f"{at / end:.4f}" for at, _ in steps)}"'
            f' values="{";".join(value for _, value in steps)}"/>')


def words(text):
    """A line as SVG text."""
    for start, color in COLORS.items():
        if text.startswith(start):
            return f'<tspan fill="{color}">{start}</tspan>{escape(text[len(start):])}'
    return escape(text)


def line(span, end):
    row, text, begin, until = span
    stays = until >= end
    return (f'<text x="{MARGIN}" y="{BAR + MARGIN + LINE * row + 14}"'
            f' visibility="{"visible" if stays else "hidden"}">'
            f"{words(text)}{animation(begin, until, end)}</text>")


def picture(recording):
    header, *events = [json.loads(entry) for entry in recording.splitlines()]
    end = events[-1][0] + PAUSE
    width = round(header["width"] * CELL + 2 * MARGIN)
    height = header["height"] * LINE + 2 * MARGIN + BAR
    buttons = "".join(f'<circle cx="{20 + 20 * number}" cy="18" r="6" fill="{color}"/>'
                      for number, color in enumerate(("#ff5f56", "#ffbd2e", "#27c93f")))
    body = "\n".join(line(span, end) for span in spans(screens(events, header["height"]), end))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
            f' height="{height}">\n'
            f'<rect width="{width}" height="{height}" rx="8" fill="{BACKGROUND}"/>{buttons}\n'
            f'<text x="{width / 2}" y="22" font-size="13" fill="{TITLE}" text-anchor="middle"'
            f' font-family="sans-serif">{escape(header["title"])}</text>\n'
            f'<g font-family="\'DejaVu Sans Mono\', Menlo, Consolas, monospace" font-size="14"'
            f' fill="{TEXT}" xml:space="preserve">\n{body}\n</g>\n</svg>\n')


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: draw-terminal.py RECORDING > PICTURE")
    sys.stdout.write(picture(pathlib.Path(sys.argv[1]).read_text()))
