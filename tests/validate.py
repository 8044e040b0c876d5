#!/usr/bin/env python3
"""Published cases, planned by the program itself, side by side with what was published.

  tests/validate.py BELTLINE [SHARED] [--json] [--only WORD]

Imports each case of SHARED (../shared/validation beside the checkout by default) and of tests/cases, plans it, and
prints case, published value, ours, relative error and the tolerance. Exits with 1 when one misses; skips, saying so,
what is not there. Needs the standard library only.
"""

import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import frepple_orders

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Runner:
    """Imports and plans in folders of its own, one after the other."""

    def __init__(self, beltline, folder):
        self.beltline, self.folder, self.count = beltline, pathlib.Path(folder), 0

    def call(self, *arguments):
        done = subprocess.run([self.beltline, *map(str, arguments), "--json"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False)
        try:
            said = json.loads(done.stdout)
        except json.JSONDecodeError as error:
            raise Missed(f"{arguments[0]} ended with {done.returncode}: {done.stderr.strip()[:200]}") from error
        if done.returncode != 0:
            raise Missed(f"{arguments[0]} ended with {done.returncode}: {json.dumps(said)[:300]}")
        return said

    def plan(self, kind, source, *options):
        """The plan's JSON and its run folder."""
        self.count += 1
        scenario, run = self.folder / f"case{self.count}", self.folder / f"run{self.count}"
        self.call("import", kind, source, "-o", scenario, *options)
        return self.call("plan", scenario, "-o", run), run

    def table(self, run, name):
        done = subprocess.run([self.beltline, "table", str(run), name, "--format", "csv"], stdout=subprocess.PIPE,
                              text=True, check=True)
        return list(csv.reader(done.stdout.splitlines()))


class Missed(Exception):
    """A case that could not be planned."""


class Report:
    def __init__(self):
        self.rows = []

    def add(self, case, published, ours, tolerance, seconds=None):
        error = abs(ours - published) / max(1.0, abs(published))
        self.rows.append({"case": case, "published": published, "ours": ours, "relative_error": error,
                          "tolerance": tolerance, "seconds": seconds, "holds": error <= tolerance})

    def fail(self, case, why):
        self.rows.append({"case": case, "why": why, "holds": False})

    def solved(self, case, ours, seconds):
        """Nothing was published: solved and verified is what counts."""
        self.rows.append({"case": case, "ours": ours, "seconds": seconds, "holds": True})

    def orders(self, model, rows, sums, missing, seconds):
        """A row for what a frePPLe model is late in all, weighted, and one for each order."""
        unexplained = [row["order"] for row in rows if row["why"] == "UNEXPLAINED"]
        holds = sums["ours"] <= sums["frepple"] * (1 + 1e-6) + 1e-6 and not missing and not unexplained
        self.rows.append({"case": f"frePPLe {model}, weighted unit-days late", "published": sums["frepple"],
                          "ours": sums["ours"], "relative_error": 0.0, "tolerance": 1e-6, "seconds": seconds,
                          "holds": holds})
        self.rows += [{"case": f"  {row['order']}", "holds": True, "dates": row} for row in rows]

    def print(self):
        print(f"{'case':<52}{'published':>20}{'beltline':>22}{'rel. error':>12}{'allowed':>9}{'s':>7}")
        for row in self.rows:
            seconds = f"{row['seconds']:7.1f}" if row.get("seconds") is not None else ""
            if "why" in row:
                print(f"{row['case']:<52}  MISSED  {row['why']}")
            elif "dates" in row:
                dates = row["dates"]
                print(f"{row['case']:<36} due {dates['due']:<11} frePPLe: {dates['frepple']}")
                print(f"{'':<56}ours: {dates['ours'] if dates['verdict'] != 'same' else 'the same'}"
                      f"{' · ' + dates['why'] if dates['why'] else ''}")
            elif "published" not in row:
                print(f"{row['case']:<52}{'-':>20}{row['ours']:>22.8g}{'':>12}{'':>9}{seconds:>7}  solved, verified")
            else:
                print(f"{row['case']:<52}{row['published']:>20.10g}{row['ours']:>22.12g}{row['relative_error']:>12.1e}"
                      f"{row['tolerance']:>9.0e}{seconds:>7}{'' if row['holds'] else '  MISSED'}")
        missed = sum(not row["holds"] for row in self.rows)
        print(f"{len(self.rows)} rows, {missed} missed")
        return missed


def objective(plan):
    if plan["termination"] != "optimal" or not plan["verified"]:
        raise Missed(f"ended {plan['termination']}, verified: {plan['verified']}")
    # every plan carries a bound that no rounding has raised; of units that start and stop it is the relaxation's
    if "safe_bound" not in plan["objective"]:
        raise Missed("has no safe bound")
    return plan["objective"]["value"]


def one(report, runner, case, published, tolerance, kind, source, *options):
    """One objective; returns the run folder, or None."""
    begin = time.monotonic()
    try:
        plan, run = runner.plan(kind, source, *options)
        value = objective(plan)
    except Missed as missed:
        report.fail(case, str(missed))
        return None
    seconds = time.monotonic() - begin
    if published is None:
        report.solved(case, value, seconds)
    else:
        report.add(case, published, value, tolerance, seconds)
    return run


def osemosys(report, runner, shared):
    folder = shared / "planning/osemosys"
    run = one(report, runner, "OSeMOSYS UTOPIA", 29446.86269, 1e-6, "osemosys", folder / "utopia.txt")
    if run is not None:
        utopia_details(report, runner, run)
    one(report, runner, "OSeMOSYS super-simple", 46.431233, 1e-6, "osemosys", folder / "super_simple_model.txt")


UTOPIA_CAPACITY = {"E01": 2.279801, "E31": 0.11, "RHE": 46.867723, "RHO": 46.135248, "RIV": 97.91928, "RL1": 34.30399,
                   "TXD": 17.79}
UTOPIA_EMISSION = {"CO2": 163.516797, "NOX": 170.895}


def sums(rows, name, value):
    """{name: sum of a column} of a table read as lists."""
    at = {key: rows[0].index(key) for key in (name, value)}
    out = {}
    for row in rows[1:]:
        out[row[at[name]]] = out.get(row[at[name]], 0.0) + float(row[at[value]] or 0)
    return out


def utopia_details(report, runner, run):
    built = sums(runner.table(run, "builds"), "capacity", "quantity")
    for technology, published in UTOPIA_CAPACITY.items():
        ours = sum(v for k, v in built.items() if technology.lower() in k.lower().split("_"))
        report.add(f"  UTOPIA new capacity {technology}", published, ours, 1e-5)
    emitted = sums(runner.table(run, "emissions"), "measure", "value")
    for emission, published in UTOPIA_EMISSION.items():
        ours = sum(v for k, v in emitted.items() if emission.lower() in k.lower())
        report.add(f"  UTOPIA emissions {emission}", published, ours, 1e-5)


def pypsa(report, runner, shared):
    folder = shared / "planning/pypsa"
    run = one(report, runner, "PyPSA ac-dc-meshed", -3474256.04055, 1e-6, "pypsa", folder / "ac-dc-meshed")
    if run is not None:
        meshed_details(report, runner, run, folder / "ac-dc-meshed-expected/data/ac-dc-meshed/results-lopf")
    one(report, runner, "PyPSA model-energy", 8078135675.4512, 1e-6, "pypsa", folder / "model-energy")


def plain(name):
    """A component's name as it is compared: ours are in lower case, without spaces."""
    return name.lower().replace("_", " ")


def columns(path):
    """{title: numbers} of a table of PyPSA's results over time."""
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    return {title: [float(row[i]) for row in rows[1:]] for i, title in enumerate(rows[0]) if i > 0}


def worst_of(report, case, pairs, tolerance):
    """One row for many numbers: the largest difference, against the largest value."""
    pairs = list(pairs)
    largest = max(1.0, *(abs(published) for published, _ in pairs))
    report.add(case, largest, largest + max(abs(a - b) for a, b in pairs), tolerance)


def meshed_details(report, runner, run, expected):
    """Dispatch, flows, prices and capacities: the largest difference of each."""
    dispatch = runner.table(run, "dispatch")
    head = dispatch[0]
    process, activity = head.index("process"), next(i for i, h in enumerate(head) if h.startswith("activity"))
    ours = {}
    for row in dispatch[1:]:
        ours.setdefault(plain(row[process]), []).append(float(row[activity]))
    for name, file, kind in (("dispatch", "generators-p.csv", ""), ("flows of lines", "lines-p0.csv", "line line "),
                             ("flows of links", "links-p0.csv", "")):
        # what never runs has no rows
        worst_of(report, f"  ac-dc-meshed {name}, largest difference",
                 [pair for title, published in columns(expected / file).items()
                  for pair in zip(published, ours.get(kind + plain(title), [0.0] * len(published)))], 1e-6)
    prices = {plain(k): v for k, v in sums(runner.table(run, "balance"), "place", "price [USD]").items()}
    worst_of(report, "  ac-dc-meshed prices over all hours, largest difference",
             ((sum(published), prices[plain(bus)])
              for bus, published in columns(expected / "buses-marginal_price.csv").items()), 1e-6)
    online = {plain(k): v for k, v in sums(runner.table(run, "capacity"), "capacity", "online").items()}
    best = []
    for file, key, kind in (("generators.csv", "p_nom_opt", ""), ("lines.csv", "s_nom_opt", "line "),
                            ("links.csv", "p_nom_opt", "")):
        for row in csv.DictReader((expected / file).read_text(encoding="utf-8").splitlines()):
            best.append((float(row[key]), online.get(kind + plain(row["name"]), 0.0)))
    worst_of(report, "  ac-dc-meshed p_nom_opt and s_nom_opt, largest difference", best, 1e-6)
    mu = next(csv.DictReader((expected / "global_constraints.csv").read_text(encoding="utf-8").splitlines()))
    worth = sums(runner.table(run, "limits"), "limit", "price [USD]")
    report.add("  ac-dc-meshed price of the limit on emissions", float(mu["mu"]), -worth["co2_limit"], 1e-6)


def commitment(report, runner):
    """PyPSA's own tests of unit commitment, rebuilt from their description."""
    for name, published in (("start_up_costs", 359000), ("shut_down_costs", 358000), ("link_commitment", 267333)):
        one(report, runner, f"PyPSA unit commitment, {name}", published, 1e-6, "pypsa",
            ROOT / "tests/cases/pypsa" / name)


def grids(report, runner, shared):
    folder = shared / "grid"
    for row in csv.DictReader((folder / "pglib/EXPECTED_DC.csv").read_text(encoding="utf-8").splitlines()):
        source = folder / f"pglib/pglib_opf_case{row['case']}.m"
        one(report, runner, f"PGLib {row['case']}", float(row["dc_dollar_per_h"]), 2e-4, "matpower", source,
            "--convention", "pglib")
    run = one(report, runner, "MATPOWER t_case9_opf", 6392.901712, 1e-6, "matpower",
              folder / "matpower/t_case9_opf.m", "--convention", "matpower")
    if run is not None:
        case9_details(report, runner, run, folder / "matpower/soln9_dcopf.json")
    one(report, runner, "KPG 193", None, 0, "matpower", folder / "kpg193/network/m/KPG193_ver2_0.m")


def case9_details(report, runner, run, solution):
    """Prices of the buses: the real power multipliers, column 14 of MATPOWER's bus table."""
    published = {int(row[0]): row[13] for row in json.loads(solution.read_text(encoding="utf-8"))["bus_soln"]}
    prices = runner.table(run, "balance")
    head = prices[0]
    place, price = head.index("place"), next(i for i, h in enumerate(head) if h.startswith("price"))
    ours = {row[place]: float(row[price]) for row in prices[1:]}
    for bus, value in published.items():
        report.add(f"  t_case9_opf price at bus {bus}", value, ours.get(f"bus_{bus}", float("nan")), 1e-6)


def frepple(report, runner, shared):
    """Each order of each model: no plan of ours is later in all than frePPLe's, and each difference has its reason."""
    for model in sorted((shared / "supply/frepple").glob("*/*.xml")):
        number = frepple_orders.constrained_plan(model)
        expect = model.with_name(f"{model.stem}.{number}.expect")
        if number is None or not expect.is_file():
            continue
        begin = time.monotonic()
        try:
            plan, run = runner.plan("frepple", model)
            objective(plan)
        except Missed as missed:
            report.fail(f"frePPLe {model.stem}", str(missed))
            continue
        rows, sums, missing = frepple_orders.compare(model, expect, run.with_name(run.name.replace("run", "case")),
                                                     runner.table(run, "activity"))
        report.orders(model.stem, rows, sums, missing, time.monotonic() - begin)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("beltline")
    parser.add_argument("shared", nargs="?", default=ROOT.parent / "shared/validation", type=pathlib.Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default="", help="osemosys, pypsa, grids, frepple or commitment")
    arguments = parser.parse_args()
    report = Report()
    groups = {"osemosys": osemosys, "pypsa": pypsa, "grids": grids, "frepple": frepple}
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(arguments.beltline, folder)
        for name, group in groups.items():
            if arguments.only not in ("", name):
                continue
            if arguments.shared.is_dir():
                group(report, runner, arguments.shared)
            else:
                print(f"skipped: {name}, {arguments.shared} is not there", file=sys.stderr)
        if arguments.only in ("", "commitment"):
            commitment(report, runner)
    if arguments.json:
        print(json.dumps(report.rows, indent=1))
        return int(any(not row["holds"] for row in report.rows))
    return 1 if report.print() else 0


if __name__ == "__main__":
    sys.exit(main())
