"""The chain of risk_chain.py in SimPy: a process for each operation, containers for goods, one replication at once."""

import math
import random

import simpy

from risk_chain import LATE, MONTHS, YIELD

JUST_BEFORE = 0.5  # what arrives in a month is there before the month's work


def pert(draw, spread):
    low, mode, high = spread
    width = high - low
    return low + width * draw.betavariate(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width)


def months_of(months, late):
    return months + late if late > 0 else math.ceil(months + late)


class Chain:
    """One replication."""

    def __init__(self, operations, draw):
        self.environment = simpy.Environment()
        goods = {good for each in operations for good, _ in each.takes} | {o.gives[0] for o in operations if o.gives}
        self.stock = {good: simpy.Container(self.environment) for good in goods}
        self.queue = {each.name: 0.0 for each in operations}
        self.handed = {each.after: each.name for each in operations if each.after}
        self.seen = {name: [0.0] * MONTHS for name in ("racks", "packages", "spend")}
        takers = {good: [(each, amount) for each in operations for g, amount in each.takes if g == good]
                  for good in goods}
        self.shared = {good: those for good, those in takers.items() if len(those) > 1}
        self.wanted = dict.fromkeys(self.shared, 0.0)
        late, self.lag, self.part = {}, {}, {}
        for each in operations:
            if each.delay:
                if each.delay.draw not in late:
                    late[each.delay.draw] = pert(draw, each.delay.spread)
                self.lag[each.name] = months_of(each.delay.months, late[each.delay.draw])
                if each.delay.before:
                    self.lag[each.name] -= months_of(each.delay.before, late[each.delay.draw])
            self.part[each.name] = pert(draw, YIELD) if each.has_yield else 1.0
        # at the same time, what was begun first goes first: the operations in their order, after what all ask for
        self.environment.process(self.ask(operations))
        for each in operations:
            self.environment.process(self.work(each))

    def ask(self, operations):
        """Once a month: what the plan starts, and what is asked of each good that several take."""
        for month in range(MONTHS):
            for each in operations:
                if each.planned is not None:
                    self.queue[each.name] += each.planned[month]
            for good, takers in self.shared.items():
                self.wanted[good] = sum(self.queue[each.name] * amount for each, amount in takers)
            yield self.environment.timeout(1)

    def work(self, each):
        for month in range(MONTHS):
            if month < each.first:
                yield self.environment.timeout(1)
                continue
            asked = self.queue[each.name]
            done = asked if each.most is None else min(asked, each.most)
            for good, amount in each.takes:
                there = self.stock[good].level
                if good in self.shared and self.wanted[good] > max(there, asked * amount):
                    there *= asked * amount / self.wanted[good]
                done = min(done, there / amount)
            for good, amount in each.takes:
                if good in self.shared:
                    self.wanted[good] -= asked * amount
                if done > 0:
                    yield self.stock[good].get(min(done * amount, self.stock[good].level))
            self.queue[each.name] = asked - done
            if done > 0:
                yield from self.hand_on(each, done, month)
            yield self.environment.timeout(1)

    def hand_on(self, each, done, month):
        self.seen["spend"][month] += done * each.capex
        if each.name.startswith("packer"):
            self.seen["packages"][month] += done
        if each.delay:
            whole = math.floor(self.lag[each.name] + 1e-9)
            rest = max(0.0, self.lag[each.name] - whole)
            self.environment.process(self.ship(each, done * (1 - rest), whole))
            if rest > 0:
                self.environment.process(self.ship(each, done * rest, whole + 1))
        elif each.gives:
            yield self.stock[each.gives[0]].put(done * each.gives[1])
        else:
            self.seen["racks"][month] += done

    def ship(self, each, done, months):
        yield self.environment.timeout(months - JUST_BEFORE)
        if each.gives:
            yield self.stock[each.gives[0]].put(done * each.gives[1] * self.part[each.name])
        else:
            self.queue[self.handed[each.name]] += done

    def play(self):
        self.environment.run(until=MONTHS)
        racks = self.seen["racks"]
        for month in range(1, MONTHS):
            racks[month] += racks[month - 1]
        return self.seen


def play(operations, count, seed):
    """[replication] of {series: [month]}: racks online, packages started, USD spent."""
    draw = random.Random(seed)
    return [Chain(operations, draw).play() for _ in range(count)]
