"""The file of results that `run` writes and `plot` draws: one JSON object.

    machine   a description of the machine, for people
    date      day of the run
    rows      one object for each workload, in the order of the run:
      workload    its name
      title       optional: a longer name, for pictures
      runs        how many runs the medians are taken of
      ostree, xylem
                  medians: "wall" and "cpu" in seconds, "peak" in MiB; the last two are optional
"""

import json
import os
import platform
import time

FIGURES = ("wall", "cpu", "peak")


def row(workload, runs, medians):
    """One row; `medians` has for each tool the three FIGURES."""
    tools = {tool: {name: round(value, 3) for name, value in zip(FIGURES, figures)}
             for tool, figures in medians.items()}
    return {"workload": workload, "runs": runs, **tools}


def this_machine():
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"


def save(path, rows):
    document = {"machine": this_machine(), "date": time.strftime("%Y-%m-%d"), "rows": rows}
    path.write_text(json.dumps(document, indent=1) + "\n")


def load(path):
    return json.loads(path.read_text())
