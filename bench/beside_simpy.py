#!/usr/bin/env python3
"""The same chain played in Beltline, in NumPy and in SimPy: whether they agree, and how fast each is.

  bench/beside_simpy.py BELTLINE CHAIN FOLDER

BELTLINE is the program, CHAIN beltline_risk_chain, FOLDER takes the scenario and its plan. All three read the same
plan, draw from the same distributions and give the same figures: racks online, packages started and money by month,
and whether each milestone is met. Beltline also tells what made each milestone late. Times are of the play alone,
medians of several runs; a replication of SimPy takes so long that it plays fewer. A ratio is that of wall times, but no
more than that of CPU times times the threads. Needs NumPy and SimPy (risk_requirements.txt).

Exits with 1 when two disagree beyond chance or a goal is missed.
"""

import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np

import risk_chain
import risk_numpy
import risk_simpy

REPLICATIONS, SIMPY_REPLICATIONS = 10_000, 100
TURNS, RUNS, SIMPY_RUNS = 7, 15, 3  # in each turn, Beltline plays RUNS times and NumPy once
BLOCKS = (1_000, 2_000, 5_000, 10_000)  # replications side by side in NumPy: the fastest counts
GOAL_SIMPY, GOAL_NUMPY = 1_000, 10
ERRORS_MAX = 4.5  # standard errors of a difference: once in 100,000 by chance


def make_plan(program, folder):
    folder.mkdir(parents=True, exist_ok=True)
    scenario, run = folder / "scenario", folder / "run"
    scenario.mkdir(exist_ok=True)
    (scenario / "scenario.toml").write_text(risk_chain.scenario(), encoding="utf-8")
    subprocess.run([program, "plan", scenario, "-o", run], stdout=subprocess.DEVNULL, check=True)
    return run


def beltline(chain, run, threads):
    """Medians of wall and CPU seconds, and what came out."""
    done = subprocess.run([chain, run, str(REPLICATIONS), str(threads), "1", str(RUNS)], stdout=subprocess.PIPE,
                          text=True, check=True)
    got = json.loads(done.stdout[len("JSON "):])
    return got | {"wall": statistics.median(got["wall_play"]), "cpu": statistics.median(got["cpu_play"])}


def timed(work, runs):
    """Medians of wall and CPU seconds, and what the first run gave."""
    walls, cpus, first = [], [], None
    for i in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        got = work(i)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        first = got if i == 0 else first
    return {"wall": statistics.median(walls), "cpu": statistics.median(cpus)}, first


def in_numpy(operations, seed, block):
    series = risk_numpy.play(operations, REPLICATIONS, seed, block)
    return series, risk_numpy.fans(series)


def in_simpy(operations, seed):
    played = risk_simpy.play(operations, SIMPY_REPLICATIONS, seed)
    return {name: np.array([each[name] for each in played]).T for name in played[0]}


def month_of(t):
    return f"{2026 + t // 12}-{t % 12 + 1:02}"


def estimates(series):
    """{name: (estimate, standard error)} of means at the end of each year, and of the milestones."""
    out = {}
    for name, rows in series.items():
        for t in range(23, risk_chain.MONTHS, 12):
            out[f"{name} {month_of(t)}"] = (rows[t].mean(), rows[t].std(ddof=1) / math.sqrt(rows.shape[1]))
    for year, racks in risk_chain.MILESTONES:
        met = series["racks"][(year - 2026) * 12 + 11] >= racks * (1 - 1e-6)
        # a share of none or all still has the error of one replication
        out[f"racks_{year}"] = (met.mean(), max(met.std(), 1 / math.sqrt(met.size)) / math.sqrt(met.size))
    return out


def beltline_estimates(got):
    z = statistics.NormalDist().inv_cdf(0.995)
    out = {}
    for name, months in got["means"].items():
        out |= {f"{name} {month}": (mean, half / z) for month, (mean, half) in months.items()}
    return out | {name: (share, half / z) for name, (share, half) in got["milestones"].items()}


def compare(ours, theirs, title, problems):
    """The largest difference in its standard errors."""
    worst, where = 0.0, ""
    for name, (value, error) in theirs.items():
        mine, my_error = ours[name]
        # what nothing has moved agrees to rounding
        apart = abs(mine - value) / max(math.hypot(error, my_error), 1e-9 * abs(value), 1e-12)
        worst, where = max((worst, where), (apart, name))
    print(f"  {title:<9} {len(theirs)} figures, furthest apart by {worst:.1f} standard errors: {where}")
    if worst > ERRORS_MAX:
        problems.append(f"{title} disagrees about {where}: {theirs[where]}, ours {ours[where]}")


def line(title, count, figures, operations, best):
    a_second = count / figures["wall"]
    work = operations * risk_chain.MONTHS * a_second
    print(f"{title:<28}{count:>10,}{figures['wall']:>11.4g}{figures['cpu']:>9.3g}{a_second:>15,.0f}{work:>14.3g}"
          f"{best * count / REPLICATIONS and figures['wall'] / count * REPLICATIONS / best:>11,.1f}")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    program, chain, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    run = make_plan(program, folder)
    operations = risk_chain.operations(*risk_chain.read_plan(program, run))
    threads = sorted({1, os.cpu_count() or 1})
    # in turns: what else the machine does meets all alike
    ours, blocks = {count: [] for count in threads}, {block: [] for block in BLOCKS}
    for turn in range(TURNS):
        for count in threads:
            ours[count].append(beltline(chain, run, count))
        for block in BLOCKS:
            blocks[block].append(timed(lambda _, b=block, t=turn: in_numpy(operations, t + 1, b), 1))
    ours = {count: each[0] | {key: statistics.median(got[key] for got in each) for key in ("wall", "cpu")}
            for count, each in ours.items()}
    taken = {block: {key: statistics.median(got[key] for got, _ in each) for key in ("wall", "cpu")}
             for block, each in blocks.items()}
    block = min(taken, key=lambda b: taken[b]["wall"])
    numpy_time, (numpy_series, _) = taken[block], blocks[block][0][1]
    simpy_time, simpy_series = timed(lambda i: in_simpy(operations, i + 1), SIMPY_RUNS)

    best = ours[threads[-1]]["wall"]
    print(f"\n{'wafer to hall, 60 months':<28}{'replicat.':>10}{'wall s':>11}{'CPU s':>9}{'replicat./s':>15}"
          f"{'op-months/s':>14}{'times':>11}")
    for count in threads:
        line(f"Beltline, {count} thread{'s' if count > 1 else ''}", REPLICATIONS, ours[count], len(operations), best)
    line(f"NumPy, blocks of {block:,}", REPLICATIONS, numpy_time, len(operations), best)
    line("SimPy", SIMPY_REPLICATIONS, simpy_time, len(operations), best)

    problems = []
    print("\nthe same answers:")
    mine = beltline_estimates(ours[1])
    compare(mine, estimates(numpy_series), "NumPy", problems)
    compare(mine, estimates(simpy_series), "SimPy", problems)
    print()
    for title, time_s, count, goal in (("SimPy", simpy_time, SIMPY_REPLICATIONS, GOAL_SIMPY),
                                       ("NumPy", numpy_time, REPLICATIONS, GOAL_NUMPY)):
        by_cpu = time_s["cpu"] / count * REPLICATIONS / ours[1]["cpu"]
        # where others want the processor too, wall time flatters one or the other: never more than the threads can do
        ratio = min(time_s["wall"] / count * REPLICATIONS / best, threads[-1] * by_cpu)
        met = ratio >= goal
        print(f"goal  {'met   ' if met else 'missed'}  {goal:,} times as fast as {title} on {threads[-1]} threads: "
              f"{ratio:,.1f}; by CPU time on one: {by_cpu:,.1f}")
        if not met:
            problems.append(f"missed: {goal:,} times {title}")
    for problem in problems:
        print("bench:", problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
