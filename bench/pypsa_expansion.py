#!/usr/bin/env python3
"""PyPSA capacity-expansion benchmark (deterministic synthetic data).

modes:
  build  N H [OUT]: network -> linopy model -> highspy matrix (and write it to OUT), prints JSON
  solve  FILE SOLVER [time_limit] [threads] [SOLUTION]: highspy direct solve without crossover, prints JSON
  e2e    N H SOLVER [time_limit]: n.optimize() end to end, prints JSON

Each node: load, solar, wind, gas (extendable), battery StorageUnit (extendable, 6 h), load shedding 5000/MWh.
Ring of extendable AC lines (KVL -> DC-OPF). Weights: H hours represent 8760 h.
Objective = annualised capital cost + operating cost.

OUT and FILE are MPS where they end in .mps, else plain arrays as lp_file.py says, like SOLUTION. SOLVER "choose" is
HiGHS's own default, which PyPSA leaves as it is.

expansion.h is the same case for Beltline. Of the JSON, cpu_* are CPU seconds of all threads, *_bytes are bytes.
"""

import json
import logging
import sys
import time
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)


class Stopwatch:
    """CPU and wall seconds of one step after the other, as cpu_STEP and wall_STEP."""

    def __init__(self):
        self.figures = {}
        self.start()

    def start(self):
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def lap(self, step):
        self.figures["cpu_" + step] = time.process_time() - self.cpu
        self.figures["wall_" + step] = time.perf_counter() - self.wall
        self.start()


def status_bytes(key):
    """VmHWM or VmRSS of this process."""
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith(key + ":"):
                return int(line.split()[1]) * 1024
    return 0


def reset_peak():
    with open("/proc/self/clear_refs", "w", encoding="ascii") as clear:
        clear.write("5")


def profiles(node_count, hour_count):
    """[node] of (solar, wind, load), each [hour]."""
    import numpy as np

    t = np.arange(hour_count)
    out = []
    for i in range(node_count):
        latitude, phase = 0.7 + 0.3 * np.cos(i), 2 * np.pi * i / node_count
        day = np.maximum(0, np.sin(np.pi * ((t % 24) - 6) / 12))
        day[(t % 24 < 6) | (t % 24 > 18)] = 0
        season = 1 - 0.35 * np.cos(2 * np.pi * (t / 8760))
        cloud = 0.75 + 0.25 * np.sin(t / 37.0 + phase) * np.sin(t / 91.0 + 2 * phase)
        solar = np.clip(latitude * day * season * cloud * 0.75, 0, 1)
        wind = (0.35 + 0.2 * np.cos(2 * np.pi * t / 8760 + phase) + 0.22 * np.sin(t / 53.0 + phase)
                + 0.15 * np.sin(t / 17.0 + 3 * phase) + 0.08 * np.sin(t / 5.0 + i))
        load = (1000 + 150 * i) * (0.8 + 0.15 * np.sin(2 * np.pi * ((t % 24) - 9) / 24)
                                   + 0.1 * np.cos(2 * np.pi * t / 8760) - 0.07 * ((t // 24) % 7 >= 5))
        out.append((solar.round(5), np.clip(wind, 0, 1).round(5), load.round(3)))
    return out


def network(node_count, hour_count):
    import pandas as pd
    import pypsa

    n = pypsa.Network()
    n.set_snapshots(pd.date_range("2030-01-01", periods=hour_count, freq="h"))
    n.snapshot_weightings["objective"] = 8760.0 / hour_count
    n.snapshot_weightings["generators"] = 8760.0 / hour_count
    nodes = range(node_count)
    bus = [f"n{i}" for i in nodes]
    each = profiles(node_count, hour_count)

    def names(kind):
        return [f"{b} {kind}" for b in bus]

    def series(which, kind):
        return pd.DataFrame({f"n{i} {kind}": each[i][which] for i in nodes}, index=n.snapshots)

    n.add("Carrier", ["AC", "solar", "wind", "gas", "battery", "shed"], co2_emissions=[0, 0, 0, 0.2, 0, 0])
    n.add("Bus", bus, v_nom=380.0, carrier="AC")
    n.add("Load", names("load"), bus=bus, p_set=series(2, "load"))
    n.add("Generator", names("solar"), bus=bus, carrier="solar", p_nom_extendable=True, p_nom_max=20000.0,
          capital_cost=45000.0, marginal_cost=0.01, p_max_pu=series(0, "solar"))
    n.add("Generator", names("wind"), bus=bus, carrier="wind", p_nom_extendable=True, p_nom_max=15000.0,
          capital_cost=[95000.0 + 1000 * i for i in nodes], marginal_cost=0.02, p_max_pu=series(1, "wind"))
    n.add("Generator", names("gas"), bus=bus, carrier="gas", p_nom_extendable=True, capital_cost=48000.0,
          marginal_cost=[70.0 + i for i in nodes], efficiency=0.5)
    n.add("Generator", names("shed"), bus=bus, carrier="shed", p_nom=1e5, marginal_cost=5000.0)
    n.add("StorageUnit", names("bat"), bus=bus, carrier="battery", p_nom_extendable=True, capital_cost=60000.0,
          max_hours=6, efficiency_store=0.95, efficiency_dispatch=0.95, cyclic_state_of_charge=True,
          marginal_cost=0.005)
    n.add("Line", [f"l{i}" for i in nodes], bus0=bus, bus1=[bus[(i + 1) % node_count] for i in nodes],
          x=[0.1 + 0.01 * i for i in nodes], r=0.01, s_nom=200.0, s_nom_min=200.0, s_nom_extendable=True,
          capital_cost=[20000.0 + 500 * i for i in nodes], length=100.0)
    return n


def build(node_count, hour_count, out=None):
    watch = Stopwatch()
    import highspy  # noqa: F401  each is imported before the clock of the next step starts
    import linopy  # noqa: F401
    import pypsa  # noqa: F401

    watch.lap("import")
    n = network(node_count, hour_count)
    watch.lap("network")
    reset_peak()
    before = status_bytes("VmRSS")
    watch.start()
    model = n.optimize.create_model()
    watch.lap("create_model")
    highs = model.to_highspy()
    watch.lap("to_highspy")
    lp = highs.getLp()
    nonzeros = len(lp.a_matrix_.value_)
    result = {
        "rows": lp.num_row_, "columns": lp.num_col_, "nonzeros": nonzeros,
        # bounds, costs and coefficients in doubles, starts and indices in 32 bits
        "matrix_bytes": 8 * (3 * lp.num_col_ + 2 * lp.num_row_ + nonzeros) + 4 * (lp.num_col_ + 1 + nonzeros),
        "peak_bytes": status_bytes("VmHWM") - before, "process_peak_bytes": status_bytes("VmHWM"), **watch.figures}
    if out is not None and out.endswith(".mps"):
        highs.setOptionValue("output_flag", False)
        highs.writeModel(out)
    elif out is not None:
        from lp_file import write_lp

        write_lp(highs, out)
    return result


def solve(path, solver, time_limit=360.0, threads=1, solution=None):
    import highspy
    from lp_file import read_lp, write_solution

    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("solver", solver), ("time_limit", time_limit), ("threads", threads),
                          ("run_crossover", "off")):
        if highs.setOptionValue(option, value) != highspy.HighsStatus.kOk:
            sys.exit(f"HiGHS takes no {option} = {value}")
    watch = Stopwatch()
    if path.endswith(".mps"):
        highs.readModel(path)
    else:
        highs.passModel(read_lp(path))
    watch.lap("read")
    reset_peak()
    watch.start()
    highs.run()
    watch.lap("solve")
    info = highs.getInfo()
    if solution is not None:
        write_solution(highs.getSolution(), solution)
    return {"status": highs.modelStatusToString(highs.getModelStatus()), "objective": info.objective_function_value,
            "iterations": max(info.simplex_iteration_count, info.ipm_iteration_count),
            "peak_bytes": status_bytes("VmHWM"), **watch.figures}


def end_to_end(node_count, hour_count, solver, time_limit=360.0):
    n = network(node_count, hour_count)
    watch = Stopwatch()
    # straight into HiGHS: PyPSA's own default goes through an LP file on disk and takes longer
    status = n.optimize(solver_name="highs", io_api="direct", progress=False, solver_options={
        "solver": solver, "time_limit": time_limit, "threads": 1, "output_flag": False})
    watch.lap("optimize")
    return {"status": list(status), "objective": float(n.objective), **watch.figures}


def main():
    mode, *a = sys.argv[1:] or [""]
    if mode == "build" and len(a) in (2, 3):
        result = build(int(a[0]), int(a[1]), *a[2:])
    elif mode == "solve" and 2 <= len(a) <= 5:
        result = solve(a[0], a[1], *[float(x) for x in a[2:3]], *[int(x) for x in a[3:4]], *a[4:])
    elif mode == "e2e" and 3 <= len(a) <= 4:
        result = end_to_end(int(a[0]), int(a[1]), a[2], *[float(x) for x in a[3:]])
    else:
        sys.exit(__doc__)
    # HiGHS writes a banner to standard output too
    print("JSON " + json.dumps({"mode": mode, **result}), flush=True)


if __name__ == "__main__":
    main()
