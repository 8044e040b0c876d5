#!/usr/bin/env python3
"""PyPSA's default, HiPO and Beltline on the same LPs: time, memory, objective, residual, and the goals.

  bench/side_by_side.py PROGRAM PYTHON FOLDER

PROGRAM is beltline_lp_file, PYTHON one that has bench/requirements.txt, FOLDER takes the LPs and the solutions. The LP
is the matrix that linopy hands to HiGHS, written once and read by each solver without rounding (lp_file.py). Every run
is a process of its own, one after the other; time is the solve's alone, of which runs below 20 s are repeated twice and
the median is shown. What a solution misses is computed by one program for all.

  BENCH_LARGE=1     the largest cases too, and HiPO on the year by the hour: an hour and more
  BENCH_LIMIT_S=…   of each run; 360

Exits with 1 when two disagree about an optimum, a run fails, or a goal is missed. Needs the standard library only.
"""

import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys

SMALL = [(5, 168), (10, 168), (20, 168), (5, 730), (5, 2190), (5, 8760)]
LARGE = [(10, 730), (20, 730), (10, 2190), (20, 2190), (10, 8760), (20, 8760)]
REPEAT_BELOW_S = 20.0
OBJECTIVE_TOLERANCE = 1e-6
MIB = 1 << 20

GOAL_OVER_HIPO, GOAL_OVER_HIPO_H = 25.0, 2190
GOAL_YEAR_H, GOAL_YEAR_S = 8760, {5: 15.0, 10: 60.0, 20: 240.0}
GOAL_MIB = 1536.0


@dataclasses.dataclass(frozen=True)
class Solver:
    key: str
    title: str
    method: str
    threads: int = 1
    ours: bool = False
    hours: range = range(0, 8761)  # of the cases that it is run on; with BENCH_LARGE=1 on those above it too


SOLVERS = [
    Solver("default", "PyPSA's default: HiGHS", "choose"),
    # a year by the hour takes them longer than one waits for a bench; few hours leave a second thread nothing to do
    Solver("hipo", "HiGHS HiPO", "hipo", hours=range(0, 8760)),
    Solver("hipo2", "HiGHS HiPO, 2 threads", "hipo", threads=2, hours=range(2190, 8760)),
    Solver("auto", "Beltline", "auto", ours=True),
    Solver("ipm", "Beltline, interior point", "ipm", ours=True),
]
DONE = {"Optimal", "optimal"}


@dataclasses.dataclass
class Bench:
    program: str
    python: str
    folder: pathlib.Path
    limit_s: float
    large: bool
    slow: dict = dataclasses.field(default_factory=dict)  # {solver key: cases that were not solved in the limit}
    problems: list = dataclasses.field(default_factory=list)

    def run(self, command, limit_s=None):
        """The JSON line of a process; None where it had to be killed."""
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=True,
                                  timeout=limit_s)
        except subprocess.TimeoutExpired:
            return None
        return json.loads(next(x for x in done.stdout.splitlines() if x.startswith("JSON "))[5:])

    def script(self):
        return pathlib.Path(__file__).with_name("pypsa_expansion.py")

    def make_lp(self, case):
        """The LP file of a case, made where it is missing or older than what makes it."""
        path = self.folder / f"{case[0]}x{case[1]}.lp"
        makers = [self.script(), self.script().with_name("lp_file.py")]
        if not path.exists() or path.stat().st_mtime < max(m.stat().st_mtime for m in makers):
            fresh = path.with_suffix(".new")
            self.run([self.python, self.script(), "build", *map(str, case), fresh])
            fresh.rename(path)
        return path

    def command(self, solver, lp, solution):
        if solver.ours:
            return [self.program, "solve", lp, solver.method, str(self.limit_s), str(solver.threads), solution]
        return [self.python, self.script(), "solve", lp, solver.method, str(self.limit_s), str(solver.threads),
                solution]

    def solve(self, solver, case, lp):
        """Medians of one solver on one case, with what its solution misses; or {"not": why}."""
        if case[1] >= solver.hours.stop and not self.large:
            return {"not": "with BENCH_LARGE=1"}
        for slow in self.slow.get(solver.key, []):
            if slow[0] <= case[0] and slow[1] <= case[1]:
                return {"not": f"not in {self.limit_s:g} s: {name(slow)} was not"}
        solution = lp.with_suffix("." + solver.key)
        runs = []
        while len(runs) < (3 if not runs or runs[0]["wall_solve"] < REPEAT_BELOW_S else 1):
            try:
                got = self.run(self.command(solver, lp, solution), self.limit_s + 120)
            except subprocess.CalledProcessError as error:
                self.problems.append(f"{solver.title}, {name(case)}: {error} {error.stderr[-300:]}")
                return {"not": "failed"}
            if got is None or got["status"] in ("limit", "Time limit reached"):
                self.slow.setdefault(solver.key, []).append(case)
                return {"not": f"not in {self.limit_s:g} s"}
            if got["status"] not in DONE:
                self.problems.append(f"{solver.title}, {name(case)}: {got['status']} {got.get('detail', '')}")
                return {"not": got["status"]}
            runs.append(got)
        out = {k: statistics.median(r[k] for r in runs) for k, v in runs[0].items() if isinstance(v, (int, float))}
        out["method"] = runs[0].get("method", solver.method)
        missed = self.run([self.program, "check", lp, solution])
        solution.unlink()
        return out | missed | {"residual": max(missed["primal"], missed["dual"], missed["gap"])}


def name(case):
    return f"{case[0]} × {case[1]:,}"


def number(x):
    """Three digits that count, or all of a large number."""
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


NOTES = """
One thread where nothing else is said; Beltline on as many as there are. Memory: the largest process with
all it holds, 30 MiB of Python in HiGHS's. Residual: the worst of primal and dual misses, scaled, and the gap to the
duals' bound. HiPO without crossover, as Beltline's interior point; Beltline's time includes its proofs."""
HEAD = (f"{'nodes × hours':<15}{'rows':>11}  {'':<26}{'read s':>8}{'solve s':>9}{'CPU s':>8}{'MiB':>8}"
        f"{'objective':>20}{'residual':>10}{'HiPO / it':>11}{'by CPU':>8}")


def line(first, rows, solver, got, hipo):
    head = f"{first:<15}{rows:>11}  {solver.title:<26}"
    if "not" in got:
        return head + f"  {got['not']}"
    ratio = ""
    if solver.ours and "wall_solve" in hipo:
        ratio = "".join(f"{number(hipo[k] / got[k]):>{width}}" for k, width in (("wall_solve", 11), ("cpu_solve", 8)))
    return (head + f"{got['wall_read']:>8.2f}{got['wall_solve']:>9.2f}{got['cpu_solve']:>8.2f}"
            f"{got['peak_bytes'] / MIB:>8,.0f}{got['objective']:>20,.2f}{got['residual']:>10.0e}{ratio}")


def rows_of(lp):
    with open(lp, "rb") as file:
        return int.from_bytes(file.read(16)[8:], sys.byteorder)


def run_case(bench, case):
    """{solver key: its figures}, printed as they come."""
    lp = bench.make_lp(case)
    first, rows, got = name(case), f"{rows_of(lp):,}", {}
    for solver in SOLVERS:
        if case[1] < solver.hours.start:
            continue
        if solver.key == "ipm" and got["auto"].get("method", "").startswith("interior point:"):
            got["ipm"] = got["auto"]  # the default is that already
            continue
        got[solver.key] = bench.solve(solver, case, lp)
        print(line(first, rows, solver, got[solver.key], got.get("hipo", {})), flush=True)
        first = rows = ""
    solved = {k: g["objective"] for k, g in got.items() if "objective" in g}
    if solved:
        least, most = min(solved.values()), max(solved.values())
        if not most - least <= OBJECTIVE_TOLERANCE * max(1.0, abs(least)):
            bench.problems.append(f"{name(case)}: the optima differ: {solved}")
    return got


def goals(bench, figures):
    """(text, met) of each goal that the cases at hand decide."""
    for case, got in figures.items():
        best = min((got[k]["wall_solve"] for k in ("auto", "ipm") if "wall_solve" in got[k]), default=None)
        shown = "no answer" if best is None else f"{best:.1f} s"
        hipo = got["hipo"].get("wall_solve")
        if case[1] == GOAL_OVER_HIPO_H and (hipo or "not in" in got["hipo"]["not"]):
            ratio = 0 if best is None else (hipo or bench.limit_s) / best
            over = "" if hipo else "over "
            yield (f"{name(case)}: {GOAL_OVER_HIPO:g} times as fast as HiPO: {over}{number(ratio)}",
                   ratio >= GOAL_OVER_HIPO)
        if case[1] == GOAL_YEAR_H and case[0] in GOAL_YEAR_S:
            most = GOAL_YEAR_S[case[0]]
            yield f"{name(case)}: at most {most:g} s: {shown}", best is not None and best <= most
    apart = []
    for got in figures.values():
        solved = [g["objective"] for g in got.values() if "objective" in g]
        apart += [(max(solved) - min(solved)) / max(1.0, abs(min(solved)))] if len(solved) > 1 else []
    if apart:
        yield f"objectives equal within {OBJECTIVE_TOLERANCE:g}: {max(apart):.0e}", max(apart) <= OBJECTIVE_TOLERANCE
    peaks = [g["peak_bytes"] / MIB for got in figures.values() for k, g in got.items()
             if k in ("auto", "ipm") and "peak_bytes" in g]
    if peaks:
        yield f"memory at most {GOAL_MIB / 1024:g} GiB: {max(peaks) / 1024:.2f} GiB", max(peaks) <= GOAL_MIB


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    bench = Bench(sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), float(os.environ.get("BENCH_LIMIT_S", "360")),
                  os.environ.get("BENCH_LARGE", "0") != "0")
    bench.folder.mkdir(parents=True, exist_ok=True)
    cases = sorted(SMALL + (LARGE if bench.large else []), key=lambda c: (c[0] * c[1], c[1]))
    print("\n" + HEAD, flush=True)
    figures = {case: run_case(bench, case) for case in cases}
    print(NOTES)
    if not bench.large:
        print("BENCH_LARGE=1 adds " + ", ".join(map(name, LARGE)) + ", and HiPO on 5 × 8,760.")
    print()
    for text, met in goals(bench, figures):
        print(f"goal  {'met   ' if met else 'missed'}  {text}")
        if not met:
            bench.problems.append("missed: " + text)
    record = [{"nodes": n, "hours": h, "solver": k, **g} for (n, h), got in figures.items() for k, g in got.items()]
    (bench.folder / "side_by_side.json").write_text(json.dumps(record, indent=1), encoding="utf-8")
    for problem in bench.problems:
        print("bench:", problem, file=sys.stderr)
    return 1 if bench.problems else 0


if __name__ == "__main__":
    sys.exit(main())
