"""A chain from wafer to hall as a scenario, and the same chain as a list of operations for whoever knows no Beltline.

Wafers become dies in six fabs, dies stacks, stacks with interposers packages, packages with power shelves racks, racks
clusters at eight sites, where halls with transformers must be ready. Yields and lead times are drawn once a
replication, PERT distributed. A month's work: what arrives is added to stocks and queues, the plan's starts to queues;
then each operation in its order does of its queue what its inputs allow, in proportion where several ask for the same.
"""

import csv
import dataclasses
import io
import subprocess

MONTHS = 60
FABS, STACKERS, PACKERS, ASSEMBLERS, SITES = 6, 3, 3, 2, 8
TARGET_RACKS, SITE_RACKS, SITE_RACKS_A_MONTH, TRANSFORMERS = 6000, 900, 24, 0.05  # transformers a rack of room
MILESTONES = ((2028, 1800), (2029, 3400), (2030, 5200))  # racks at the end of each year
HALL_LEAD, TRANSFORMER_AFTER, CLUSTER_LEAD = 15, 6, 2
LATE = (-0.9, -0.3, 2.0)  # months, low, mode, high
HALL_LATE = (-0.9, -0.2, 6.0)
YIELD = (0.85, 1.0, 1.1)


@dataclasses.dataclass(frozen=True)
class Made:
    """One kind of process: what it takes of each good for one unit of what it puts out, and after how many months."""
    name: str
    count: int
    takes: tuple  # (good, amount)
    gives: str
    lag: int
    most: float  # a month, of the first maker
    worth: float  # USD a unit and month in stock
    unit: str  # of activity
    per: float = 1.0  # units out per unit of activity


# a rack takes 72 packages, those 576 stacks, those 5,184 dies
KINDS = (
    Made("fab", FABS, (), "die", 3, 12e3, 0.01, "wafer", 50.0),
    Made("stacker", STACKERS, (("die", 9.0),), "stack", 1, 100e3, 1.0, "stack"),
    Made("interposer_maker", 1, (), "interposer", 4, 30e3, 0.1, "die"),
    Made("packer", PACKERS, (("stack", 8.0), ("interposer", 1.0)), "package", 2, 12e3, 20.0, "stack"),
    Made("shelf_maker", 1, (), "shelf", 5, 3e3, 1.0, "die"),
    Made("assembler", ASSEMBLERS, (("package", 72.0), ("shelf", 8.0)), "rack", 1, 200.0, 2000.0, "rack"),
    Made("transformer_maker", 1, (), "transformer", 12, 30.0, 100.0, "die"),
)
UNITS = {kind.gives: kind.unit for kind in KINDS} | {"die": "die"}  # what has no unit of its own is counted in dies


HALL_USD = 100_000.0  # a rack


def cluster_usd(s):
    return 1_000_000.0 + 1_000.0 * s


def names(kind):
    return [f"{kind.name}_{i + 1}" for i in range(kind.count)]


def entry(section, name, **values):
    return "\n".join([f"[{section}.{name}]"] + [f"{key} = {value}" for key, value in values.items()]) + "\n"


def quoted(text):
    return f'"{text}"'


def uncertain(name, of, what, spread, unit=""):
    low, mode, high = (quoted(f"{x} {unit}") if unit else x for x in spread)
    return entry("uncertainty", name, of=quoted(of), what=quoted(what), low=low, mode=mode, high=high)


def process_entries(kind):
    """Each maker is a fifth smaller than the one before; the last ones take what the others cannot."""
    share, out = 1.0, []
    for name in names(kind):
        flows = [f'{{commodity = "{good}", rate = "{-amount} {UNITS[good]}/{kind.unit}"}}'
                 for good, amount in kind.takes]
        flows.append(f'{{commodity = "{kind.gives}", rate = "{kind.per} {UNITS[kind.gives]}/{kind.unit}", '
                     f'lag = "{kind.lag} month"}}')
        out += [entry("process", name, place=quoted("here"), unit=quoted(kind.unit), flows=f"[{', '.join(flows)}]",
                      upper=quoted(f"{kind.most * share:.6g} {kind.unit}/month")),
                uncertain(f"late_{name}", name, "delay", LATE, "month"),
                uncertain(f"yield_{name}", name, "yield", YIELD)]
        share *= 0.8
    return out


def site_entries(s):
    space, here = f"space_{s}", quoted("here")
    return [entry("commodity", space, unit=quoted("rack"), disposable="true"),
            entry("capacity", f"hall_{s}", place=here, unit=quoted("rack"), kind=quoted("hall"),
                  lead=quoted(f"{HALL_LEAD} month"), capex=quoted(f"{HALL_USD:.0f} USD/rack"),
                  total_max=quoted(f"{SITE_RACKS} rack"),
                  build_flows=f'[{{commodity = "transformer", amount = "-{TRANSFORMERS} die/rack", '
                              f'after = "{TRANSFORMER_AFTER} month"}}]',
                  stand_flows=f'[{{commodity = "{space}", rate = "1 rack/month/rack"}}]'),
            entry("capacity", f"cluster_{s}", place=here, unit=quoted("rack"), kind=quoted("cluster"),
                  lead=quoted(f"{CLUSTER_LEAD} month"), capex=quoted(f"{cluster_usd(s):.0f} USD/rack"),
                  build_max=quoted(f"{SITE_RACKS_A_MONTH} rack/month"),
                  build_flows='[{commodity = "rack", amount = "-1 rack/rack"}]',
                  stand_flows=f'[{{commodity = "{space}", rate = "-1 rack/month/rack"}}]'),
            uncertain(f"late_hall_{s}", f"hall_{s}", "delay", HALL_LATE, "month"),
            uncertain(f"late_cluster_{s}", f"cluster_{s}", "delay", LATE, "month")]


def scenario():
    """The text of scenario.toml: racks are to be online, by month, and every good costs something while it waits."""
    out = ['[scenario]\ntitle = "From wafer to hall"\n',
           f'[calendar]\nstart = "2026-01"\nperiods = {MONTHS}\nslices_per_day = 1\n', "[place.here]\n",
           '[objective]\nkind = "min_cost"\ndiscount_rate = 0.05\n',
           f'[target.racks]\nkind = "cluster"\nquantity = {{unit = "rack", dates = {{"2027-10" = 0, '
           f'"2030-12" = {TARGET_RACKS}}}}}\nfirst = "2027-10"\n']
    for kind in KINDS:
        out += [entry("commodity", kind.gives, unit=quoted(UNITS[kind.gives])),
                entry("store", kind.gives, commodity=quoted(kind.gives), place=quoted("here"),
                      holding_cost=quoted(f"{kind.worth} USD/{UNITS[kind.gives]}/month"))]
        out += process_entries(kind)
    for s in range(1, SITES + 1):
        out += site_entries(s)
    for (year, racks) in MILESTONES:
        out.append(entry("milestone", f"racks_{year}", by=quoted(f"{year}-12"), quantity=quoted(f"{racks} rack"),
                         draws='[{kind = "online", of = "cluster_*"}]'))
    out += [entry("measure", "racks", unit=quoted("rack"), terms='[{kind = "online", of = "cluster_*"}]'),
            entry("measure", "packages", unit=quoted("stack"), terms='[{kind = "activity", of = "packer_*"}]')]
    return "\n".join(out)


@dataclasses.dataclass
class Delay:
    """Months from one step to the next: ceil(months + draw) less what went before."""
    months: float
    spread: tuple
    draw: str  # two steps of one way have one draw
    before: float = 0.0  # months of the step before, with the same draw


@dataclasses.dataclass
class Operation:
    """What is done of a queue each month. `planned` is put into it by month, and what `after` hands on."""
    name: str
    planned: list | None = None
    after: str | None = None  # the operation that hands on to it
    takes: tuple = ()  # (good, amount)
    gives: tuple | None = None  # (good, amount); None: handed on, or online
    most: float | None = None  # a month
    delay: Delay | None = None  # of what it gives or hands on
    has_yield: bool = False
    capex: float = 0.0  # USD a unit, due when it is begun
    first: int = MONTHS  # month in which it may first have something to do


def site_operations(s, orders):
    """A hall waits for its transformers and gives space; a cluster takes racks, and space when it is ready."""
    hall, cluster = f"hall_{s}", f"cluster_{s}"
    step = HALL_LEAD - TRANSFORMER_AFTER
    return [
        Operation(hall, planned=orders[hall], capex=HALL_USD, delay=Delay(TRANSFORMER_AFTER, HALL_LATE, hall)),
        Operation(hall + "_shell", after=hall, takes=(("transformer", TRANSFORMERS),),
                  delay=Delay(TRANSFORMER_AFTER + step, HALL_LATE, hall, TRANSFORMER_AFTER)),
        Operation(hall + "_ready", after=hall + "_shell", gives=(f"space_{s}", 1.0)),
        Operation(cluster, planned=orders[cluster], takes=(("rack", 1.0),), capex=cluster_usd(s),
                  most=float(SITE_RACKS_A_MONTH), delay=Delay(CLUSTER_LEAD, LATE, cluster)),
        Operation(cluster + "_ready", after=cluster, takes=((f"space_{s}", 1.0),)),
    ]


def operations(starts, orders):
    """The chain in order of flow, for {process: [month]} and {capacity: [month]} as planned."""
    out = []
    for kind in KINDS:
        share = 1.0
        for name in names(kind):
            out.append(Operation(name, planned=starts[name], takes=kind.takes, gives=(kind.gives, kind.per),
                                 most=kind.most * share if kind.takes else None, delay=Delay(kind.lag, LATE, name),
                                 has_yield=True))
            share *= 0.8
    for s in range(1, SITES + 1):
        out += site_operations(s, orders)
    first = {}
    for each in out:
        # draws of delay are above -1: what is handed on comes a month earlier than planned at most
        each.first = (first[each.after] if each.planned is None else
                      next((t for t, x in enumerate(each.planned) if x > 0), MONTHS))
        first[each.name] = each.first
    return out


def read_plan(program, run):
    """{process: [month]} started and {capacity: [month]} ordered, from the tables of a run."""
    def rows(table):
        done = subprocess.run([program, "table", run, table, "--format", "csv"], stdout=subprocess.PIPE, text=True,
                              check=True)
        return csv.DictReader(io.StringIO(done.stdout))

    month = {f"{2026 + t // 12}-{t % 12 + 1:02}": t for t in range(MONTHS)}
    starts = {name: [0.0] * MONTHS for kind in KINDS for name in names(kind)}
    orders = {f"{kind}_{s}": [0.0] * MONTHS for kind in ("hall", "cluster") for s in range(1, SITES + 1)}
    for row in rows("activity"):
        starts[row["process"]][month[row["period"]]] = float(row["mean"])
    for row in rows("builds"):
        orders[row["capacity"]][month[row["ordered"]]] += float(row["quantity"])
    return starts, orders
