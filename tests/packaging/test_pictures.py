#!/usr/bin/env python3
"""The pictures of the README are drawn from the figures and the recording beside them.

    test_pictures.py SOURCE
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

source = pathlib.Path(sys.argv[1])
CHART, TERMINAL = source / "benchmarks/plot", source / "scripts/draw-terminal.py"
RESULTS, RECORDING = source / "benchmarks/results/debian-12.json", source / "docs/images/pull.cast"


def draw(program, data):
    done = subprocess.run([sys.executable, program, data], capture_output=True, text=True, check=True)
    xml.etree.ElementTree.fromstring(done.stdout)
    return done.stdout


def draw_text(program, text):
    with tempfile.NamedTemporaryFile("w", suffix=".data") as data:
        data.write(text)
        data.flush()
        return draw(program, data.name)


def expect_same(picture, drawn):
    committed = (source / "docs/images" / picture).read_text()
    assert committed == drawn, f"docs/images/{picture} is not what its data gives: draw it again"
    print(f"ok: {picture}")


def chart_of_one(theirs, ours):
    row = {"workload": "x<y", "runs": 1, "ostree": {"wall": theirs}, "xylem": {"wall": ours}}
    return draw_text(CHART, json.dumps({"machine": "m", "date": "2026-01-01", "rows": [row]}))


def check_chart():
    chart = chart_of_one(10, 4)
    widths = [float(width) for width in re.findall(r'<rect x="240" y="78" width="([\d.]+)"', chart)]
    assert len(widths) == 2 and abs(widths[1] / widths[0] - 0.4) < 0.001, widths
    assert "2.5 ×" in chart and "10 s → 4 s" in chart and "x&lt;y" in chart, chart
    slower = re.findall(r'<rect x="240" y="78" width="([\d.]+)"', chart_of_one(1, 3))
    assert slower[0] == slower[1], slower
    print("ok: bars are as long as the figures say")


def check_terminal():
    lines = [{"version": 2, "width": 40, "height": 4, "title": "t"}, [0.0, "o", "$ a & b\r\n"],
             [1.0, "o", "10%"], [2.0, "o", "\r\x1b[K"], [2.01, "o", "20%\bX"], [3.0, "o", "\r\x1b[Kdone\r\n"]]
    root = xml.etree.ElementTree.fromstring(draw_text(TERMINAL, "\n".join(map(json.dumps, lines))))
    texts = {"".join(text.itertext()): text.get("visibility")
             for text in root.iter("{http://www.w3.org/2000/svg}text") if text.get("visibility")}
    assert texts == {"$ a & b": "visible", "10%": "hidden", "20X": "hidden",
                     "done": "visible"}, texts
    print("ok: screens follow the recording")


expect_same("benchmark.svg", draw(CHART, RESULTS))
expect_same("pull.svg", draw(TERMINAL, RECORDING))
check_chart()
check_terminal()
