#!/usr/bin/env python3
"""Small PyPSA networks, one a feature, with the objective that PyPSA itself finds.

usage: pypsa_cases.py FOLDER [--netcdf] [--seed N] [--only CASE…]

Writes FOLDER/CASE as a CSV folder (and FOLDER/CASE.nc) with FOLDER/CASE/objective.txt. Needs PyPSA and HiGHS, which
the project itself does not: `pip install pypsa highspy`. The cases in tests/cases/pypsa were made by it.
"""

import argparse
import logging
import pathlib
import warnings

import numpy as np
import pandas as pd
import pypsa

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)


def base(rng, hours=6, weights=None):
    n = pypsa.Network()
    n.set_snapshots(pd.date_range("2030-01-01", periods=hours, freq="h"))
    if weights is not None:
        for column, values in zip(["objective", "stores", "generators"], np.transpose(weights)):
            n.snapshot_weightings[column] = values.astype(float)
    n.add(
        "Carrier",
        ["AC", "gas", "wind", "coal", "battery", "hydro", "heat", "H2"],
        co2_emissions=[0, 0.2, 0, 0.34, 0, 0, 0, 0],
    )
    n.add("Bus", ["one", "two", "three"], carrier="AC", v_nom=[110, 110, 110], x=[8.0, 9.0, 10.0], y=[50, 51, 52.5])
    for bus in ["one", "two", "three"]:
        n.add("Load", f"load {bus}", bus=bus, p_set=np.round(rng.uniform(40, 120, hours), 3))
    n.add("Generator", "gas one", bus="one", carrier="gas", p_nom=300, marginal_cost=60, efficiency=0.5)
    n.add("Generator", "coal two", bus="two", carrier="coal", p_nom=200, marginal_cost=35, efficiency=0.4)
    n.add(
        "Generator",
        "wind three",
        bus="three",
        carrier="wind",
        p_nom=150,
        marginal_cost=0.1,
        p_max_pu=np.round(rng.uniform(0, 1, hours), 3),
    )
    for bus in ["one", "two", "three"]:
        n.add("Generator", f"shed {bus}", bus=bus, p_nom=1e4, marginal_cost=3000)
    n.add(
        "Line",
        ["a", "b", "c"],
        bus0=["one", "two", "one"],
        bus1=["two", "three", "three"],
        x=[10, 14, 22],
        s_nom=[120, 80, 60],
    )
    return n


def meshed(rng):
    return base(rng)


def expansion(rng):
    n = base(rng, 8, np.column_stack([np.full(8, 365.0), np.full(8, 3.0), np.full(8, 365.0)]))
    n.generators.loc["wind three", ["p_nom_extendable", "p_nom_min", "p_nom_max", "capital_cost"]] = [
        True,
        50,
        900,
        40000,
    ]
    n.generators.loc["gas one", ["p_nom_extendable", "capital_cost"]] = [True, 21000]
    n.lines.loc["a", ["s_nom_extendable", "s_nom_min", "capital_cost", "length"]] = [True, 20, 900, 120]
    n.lines.loc["c", ["s_nom_extendable", "s_nom_max", "capital_cost", "length", "s_max_pu"]] = [
        True,
        200,
        1200,
        80,
        0.7,
    ]
    n.add(
        "StorageUnit",
        "battery",
        bus="three",
        carrier="battery",
        p_nom_extendable=True,
        capital_cost=9000,
        max_hours=4,
        efficiency_store=0.9,
        efficiency_dispatch=0.95,
        standing_loss=0.001,
        marginal_cost=0.3,
        cyclic_state_of_charge=True,
    )
    n.add(
        "GlobalConstraint",
        "co2",
        type="primary_energy",
        carrier_attribute="co2_emissions",
        sense="<=",
        constant=2.2e5,
    )
    n.add(
        "GlobalConstraint",
        "volume",
        type="transmission_volume_expansion_limit",
        carrier_attribute="AC",
        sense="<=",
        constant=25000,
    )
    return n


def modules(rng):
    n = expansion(rng)
    n.generators.loc["wind three", ["p_nom_mod"]] = [70]
    n.lines.loc["a", "s_nom_mod"] = 45
    n.remove("GlobalConstraint", "volume")
    n.add(
        "GlobalConstraint",
        "cost",
        type="transmission_expansion_cost_limit",
        carrier_attribute="AC",
        sense="<=",
        constant=250000,
    )
    n.add(
        "GlobalConstraint",
        "tech",
        type="tech_capacity_expansion_limit",
        carrier_attribute="wind",
        sense="<=",
        constant=400,
    )
    return n


def transformers(rng):
    n = base(rng)
    n.add("Bus", ["low", "lower"], carrier="AC", v_nom=20)
    n.add("Transformer", "t1", bus0="two", bus1="low", x=0.12, s_nom=60, tap_ratio=1.03, phase_shift=151.0)
    n.add("Transformer", "t2", bus0="three", bus1="low", type="40 MVA 110/20 kV", s_nom=40, num_parallel=1.5)
    n.add(
        "Line", "d", bus0="low", bus1="lower", type="NA2XS2Y 1x240 RM/25 12/20 kV", length=7, num_parallel=2, s_nom=25
    )
    n.add(
        "Line", "e", bus0="two", bus1="three", type="305-AL1/39-ST1A 110.0", length=40, num_parallel=2, s_nom=70, x=0
    )
    n.add("Generator", "shed low", bus="low", p_nom=100, marginal_cost=2000)
    n.add("Load", "load low", bus="low", p_set=np.round(rng.uniform(10, 40, 6), 3))
    n.add("Load", "load lower", bus="lower", p_set=np.round(rng.uniform(5, 15, 6), 3))
    return n


def links(rng):
    n = base(rng)
    n.add("Bus", ["heat", "hydrogen", "co2"], carrier=["heat", "H2", "AC"])
    n.add("Load", "heat load", bus="heat", p_set=np.round(rng.uniform(20, 60, 6), 3))
    n.add(
        "Link",
        "chp",
        bus0="hydrogen",
        bus1="one",
        bus2="heat",
        bus3="co2",
        efficiency=0.4,
        efficiency2=0.45,
        efficiency3=0.2,
        p_nom=200,
        marginal_cost=4,
    )
    n.add(
        "Link", "electrolyser", bus0="three", bus1="hydrogen", efficiency=0.7, p_nom_extendable=True, capital_cost=20
    )
    n.add("Link", "pump", bus0="one", bus1="heat", efficiency=np.round(rng.uniform(2, 3, 6), 3), p_nom=15)
    n.add("Generator", "boiler", bus="heat", carrier="gas", p_nom=100, marginal_cost=90, efficiency=0.9)
    n.add("Generator", "import", bus="hydrogen", p_nom=1000, marginal_cost=150)
    n.add("Link", "hvdc", bus0="one", bus1="three", p_nom=30, p_min_pu=-1, efficiency=1, marginal_cost=0.2)
    n.add("Store", "tank", bus="hydrogen", e_nom=300, e_cyclic=True, standing_loss=0.002, marginal_cost=0.1)
    n.add("Store", "air", bus="co2", e_nom=1e5, marginal_cost=-20, e_initial=3)
    n.add(
        "Link",
        "limit",
        bus0="two",
        bus1="one",
        p_nom_extendable=True,
        p_nom_max=40,
        capital_cost=3,
        p_min_pu=0.1,
        p_max_pu=0.8,
        efficiency=0.97,
    )
    return n


def delays(rng):
    n = base(rng)
    n.add("Bus", "water", carrier="H2")
    n.add("Generator", "river", bus="water", p_nom=90, marginal_cost=2, p_max_pu=np.round(rng.uniform(0.1, 1, 6), 3))
    n.add("Bus", "lower water", carrier="H2")
    n.add(
        "Link",
        "upper",
        bus0="water",
        bus1="two",
        bus2="lower water",
        efficiency=0.8,
        efficiency2=0.95,
        p_nom=80,
        delay2=2,
        cyclic_delay2=True,
    )
    n.add("Link", "lower", bus0="lower water", bus1="three", efficiency=0.6, p_nom=70)
    n.add(
        "Link",
        "way",
        bus0="two",
        bus1="one",
        efficiency=0.9,
        p_nom=30,
        delay=1,
        cyclic_delay=False,
        marginal_cost=0.1,
    )
    n.add("Store", "pond", bus="lower water", e_nom=40, e_initial=5)
    return n


def storage(rng):
    n = base(rng, 8, np.column_stack([np.full(8, 2.0), np.full(8, 1.5), np.full(8, 2.5)]))
    n.add(
        "StorageUnit",
        "dam",
        bus="one",
        carrier="hydro",
        p_nom=80,
        max_hours=6,
        efficiency_store=0.0,
        p_min_pu=0,
        efficiency_dispatch=0.9,
        inflow=np.round(rng.uniform(0, 60, 8), 3),
        state_of_charge_initial=100,
        spill_cost=0.5,
        marginal_cost=1,
    )
    soc = np.full(8, np.nan)
    soc[5] = 90
    n.add(
        "StorageUnit",
        "pumped",
        bus="two",
        carrier="hydro",
        p_nom=60,
        max_hours=5,
        p_min_pu=-0.8,
        p_max_pu=0.9,
        efficiency_store=0.85,
        efficiency_dispatch=0.9,
        standing_loss=0.01,
        inflow=3,
        cyclic_state_of_charge=True,
        marginal_cost_storage=0.05,
        state_of_charge_set=soc,
    )
    n.add(
        "StorageUnit",
        "grow",
        bus="three",
        carrier="battery",
        p_nom_extendable=True,
        capital_cost=50,
        p_nom_max=90,
        max_hours=3,
        p_min_pu=-0.7,
        p_max_pu=np.round(rng.uniform(0.5, 1, 8), 3),
        efficiency_store=0.93,
        cyclic_state_of_charge=True,
        marginal_cost_quadratic=0,
    )
    n.add(
        "Store",
        "cavern",
        bus="three",
        e_nom_extendable=True,
        e_nom_max=500,
        capital_cost=5,
        e_cyclic=True,
        e_min_pu=0.1,
        e_max_pu=np.round(rng.uniform(0.6, 1, 8), 3),
    )
    n.add("Store", "coal heap", bus="two", carrier="coal", e_nom=1000, e_initial=220, marginal_cost=12)
    n.add("GlobalConstraint", "co2", type="primary_energy", sense="<=", constant=1500)
    n.add("GlobalConstraint", "coal", type="operational_limit", carrier_attribute="coal", sense="<=", constant=1900)
    return n


def unit_commitment(rng):
    n = base(rng, 10)
    n.generators.loc[
        "coal two",
        [
            "committable",
            "p_min_pu",
            "start_up_cost",
            "shut_down_cost",
            "min_up_time",
            "min_down_time",
            "stand_by_cost",
        ],
    ] = [True, 0.4, 2500, 500, 3, 2, 40]
    n.generators.loc[
        "gas one",
        [
            "committable",
            "p_min_pu",
            "start_up_cost",
            "up_time_before",
            "down_time_before",
            "ramp_limit_up",
            "ramp_limit_down",
            "ramp_limit_start_up",
            "ramp_limit_shut_down",
        ],
    ] = [True, 0.2, 800, 0, 3, 0.3, 0.35, 0.4, 0.45]
    n.add(
        "Link",
        "converter",
        bus0="one",
        bus1="three",
        p_nom=50,
        committable=True,
        p_min_pu=0.3,
        start_up_cost=30,
        min_up_time=2,
        efficiency=0.98,
    )
    return n


def unit_modules(rng):
    n = base(rng, 8)
    n.add(
        "Generator",
        "blocks",
        bus="three",
        p_nom_extendable=True,
        p_nom_mod=40,
        p_nom_max=200,
        capital_cost=400,
        committable=True,
        p_min_pu=0.5,
        marginal_cost=22,
        start_up_cost=300,
        min_up_time=2,
        up_time_before=0,
    )
    n.add(
        "Generator",
        "block",
        bus="two",
        p_nom_extendable=True,
        p_nom_max=150,
        capital_cost=300,
        committable=True,
        p_min_pu=0.3,
        marginal_cost=25,
        start_up_cost=200,
        up_time_before=0,
    )
    return n


def ramps(rng):
    n = base(rng, 8, np.column_stack([np.full(8, 3.0), np.full(8, 2.0), np.full(8, 3.0)]))
    n.generators.loc["coal two", ["ramp_limit_up", "ramp_limit_down"]] = [0.1, 0.15]
    n.generators.loc["gas one", ["ramp_limit_up", "p_init"]] = [0.05, 60.0]
    n.add(
        "Generator",
        "grow",
        bus="one",
        p_nom_extendable=True,
        p_nom_max=300,
        capital_cost=30,
        marginal_cost=30,
        ramp_limit_up=0.2,
        ramp_limit_down=0.1,
        p_min_pu=0.1,
    )
    n.add("Generator", "budget", bus="two", p_nom=100, marginal_cost=5, e_sum_max=900, e_sum_min=100)
    n.add(
        "Generator", "given", bus="three", p_nom=50, p_set=[10, np.nan, 20, np.nan, 5, 7, np.nan, 0], marginal_cost=1
    )
    n.add("Generator", "sink", bus="three", p_nom=20, sign=-1, marginal_cost=-10)
    n.add("Load", "feed in", bus="two", p_set=[-5, 3, -2, 0, 1, 4, -8, 2])
    return n


def quadratic(rng):
    n = base(rng)
    n.generators.loc["gas one", "marginal_cost_quadratic"] = 0.08
    n.generators.loc["coal two", "marginal_cost_quadratic"] = 0.11
    n.add("Generator", "wave", bus="three", p_nom=60, marginal_cost=20, marginal_cost_quadratic=0.3, p_max_pu=1.2)
    n.add(
        "StorageUnit",
        "battery",
        bus="one",
        p_nom=30,
        max_hours=3,
        marginal_cost_quadratic=0.05,
        cyclic_state_of_charge=True,
        efficiency_store=0.9,
    )
    return n


def direct_current(rng):
    n = base(rng)
    n.add("Bus", ["d1", "d2", "d3"], carrier="DC", v_nom=200)
    n.add("Line", ["da", "db", "dc"], bus0=["d1", "d2", "d1"], bus1=["d2", "d3", "d3"], r=[0.3, 0.5, 0.9], s_nom=40)
    n.add("Load", "load d3", bus="d3", p_set=55)
    n.add("Generator", "sun", bus="d1", p_nom=45, marginal_cost=1)
    n.add("Link", ["v1", "v2", "v3"], bus0=["one", "two", "three"], bus1=["d1", "d2", "d3"], p_nom=50, p_min_pu=-1)
    return n


def overnight(rng):
    n = expansion(rng)
    n.generators.loc["wind three", ["capital_cost", "overnight_cost", "discount_rate", "lifetime", "fom_cost"]] = [
        0,
        900000,
        0.07,
        25,
        9000,
    ]
    return n


def periods(rng):
    n = pypsa.Network()
    hours = pd.date_range("2030-01-01", periods=4, freq="h")
    n.set_snapshots(pd.MultiIndex.from_product([[2030, 2040, 2050], hours], names=["period", "timestep"]))
    n.investment_periods = [2030, 2040, 2050]
    n.investment_period_weightings["years"] = [10, 10, 10]
    n.investment_period_weightings["objective"] = [8.1, 5.4, 3.6]
    n.snapshot_weightings.loc[:, :] = 2190
    n.add("Carrier", ["gas", "wind", "battery"], co2_emissions=[0.2, 0, 0])
    n.carriers.loc["wind", ["max_growth", "max_relative_growth"]] = [120, 0.5]
    n.add("Bus", ["one", "two"])
    n.add("Load", "load", bus="one", p_set=np.round(rng.uniform(60, 120, 12), 2))
    n.add("Load", "other", bus="two", p_set=np.round(rng.uniform(20, 50, 12), 2))
    n.add(
        "Generator",
        "old gas",
        bus="one",
        carrier="gas",
        p_nom=150,
        marginal_cost=55,
        efficiency=0.5,
        build_year=2010,
        lifetime=35,
    )
    for year in (2030, 2040, 2050):
        n.add(
            "Generator",
            f"gas {year}",
            bus="one",
            carrier="gas",
            p_nom_extendable=True,
            capital_cost=60000,
            marginal_cost=50,
            efficiency=0.58,
            build_year=year,
            lifetime=30,
        )
        n.add(
            "Generator",
            f"wind {year}",
            bus="two",
            carrier="wind",
            p_nom_extendable=True,
            capital_cost=90000,
            build_year=year,
            lifetime=15,
            p_max_pu=np.round(rng.uniform(0.1, 0.9, 12), 3),
        )
    n.add(
        "Line",
        "way",
        bus0="one",
        bus1="two",
        x=5,
        s_nom=60,
        s_nom_extendable=True,
        capital_cost=7000,
        lifetime=100,
        build_year=2000,
    )
    n.add(
        "Store",
        "battery",
        bus="two",
        carrier="battery",
        e_nom_extendable=True,
        capital_cost=2000,
        e_cyclic_per_period=True,
        build_year=2030,
        lifetime=40,
    )
    n.add("GlobalConstraint", "co2", type="primary_energy", sense="<=", constant=5e6)
    n.add("GlobalConstraint", "co2 late", type="primary_energy", sense="<=", constant=5e5, investment_period=2050)
    return n


def pair(loads, coal, gas):
    n = pypsa.Network()
    n.set_snapshots(range(len(loads)))
    n.add("Bus", "bus")
    n.add("Generator", "coal", bus="bus", committable=True, marginal_cost=20, p_nom=10000, **coal)
    n.add("Generator", "gas", bus="bus", committable=True, marginal_cost=70, **gas)
    n.add("Load", "load", bus="bus", p_set=loads)
    return n


# the next three have the figures of PyPSA's own tests of unit commitment: 359000, 358000 and 267333
def start_up_costs(_rng):
    return pair(
        [4000, 6000, 5000, 800],
        {"p_min_pu": 0.1, "up_time_before": 0, "start_up_cost": 3000},
        {"p_nom": 10000, "start_up_cost": 1000},
    )


def shut_down_costs(_rng):
    return pair(
        [4000, 6000, 5000, 800],
        {"p_min_pu": 0.3, "shut_down_cost": 1000},
        {"p_nom": 1000, "p_min_pu": 0.1, "shut_down_cost": 1000},
    )


def link_commitment(_rng):
    n = pypsa.Network()
    n.set_snapshots(range(4))
    n.add("Bus", ["gas", "electricity"])
    n.add("Generator", "gas", bus="gas", marginal_cost=10, p_nom=20000)
    n.add(
        "Link",
        "OCGT",
        bus0="gas",
        bus1="electricity",
        committable=True,
        p_min_pu=0.1,
        efficiency=0.5,
        up_time_before=0,
        min_up_time=3,
        start_up_cost=3333,
        p_nom=12000,
    )
    n.add("Generator", "wind", bus="electricity", p_nom=800)
    n.add("Load", "load", bus="electricity", p_set=[4000, 6000, 800, 5000])
    return n


def down_time(_rng):
    return pair(
        [3000, 800, 3000, 8000],
        {"p_min_pu": 0.3, "min_down_time": 3, "down_time_before": 2, "up_time_before": 0},
        {"p_nom": 4000, "p_min_pu": 0.1},
    )


def up_time(_rng):
    return pair(
        [4000, 800, 5000, 3000],
        {"p_min_pu": 0.3},
        {"p_nom": 1000, "p_min_pu": 0.1, "up_time_before": 1, "min_up_time": 4},
    )


CASES = [
    start_up_costs,
    shut_down_costs,
    link_commitment,
    down_time,
    up_time,
    meshed,
    expansion,
    modules,
    transformers,
    links,
    delays,
    storage,
    unit_commitment,
    unit_modules,
    ramps,
    quadratic,
    direct_current,
    overnight,
    periods,
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--netcdf", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", default=[], metavar="CASE")
    arguments = parser.parse_args()
    for make in CASES:
        name = make.__name__
        if arguments.only and name not in arguments.only:
            continue
        n = make(np.random.default_rng(arguments.seed))
        folder = arguments.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        n.export_to_csv_folder(str(folder))
        if arguments.netcdf:
            n.export_to_netcdf(str(arguments.folder / f"{name}.nc"))
        status = n.optimize(
            solver_name="highs",
            multi_investment_periods=name == "periods",
            mip_rel_gap=0,
            log_to_console=False,
            include_objective_constant=True,
            output_flag=False,
        )
        print(name, status, repr(n.objective), flush=True)
        (folder / "objective.txt").write_text(f"{n.objective!r}\n")


if __name__ == "__main__":
    main()
