#!/usr/bin/python3
"""The console blocks of the tutorial, typed one after another in an empty folder: each command must succeed, and
print what the page shows.

  tests/tutorial_test.py docs/tutorial.md PROGRAM [NODE FOLDER]

With a Node, the report that the tutorial ends with is opened in a browser and its picture kept in FOLDER
(BELTLINE_PICTURES=1: in docs/pictures).

Numbers are compared to three digits, and times (0.7 s, 9 ms) not at all. A page may show less than is printed: its
lines must follow each other in the output, from wherever they begin.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def words(line):
    """The line's words and numbers, with times and what is but rounding left out."""
    line = re.sub(r"\d[\d.]* (ms|s)\b", "TIME", line)
    line = re.sub(r"gap \S+ %", "gap", line)
    line = re.sub(r"-{2,}", "-", line)
    numbers = [float(n.replace(",", "")) for n in NUMBER.findall(line)]
    return NUMBER.sub("#", line).split(), numbers


def alike(shown, printed):
    shown_words, shown_numbers = words(shown)
    printed_words, printed_numbers = words(printed)
    return (shown_words == printed_words and len(shown_numbers) == len(printed_numbers) and
            all(abs(a - b) <= 1e-3 * max(abs(a), abs(b)) for a, b in zip(shown_numbers, printed_numbers)))


def shows(page, printed):
    """Whether the lines of the page follow each other in the output."""
    return not page or any(all(alike(a, b) for a, b in zip(page, printed[i:]))
                           for i in range(len(printed) - len(page) + 1))


page, program = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
blocks = re.findall(r"^```console\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
steps = []  # command, lines shown
for block in blocks:
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        else:
            steps[-1][1].append(line)
if len(steps) < 5:
    sys.exit(f"expected the commands of a tutorial in {page}, found {len(steps)}")

faults = []
environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "BELTLINE": str(page.parent.parent)}
with tempfile.TemporaryDirectory() as folder:
    for command, shown in steps:
        print(f"$ {command}", flush=True)
        run = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, env=environment, text=True,
                             stdout=subprocess.PIPE)
        if run.returncode != 0:
            sys.exit(f"{run.stdout}exit {run.returncode}")
        if not shows(shown, run.stdout.splitlines()):
            faults.append(command)
            print(run.stdout + "-- the page shows\n" + "\n".join(shown), flush=True)
    if len(sys.argv) > 4:
        script = pathlib.Path(__file__).parent / "page" / "tutorial_pictures.mjs"
        pictured = subprocess.run([sys.argv[3], script, pathlib.Path(folder, "first.html"), sys.argv[4]], check=False)
        if pictured.returncode != 0:
            faults.append("the picture of the report")
if faults:
    sys.exit("the page shows something else than is printed by\n  " + "\n  ".join(faults))
