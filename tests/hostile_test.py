#!/usr/bin/python3
"""Hostile text in every text field of a scenario: what leaves the program is text, whoever reads it.

  tests/hostile_test.py PROGRAM

For each of the 40 strings the first scenario is planned with it in every text field that takes it
(hostile_scenario.py), and its tables are read by other programs' readers: CSV and workbooks hold no live formula and
give the text back, JSON is valid, and what is meant for a terminal holds nothing that steers one.

With BELTLINE_SOAK=1 every table is read in every form, and the Korean scenario is checked too, so that every part is
met. Else the first string's tables are all read in every form. Of the others' the tables in which that one stood are
read, each in one form, and one in OTHERS of the rest: from string to string other forms of other tables, so that each
table meets each form.
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

OTHERS = 4
FORMS = ("csv", "text", "xlsx")

holders = set()  # tables in which the first string stood
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


def look_at_form(form, label, folder, answer):
    """A table of the run as the program writes it in that form."""
    arguments = ["table", str(folder / "run"), label[1], "--format", form]
    if form == "xlsx":
        book = folder / "table.xlsx"
        run(*arguments, "-o", str(book))
        look_at_xlsx(label, book, answer)
    elif form == "csv":
        look_at_csv(label, run(*arguments).stdout.decode("utf-8"), answer)
    else:
        look_at_terminal(label, run(*arguments).stdout)


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
    for index, name in enumerate(run("table", str(folder / "run")).stdout.decode().split()):
        whole = soak or number == 1
        if not whole and name not in holders and (index + number) % OTHERS != 0:
            continue
        raw = run("table", str(folder / "run"), name, "--format", "json").stdout
        answer = json.loads(raw)
        holds = any(text in value for row in answer["rows"] for value in row if isinstance(value, str))
        met += holds
        if holds and number == 1:
            holders.add(name)
        # of a table that holds nothing of it, the forms are those of every other string
        for form in FORMS if whole else [FORMS[(index + number) % len(FORMS)]] if holds else []:
            look_at_form(form, (number, name), folder, answer)
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
