#!/usr/bin/python3
"""Hostile text in every text field of a scenario: what leaves the program is text, whoever reads it.

  tests/hostile_test.py PROGRAM

For each of the 40 strings the first scenario is planned with it in every text field that takes it
(hostile_scenario.py), and every form of every table is read by other programs' readers: CSV and workbooks hold no live
formula and give the text back, JSON is valid, and what is meant for a terminal holds nothing that steers one. With
BELTLINE_SOAK=1 the Korean scenario is checked too, so that every part is met.
"""

import csv
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile
from xml.etree import ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import hostile_scenario  # noqa: E402

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULA = re.compile("[\\s\u200b\ufeff]*[=+\\-@＝＋－＠]|[\t\r\n]")
NUMBER = re.compile(r"-?(\d+(\.\d+)?([eE][-+]?\d+)?|inf)|nan")
# controls but line ends, separators of lines, and what turns the writing direction
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# every text field of these sections must take any text: a stricter schema would leave nothing to test
FREE = {f"{section}.{key}" for section in ("scenario", "place", "party", "site", "process", "commitment", "limit")
        for key in ("title", "title_ko", "source", "note")}

program = pathlib.Path(sys.argv[1]).resolve()
soak = os.environ.get("BELTLINE_SOAK") == "1"
faults = []


def complain(*words):
    faults.append(words)
    print(*(str(w)[:300] for w in words), flush=True)


def run(*arguments, code=0):
    finished = subprocess.run([program, *arguments], capture_output=True, env={}, check=False)
    if finished.returncode != code:
        complain(arguments, "ended with", finished.returncode, finished.stderr)
    return finished


def unescaped(text):
    """_x001B_ of a workbook is one character."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


def look_at_csv(name, text, answer):
    rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
    if len(rows) != len(answer["rows"]):
        return complain(name, "CSV: rows", len(rows), len(answer["rows"]))
    for row, values in zip(rows, answer["rows"]):
        for cell, value in zip(row, values):
            if FORMULA.match(cell) and not (NUMBER.fullmatch(cell) and not isinstance(value, str)):
                complain(name, "CSV: a live formula", repr(cell))
            if isinstance(value, str) and cell not in (value, "'" + value):
                complain(name, "CSV: another text", repr(cell), repr(value))


def look_at_xlsx(name, path, answer):
    with zipfile.ZipFile(path) as book:
        if book.testzip() is not None:
            complain(name, "XLSX: a bad CRC")
        for part in book.namelist():
            ElementTree.fromstring(book.read(part))
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    if any(True for _ in sheet.iter(f"{MAIN}f")):
        complain(name, "XLSX: a formula")
    rows = list(sheet.iter(f"{MAIN}row"))[1:]
    if len(rows) != len(answer["rows"]):
        return complain(name, "XLSX: rows", len(rows), len(answer["rows"]))
    for row, values in zip(rows, answer["rows"]):
        for cell, value in zip(row, values):
            if isinstance(value, str):
                text = "".join(t.text or "" for t in cell.iter(f"{MAIN}t"))
                # a line end is one character to XML, whichever it was
                if cell.get("t") != "inlineStr" or unescaped(text) != value:
                    complain(name, "XLSX: another text", repr(text), repr(value))


def look_at_terminal(what, output):
    found = STEERING.search(output.decode("utf-8"))
    if found:
        complain(what, "steers the terminal:", repr(output.decode("utf-8")[max(0, found.start() - 60):found.end()]))


def small(scenario):
    """Fewer months and slices: a plan takes a tenth of a second."""
    scenario["calendar"].update(periods=20, slices_per_day=1)


def plan_with(number, folder):
    text = hostile_scenario.strings()[number - 1]
    said = hostile_scenario.write_scenario(folder / "scenario", number, program=program, change=small)
    for field in FREE - set(said["accepted"]):
        complain(number, "not taken by", field)
    met = 0
    finished = run("plan", str(folder / "scenario"), "-o", str(folder / "run"))
    look_at_terminal((number, "plan"), finished.stdout + finished.stderr)
    if finished.returncode != 0:
        return
    look_at_terminal((number, "summary.txt"), (folder / "run" / "summary.txt").read_bytes())
    json.loads((folder / "run" / "manifest.json").read_bytes())
    for name in run("table", str(folder / "run")).stdout.decode().split():
        label = (number, name)
        raw = run("table", str(folder / "run"), name, "--format", "json").stdout
        answer = json.loads(raw)
        # of the tables that hold nothing of it, the forms are those of every other string
        holds = any(text in value for row in answer["rows"] for value in row if isinstance(value, str))
        met += holds
        if not holds and not (soak or number == 1):
            continue
        look_at_csv(label, run("table", str(folder / "run"), name, "--format", "csv").stdout.decode("utf-8"), answer)
        look_at_terminal(label, run("table", str(folder / "run"), name).stdout)
        book = folder / "table.xlsx"
        run("table", str(folder / "run"), name, "--format", "xlsx", "-o", str(book))
        look_at_xlsx(label, book, answer)
    if met == 0:
        complain(number, "is in no table")


def look_at_refusals(number, folder):
    """Where the text is a fault, the diagnostic quotes it and steers nothing either."""
    text = hostile_scenario.toml_string(hostile_scenario.strings()[number - 1])
    (folder / "scenario.toml").write_text(
        f'[calendar]\nstart = {text}\nperiods = {text}\n[commodity.x]\nunit = {text}\ngrain = {text}\n{text} = 1\n'
        f'[place.{text}]\nkind = {text}\n[process.p]\nplace = {text}\nunit = "MW"\ncost = {text}\nowner = {text}\n'
        f'flows = [{{commodity = {text}, rate = {text}}}]\n[{text}]\n', encoding="utf-8")
    finished = run("check", str(folder), code=1)
    look_at_terminal((number, "check"), finished.stdout + finished.stderr)
    answer = json.loads(run("check", str(folder), "--json", code=1).stdout)
    if len(answer["diagnostics"]) < 5:
        complain(number, "too few diagnostics", answer)


with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as scratch:
    for index in range(1, len(hostile_scenario.strings()) + 1):
        place = pathlib.Path(scratch, str(index))
        place.mkdir()
        try:
            plan_with(index, place)
            look_at_refusals(index, place)
            # thousands of long texts would only show that a file is too large
            if soak and len(hostile_scenario.strings()[index - 1]) < 1000:
                korea = hostile_scenario.ROOT / "scenarios" / "korea"
                hostile_scenario.write_scenario(place / "korea", index, korea, program)
        except (RuntimeError, ValueError, ElementTree.ParseError) as error:
            complain(index, error)

print(f"{len(hostile_scenario.strings())} strings")
if faults:
    sys.exit(f"{len(faults)} faults")
