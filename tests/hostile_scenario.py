#!/usr/bin/python3
"""Writes a copy of a scenario with one hostile string in every text field that takes it.

  tests/hostile_scenario.py FOLDER N [--base SCENARIO] [--program PROGRAM]

N counts the lines of tests/corpus/hostile.txt from 1, each a string as JSON writes it. The text fields are those of the
program's own schema, so that a new one is covered by being there: of every entry its titles, sources and notes, and of
one entry of each section all others (units, dates, names of commodities). What the program refuses must be refused with
a diagnostic at that very entry; it is then left as it was. Sections that the base lacks get a small entry.

Prints one JSON value: {"text": the string, "accepted": [field, …], "refused": [field, …]}.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "corpus" / "hostile.txt"
ROUNDS_MAX = 40

# What a scenario may lack: one entry of each section of the network, beside what it has.
NETWORK = tomllib.loads("""
[commodity.hostile_good]
unit = "MW"
grain = "rate"
[commodity.hostile_thing]
unit = "wafer"
[place.hostile_here]
[place.hostile_there]
[party.hostile_party]
country = "KR"
[capacity.hostile_works]
place = "hostile_here"
unit = "MW"
existing = "10 MW"
[capacity.hostile_mirror]
place = "hostile_there"
unit = "MW"
existing = "1 MW"
[process.hostile_source]
place = "hostile_here"
unit = "MW"
grain = "rate"
upper = "10 MW"
cost = "1 USD/MWh"
flows = [{commodity = "hostile_good", rate = 1}]
uses = [{capacity = "hostile_works", use = 1}]
[line.hostile_line]
from = "hostile_here"
to = "hostile_there"
commodity = "hostile_good"
capacity = "5 MW"
[store.hostile_store]
commodity = "hostile_good"
place = "hostile_here"
level_max = "5 MWh"
power_max = "1 MW"
[demand.hostile_demand]
commodity = "hostile_good"
place = "hostile_there"
quantity = "1 MW"
unserved_cost = "100 USD/MWh"
[limit.hostile_limit]
unit = "MW"
terms = [{kind = "online", of = "hostile_works"}]
upper = "1000 MW"
[commitment.hostile_promise]
from = "hostile_party"
to = "hostile_party"
kind = "MOU"
status = "signed"
date = "2025-10-01"
commodity = "power"
[opening.hostile_opening]
kind = "existing"
of = "hostile_mirror"
quantity = "1 MW"
[measure.hostile_measure]
table = "hostile"
unit = "MW"
terms = [{kind = "online", of = "hostile_works"}]
""")


def strings():
    """The corpus, in order."""
    return [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]


def read_base(folder):
    """Section → entry name ("" for single ones) → table, from scenario.toml and what it includes."""
    main = tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))
    merged = {}
    for part in [main] + [tomllib.loads(path.read_text(encoding="utf-8"))
                          for pattern in main.pop("include", []) for path in sorted(folder.glob(pattern))]:
        for section, value in part.items():
            merged.setdefault(section, {}).update(value)
    return merged


def text_fields(properties):
    """(keys of plain text, keys of record lists with theirs) of one entry's schema."""
    plain = [key for key, value in properties.items() if value.get("type") == "string"]
    records = {key: [k for k, v in value["items"]["properties"].items() if v.get("type") == "string"]
               for key, value in properties.items() if value.get("items", {}).get("type") == "object"}
    return plain, records


def toml_string(text):
    out = '"'
    for c in text:
        if c in '"\\':
            out += "\\" + c
        elif ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or c in "\u2028\u2029\ufeff\ufffe\uffff":
            out += f"\\u{ord(c):04x}"
        else:
            out += c
    return out + '"'


def toml_value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml_string(k)} = {toml_value(v)}" for k, v in value.items()) + "}"
    return repr(value)


class Writer:
    """TOML, one field a line, and which field stands on which line."""

    def __init__(self, schema, base, text, refused):
        self.schema, self.base, self.text, self.refused = schema, base, text, refused
        self.lines, self.fields, self.owners = [], {}, {}
        self.used = set()

    def line(self, text, owner, field=None):
        self.lines.append(text)
        self.owners[len(self.lines)] = owner
        if field:
            self.fields[len(self.lines)] = field
            self.used.add(field)

    def put(self, path, table, keys, common, owner, is_first):
        """The table's own values, with the string where it goes."""
        hostile = [k for k in keys if (k in common or is_first) and f"{path}.{k}" not in self.refused]
        for key, value in table.items():
            if key in hostile or (isinstance(value, list) and value and isinstance(value[0], dict)):
                continue
            quantity = isinstance(value, dict)
            field = f"{path}.{key}.source"
            if quantity and field not in self.refused and not {"low", "mode", "high", "values", "dates", "file"}.isdisjoint(value):
                value = {**value, "source": self.text, "note": self.text}
                self.line(f"{toml_string(key)} = {toml_value(value)}", owner, field)
            else:
                self.line(f"{toml_string(key)} = {toml_value(value)}", owner)
        for key in hostile:
            self.line(f"{key} = {toml_string(self.text)}", owner, f"{path}.{key}")

    def entry(self, section, name, table, is_first):
        properties = self.schema["properties"][section]
        single = name == ""
        properties = properties["properties"] if single else properties["additionalProperties"]["properties"]
        plain, records = text_fields(properties)
        owner = (section, name)
        header = section if single else f"{section}.{name}"
        self.line(f"[{header}]", owner)
        self.put(section, table, plain, self.common, owner, is_first)
        for key, keys in records.items():
            for record in table.get(key, []):
                self.line(f"[[{header}.{key}]]", owner)
                self.put(f"{section}.{key}[]", record, keys, self.common, owner, is_first)

    def run(self):
        self.common = {"title", "title_ko", "source", "note", "description"}
        for section, value in self.base.items():
            if "additionalProperties" not in self.schema["properties"][section] or \
                    self.schema["properties"][section]["additionalProperties"] is False:
                self.entry(section, "", value, True)
                continue
            for index, (name, table) in enumerate(value.items()):
                self.entry(section, name, table, index == len(value) - 1)
        return "\n".join(self.lines) + "\n"


def write_scenario(folder, number, base=ROOT / "scenarios" / "first", program=ROOT / "build/release/bin/beltline",
                   change=None):
    """Returns {"text", "accepted", "refused"}; raises where a text is refused without a word about it."""
    text = strings()[number - 1]
    folder, base = pathlib.Path(folder), pathlib.Path(base)
    folder.mkdir(parents=True, exist_ok=True)
    for path in base.iterdir():
        if path.suffix != ".toml" and path.is_file():
            shutil.copy(path, folder)
    schema = json.loads(subprocess.run([program, "schema"], capture_output=True, check=True).stdout)
    merged = read_base(base)
    for section, entries in NETWORK.items():
        merged[section] = {**merged.get(section, {}), **entries}
    if change:
        change(merged)
    refused = set()
    for _ in range(ROUNDS_MAX):
        writer = Writer(schema, merged, text, refused)
        (folder / "scenario.toml").write_text(writer.run(), encoding="utf-8")
        check = subprocess.run([program, "check", folder, "--json"], capture_output=True, check=False)
        answer = json.loads(check.stdout)
        if check.returncode == 0:
            return {"text": text, "accepted": sorted(writer.used), "refused": sorted(refused)}
        if check.returncode != 1:
            raise RuntimeError(f"check ended with {check.returncode}: {check.stderr.decode()}")
        before = len(refused)
        errors = [d for d in answer["diagnostics"] if d["severity"] == "error"]
        for found in errors:
            if found["line"] in writer.fields:
                refused.add(writer.fields[found["line"]])
        if len(refused) == before:  # the entry as a whole: all its own fields, but not its titles and sources
            for found in errors:
                section, name = writer.owners.get(found["line"], ("", ""))
                for line, field in writer.fields.items():
                    if writer.owners[line] == (section, name) and field.split(".")[-1] not in writer.common:
                        refused.add(field)
        if len(refused) == before:
            raise RuntimeError("refused for another reason: " + json.dumps(errors[:3], ensure_ascii=False))
    raise RuntimeError("no end of refusals")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("number", type=int)
    parser.add_argument("--base", default=ROOT / "scenarios" / "first")
    parser.add_argument("--program", default=ROOT / "build/release/bin/beltline")
    options = parser.parse_args()
    if not 1 <= options.number <= len(strings()):
        sys.exit(f"the corpus has {len(strings())} strings")
    print(json.dumps(write_scenario(options.folder, options.number, options.base, options.program), indent=2))
