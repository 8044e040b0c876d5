#!/usr/bin/env python3
"""Beltline and PyPSA on the same LPs, side by side.

  bench/beside_pypsa.py BELTLINE.json [PYTHON]

BELTLINE.json is what beltline_bench wrote with --benchmark_out; PYTHON is one that has bench/requirements.txt, and
without it PyPSA's column stays empty. Exits with 1 when the two disagree about an optimum, a benchmark failed, or
Beltline misses its own goals. Needs the standard library only.
"""

import json
import pathlib
import re
import statistics
import subprocess
import sys

CASE = re.compile(r"(\w+)/nodes:(\d+)/hours:(\d+)")
OBJECTIVE_TOLERANCE = 1e-6
GOAL_CASE, GOAL_CPU_S, GOAL_PEAK_OVER_MATRIX = (20, 8760), 1.5, 3.0
SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
MIB = 1 << 20


def beltline_figures(path):
    """{(nodes, hours): {benchmark: its median}}, and the names of the benchmarks that failed."""
    figures, failed = {}, []
    for entry in json.loads(pathlib.Path(path).read_text(encoding="utf-8"))["benchmarks"]:
        if entry.get("error_occurred"):
            failed.append(f"{entry['name']}: {entry.get('error_message', '')}")
            continue
        case = CASE.match(entry["run_name"])
        if not case or entry.get("aggregate_name", "median") != "median":
            continue
        # the median comes after the repetitions that it is the median of
        figures.setdefault((int(case[2]), int(case[3])), {})[case[1]] = entry
    return figures, failed


def beltline_case(entries):
    """The figures of one case under the same names as PyPSA's."""
    out = {}
    if "model_expansion" in entries:
        out["model"] = cpu_seconds(entries["model_expansion"])
    if "formulate_expansion" in entries:
        e = entries["formulate_expansion"]
        out |= {"rows": e["rows"], "formulate": cpu_seconds(e), "matrix": e["matrix_MiB"], "peak": e["peak_MiB"]}
    if "solve_expansion" in entries:
        e = entries["solve_expansion"]
        out |= {"solve": e["CPU_s"], "objective": e["objective"]}
    return with_rates(out)


def cpu_seconds(entry):
    return entry["cpu_time"] * SECONDS[entry["time_unit"]]


def with_rates(figures):
    if "formulate" in figures:
        figures["rows/s"] = figures["rows"] / figures["formulate"]
        figures["peak/matrix"] = figures["peak"] / figures["matrix"]
    return figures


def pypsa(python, repetitions, *arguments):
    """{figure: median} of pypsa_expansion.py, each time in a process of its own."""
    runs = []
    for _ in range(repetitions):
        script = pathlib.Path(__file__).with_name("pypsa_expansion.py")
        done = subprocess.run([python, script, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True)
        runs.append(json.loads(next(x for x in done.stdout.splitlines() if x.startswith("JSON "))[5:]))
    return {k: statistics.median(r[k] for r in runs) for k in runs[0] if isinstance(runs[0][k], (int, float))}


def pypsa_case(python, case, also_solve):
    nodes, hours = case
    built = pypsa(python, 3 if nodes * hours < 100_000 else 1, "build", nodes, hours)
    out = {"import": built["cpu_import"], "rows": built["rows"], "model": built["cpu_network"],
           "formulate": built["cpu_create_model"] + built["cpu_to_highspy"], "matrix": built["matrix_bytes"] / MIB,
           "peak": built["peak_bytes"] / MIB, "process_peak": built["process_peak_bytes"] / MIB}
    if also_solve:
        solved = pypsa(python, 3 if nodes * hours < 2000 else 1, "e2e", nodes, hours, "choose")
        out |= {"solve": solved["cpu_optimize"], "objective": solved["objective"]}
    return with_rates(out)


def number(x):
    """Three digits that count, or all of a large number."""
    if x is None:
        return "-"
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}"


def lines_of(case, ours, theirs):
    """The lines of one case: figure, Beltline, PyPSA, PyPSA/Beltline."""
    head = f"{case[0]} nodes, {case[1]:,} h"
    for key, name, unit in (("rows", "rows (1)", 1), ("model", "model, CPU ms (2)", 1e-3),
                            ("formulate", "formulate, CPU ms (3)", 1e-3), ("rows/s", "formulate, rows/s", 1),
                            ("peak", "formulate, peak MiB (4)", 1), ("peak/matrix", "peak / matrix's bytes", 1),
                            ("solve", "solve, CPU s (5)", 1)):
        if key not in ours:
            continue
        a, b = ours[key] / unit, theirs[key] / unit if key in theirs else None
        ratio = "-" if b is None else number(b / a) if b >= a else f"1/{number(a / b)}"
        yield f"{head:<19}{name:<25}{number(a):>14}{number(b):>14}{ratio:>18}"
        head = ""
    if "objective" in ours:
        other = theirs.get("objective")
        apart = "-" if other is None else f"{difference(ours, theirs):.0e} apart"
        yield (f"{'':<19}{'objective, USD':<25}{ours['objective']:>14,.0f}"
               f"{'-' if other is None else format(other, ',.0f'):>14}{apart:>18}")


def notes(theirs):
    """What the numbers in brackets say, with what only some of PyPSA's cases tell."""
    yield "\n(1) Among PyPSA's rows are the bounds of single variables, which Beltline writes as bounds of columns."
    before = f" Before that Python imports PyPSA for {theirs[-1]['import']:.1f} s of CPU." if theirs else ""
    yield "(2) Profiles, and the records of nodes, plants and lines." + before
    yield "(3) From there to the whole matrix: for PyPSA linopy's model and its hand-over to HiGHS."
    whole = max((t["process_peak"] for t in theirs), default=0)
    yield ("(4) Growth of resident memory meanwhile."
           + (f" PyPSA's whole process peaked at up to {whole:,.0f} MiB." if theirs else ""))
    yield "(5) From the model in memory, formulating included, to a plan: make_plan, which proves and verifies it, and"
    yield '    n.optimize(io_api="direct"). HiGHS 1.15.1 on one thread in both.'


def difference(ours, theirs):
    """Of the two optima, relative."""
    return abs(ours["objective"] - theirs["objective"]) / max(1.0, abs(theirs["objective"]))


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    figures, problems = beltline_figures(sys.argv[1])
    python = sys.argv[2] if len(sys.argv) == 3 else None
    rows = []
    for case in sorted(figures, key=lambda c: c[0] * c[1]):
        ours = beltline_case(figures[case])
        if "formulate" not in ours and "solve" not in ours:
            continue
        try:
            theirs = pypsa_case(python, case, "solve" in ours) if python else {}
        except (OSError, subprocess.CalledProcessError) as error:  # out of memory, say: the other cases still count
            problems.append(f"PyPSA, {case[0]} nodes, {case[1]} h: {error}")
            theirs = {}
        if not rows:
            print(f"\n{'same LP':<44}{'Beltline':>14}{'PyPSA':>14}{'PyPSA / Beltline':>18}", flush=True)
        print(*lines_of(case, ours, theirs), sep="\n", flush=True)
        rows.append((case, ours, theirs))
    if rows:
        print(*notes([theirs for _, _, theirs in rows if theirs]), sep="\n")
    for case, ours, theirs in rows:
        if "objective" in ours and "objective" in theirs and not difference(ours, theirs) <= OBJECTIVE_TOLERANCE:
            problems.append(f"{case[0]} nodes, {case[1]} h: the optima differ by more than {OBJECTIVE_TOLERANCE:g}")
        if case == GOAL_CASE and "formulate" in ours:
            text = (f"formulating {case[0]} nodes and {case[1]:,} h: {ours['formulate']:.2f} of {GOAL_CPU_S} s of CPU, "
                    f"{ours['peak/matrix']:.2f} of {GOAL_PEAK_OVER_MATRIX:g} times the matrix's bytes")
            print(f"\ngoal  {text}")
            if ours["formulate"] > GOAL_CPU_S or ours["peak/matrix"] > GOAL_PEAK_OVER_MATRIX:
                problems.append("missed: " + text)
    for problem in problems:
        print("bench:", problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
