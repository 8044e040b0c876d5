"""Orders of frePPLe's published test models: when frePPLe delivers them, when ours does, and why not alike.

frePPLe writes a plan as `*.N.expect`: a line "DEMAND name date quantity [later than due]" for each delivery, and
"DEMAND name planned Q units short" for what it does not deliver. Which N is the plan within all constraints
(plantype 1, constraints 15) stands in the model's own instructions.
"""

import datetime
import pathlib
import re
import tomllib

DAY = 86400.0


def constrained_plan(model):
    """N of the first plan that the model makes within all constraints; None where it makes none."""
    text = pathlib.Path(model).read_text(encoding="utf-8")
    plantype, constraints = 1, None
    for word, value in scan(text):
        if word == "plantype":
            plantype = int(value)
        elif word == "constraints":
            constraints = value
        elif plantype == 1 and constraints in ("15", None):
            return int(value)
    return None


def scan(text):
    """(word, value) of what sets up and saves plans, in order."""
    for match in re.finditer(r'\b(plantype|constraints)\s*=\s*"?(\w+)"?|(saveplan)\(\s*"output\.(\d+)', text):
        yield (match[1], match[2]) if match[1] else (match[3], match[4])


def seconds(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc).timestamp()


def date(value):
    stamp = datetime.datetime.fromtimestamp(value, datetime.timezone.utc).isoformat(timespec="seconds")[:19]
    return stamp.removesuffix("T00:00:00")


def theirs(expect):
    """{order: [(date in seconds, quantity)]} of a plan that frePPLe wrote."""
    orders = {}
    for line in pathlib.Path(expect).read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if cells[0] != "DEMAND":
            continue
        found = orders.setdefault(cells[1], [])
        if not cells[2].startswith("planned"):
            found.append((seconds(cells[2]), float(cells[3])))
    return {name: sorted(found) for name, found in orders.items()}


def read_scenario(folder):
    """All entries of an imported scenario, its first period and the length of one, both in seconds."""
    folder = pathlib.Path(folder)
    head = (folder / "scenario.toml").read_text(encoding="utf-8")
    begin = seconds(re.search(r"first begins at ([^,]+),", head)[1])
    length = float(re.search(r"in steps of (\d+) seconds", head)[1])
    entries = {}
    for file in [folder / "scenario.toml", *sorted(folder.glob("*.toml"))]:
        for section, named in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if isinstance(named, dict):
                entries.setdefault(section, {}).update(named)
    return entries, begin, length


def ours(folder, activity_rows):
    """The same of our plan, with each order's due date, quantity and weight, and the end of the horizon.

    activity_rows: the table activity, as lists with the titles first.
    """
    entries, begin, length = read_scenario(folder)
    head = activity_rows[0]
    at = {key: next(i for i, title in enumerate(head) if title.startswith(key)) for key in
          ("process", "period", "mean")}
    orders = {}
    for name, demand in entries["demand"].items():
        title, due = demand["title"].rsplit(", due ", 1)
        orders[name] = {"title": title, "due": seconds(due), "deliveries": [],
                        "unserved": float(demand["unserved_cost"].split()[0])}
    arrivals = {name: [(flow["commodity"], flow["rate"], int(flow.get("lag", "0 month").split()[0]))
                       for flow in process["flows"] if flow["commodity"] in orders]
                for name, process in entries["process"].items()}
    for row in activity_rows[1:]:
        year, month = map(int, row[at["period"]].split("-"))
        start = (year - 2000) * 12 + month - 1
        for commodity, rate, lag in arrivals.get(row[at["process"]], ()):
            quantity = rate * float(row[at["mean"]])
            if quantity > 1e-6:
                orders[commodity]["deliveries"].append((begin + (start + lag) * length, quantity))
    end = begin + int(entries["calendar"]["periods"]) * length
    for order in orders.values():
        order["deliveries"].sort()
        late = max(0.0, end - order["due"]) / DAY + 1
        order["weight"] = order["unserved"] / late
    return orders, end


def lateness(order, deliveries, end, quantity):
    """Weighted unit-days late; what is not delivered is late until a day after the end of the horizon."""
    days = sum(q * max(0.0, at - order["due"]) / DAY for at, q in deliveries)
    missing = max(0.0, quantity - sum(q for _, q in deliveries))
    return order["weight"] * (days + missing * (max(0.0, end - order["due"]) / DAY + 1))


def told(deliveries):
    """Deliveries of a day together: "7 on 2009-01-09"."""
    sums = {}
    for at, quantity in deliveries:
        sums[at] = sums.get(at, 0.0) + quantity
    return "; ".join(f"{quantity:g} on {date(at)}" for at, quantity in sums.items()) or "nothing"


def delivered_by(deliveries, at):
    return sum(q for when, q in deliveries if when <= at)


def verdict(mine, yours):
    """same, earlier, later or mixed, by what is delivered until each date of either plan."""
    ahead = behind = False
    for at in {when for when, _ in [*mine, *yours]}:
        difference = delivered_by(mine, at) - delivered_by(yours, at)
        ahead = ahead or difference > 1e-6
        behind = behind or difference < -1e-6
    return ("mixed" if behind else "earlier") if ahead else ("later" if behind else "same")


def compare(model, expect, folder, activity_rows):
    """A row for each order, and what both plans are late in all.

    Each row: order, due, quantity, frepple, ours, verdict, why.
    """
    quantities = model_quantities(model)
    published = theirs(expect)
    orders, end = ours(folder, activity_rows)
    by_title = {order["title"]: order for order in orders.values()}
    sums = {"frepple": 0.0, "ours": 0.0}
    rows = []
    for title, order in sorted(by_title.items()):
        their_deliveries = published.get(title, [])
        their_late = lateness(order, their_deliveries, end, quantities[title])
        our_late = lateness(order, order["deliveries"], end, quantities[title])
        sums["frepple"] += their_late
        sums["ours"] += our_late
        rows.append({"order": title, "due": date(order["due"]), "quantity": quantities[title],
                     "frepple": told(their_deliveries), "ours": told(order["deliveries"]),
                     "verdict": verdict(order["deliveries"], their_deliveries),
                     "difference": their_late - our_late})
    for row in rows:
        row["why"] = reason(row, rows, sums)
    missing = sorted(set(published) - set(by_title))
    return rows, sums, missing


def reason(row, rows, sums):
    """Why an order's dates differ from frePPLe's."""
    if row["verdict"] == "same":
        return ""
    gain = sums["frepple"] - sums["ours"]
    if row["difference"] > 1e-6:
        return "an optimum: frePPLe's search stops at a plan that is later"
    if row["difference"] > -1e-6:
        return "as late in all; the parts are split in another way"
    for other in rows:
        if other["difference"] > 1e-6:
            return f"what it takes serves '{other['order']}'; together {gain:g} weighted unit-days less late"
    return "UNEXPLAINED"


def model_quantities(model):
    """{order: quantity} of a model's demands."""
    import xml.etree.ElementTree as tree  # our own files and frePPLe's published ones

    out = {}
    for demand in tree.parse(model).getroot().iter("demand"):
        quantity = demand.get("quantity") or demand.findtext("quantity")
        name = demand.get("name") or demand.findtext("name")
        if name is not None and quantity is not None:
            out[name] = float(quantity)
    return out
