"""The chain of risk_chain.py in NumPy: all replications of a block as arrays, the months in a loop."""

import numpy as np

from risk_chain import LATE, MONTHS, YIELD


def pert(rng, spread, size):
    low, mode, high = spread
    width = high - low
    return low + width * rng.beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, size)


def months_of(months, late):
    return np.where(late > 0, months + late, np.ceil(months + late))


class Block:
    """Replications side by side. What was done in earlier months is kept, and what arrives is gathered from it: lags
    stay the same in a replication, so that one `take` a month and operation moves all that is under way."""

    def __init__(self, operations, rng, size):
        self.operations, self.size = operations, size
        self.index = {each.name: i for i, each in enumerate(operations)}
        draws = {}
        # where what arrives lies, from the row of a month on, and which share of it comes a month later
        self.back, self.rest, self.lag_min = [], [], []
        self.yields = [pert(rng, YIELD, size) if each.has_yield else None for each in operations]
        for each in operations:
            if each.delay is None:
                self.back.append(None)
                self.rest.append(None)
                self.lag_min.append(0)
                continue
            late = draws.setdefault(each.delay.draw, None)
            if late is None:
                late = draws[each.delay.draw] = pert(rng, each.delay.spread, size)
            lag = months_of(each.delay.months, late)
            if each.delay.before:
                lag -= months_of(each.delay.before, late)
            whole = np.floor(lag + 1e-9)
            self.rest.append(np.maximum(lag - whole, 0.0))
            self.back.append((-whole * size + np.arange(size)).astype(np.int64))
            self.lag_min.append(int(whole.min()))
        self.rows_before = 2 + max(int(-(back.min() // size)) for back in self.back if back is not None)
        self.sent = [np.zeros((self.rows_before + MONTHS, size)) if back is not None else None for back in self.back]
        # a take never looks before the first row
        self.back = [None if back is None else back + self.rows_before * size for back in self.back]
        self.earlier = [None if back is None else back - size for back in self.back]
        self.kept = [None if rest is None else 1 - rest for rest in self.rest]
        goods = {good for each in operations for good, _ in each.takes} | {o.gives[0] for o in operations if o.gives}
        self.stock = {good: np.zeros(size) for good in goods}
        self.takers = {good: [(i, amount) for i, each in enumerate(operations) for g, amount in each.takes if g == good]
                       for good in goods}
        self.shared = {good: np.zeros(size) for good, takers in self.takers.items() if len(takers) > 1}
        self.queue = [np.zeros(size) for _ in operations]
        self.done, self.spare = np.zeros(size), np.zeros(size)

    def arrive(self, i, t, into):
        """Adds what operation i sent and what arrives in month t."""
        if t < self.operations[i].first + self.lag_min[i]:
            return
        sent, spare = self.sent[i].reshape(-1)[t * self.size:], self.spare
        for back, share in ((self.back[i], self.kept[i]), (self.earlier[i], self.rest[i])):
            np.take(sent, back, out=spare, mode="clip")
            spare *= share
            into += spare

    def receive(self, t):
        for i, each in enumerate(self.operations):
            if each.gives and each.delay:
                self.arrive(i, t, self.stock[each.gives[0]])
            if each.planned is not None and each.planned[t] and each.takes:
                self.queue[i] += each.planned[t]
            if each.after:
                before = self.index[each.after]
                if self.operations[before].delay:
                    self.arrive(before, t, self.queue[i])
        for good, wanted in self.shared.items():
            wanted.fill(0.0)
            for i, amount in self.takers[good]:
                if t >= self.operations[i].first:
                    np.multiply(self.queue[i], amount, out=self.spare)
                    wanted += self.spare

    def operate(self, i, t):
        """Does of its queue what it can; what was done is in self.done."""
        each, queue, done, spare = self.operations[i], self.queue[i], self.done, self.spare
        if each.most is None:
            done[:] = queue
        else:
            np.minimum(queue, each.most, out=done)
        for good, amount in each.takes:
            if good in self.shared:
                # in proportion to what all who are still to come ask for
                np.maximum(self.shared[good], 1e-12, out=spare)
                np.divide(self.stock[good], spare, out=spare)
                spare *= queue
                # nobody else asks: all that is there, which is the same
            else:
                np.divide(self.stock[good], amount, out=spare)
            np.minimum(done, spare, out=done)
        np.maximum(done, 0.0, out=done)
        for good, amount in each.takes:
            np.multiply(done, amount, out=spare)
            self.stock[good] -= spare
            if good in self.shared:
                np.multiply(queue, amount, out=spare)
                self.shared[good] -= spare
        queue -= done

    def send(self, i, t):
        each = self.operations[i]
        row = self.sent[i][self.rows_before + t] if each.delay else None
        if not each.takes and each.planned is not None:
            # nothing limits it: it does what was planned
            if self.yields[i] is not None:
                np.multiply(self.yields[i], each.planned[t] * each.gives[1], out=row)
            else:
                row.fill(each.planned[t])
            return
        if each.takes:
            self.operate(i, t)
            done = self.done
        else:
            done = self.queue[i]
        if row is not None and each.gives:
            np.multiply(done, self.yields[i], out=row)
            if each.gives[1] != 1:
                row *= each.gives[1]
        elif row is not None:
            row[:] = done
        elif each.gives:
            self.stock[each.gives[0]] += done
        if not each.takes:
            self.queue[i].fill(0.0)

    def play(self, racks, spend):
        """Adds to [month, replication] racks that come online and USD that fall due."""
        for t in range(MONTHS):
            self.receive(t)
            for i, each in enumerate(self.operations):
                if t < each.first:
                    continue
                self.send(i, t)
                if each.capex and each.takes:
                    np.multiply(self.done, each.capex, out=self.spare)
                    spend[t] += self.spare
                elif each.capex:
                    spend[t] += each.planned[t] * each.capex
                if not each.delay and not each.gives:
                    racks[t] += self.done


def play(operations, count, seed, block):
    """{series: [month, replication]}: racks online, packages started, USD spent."""
    out = {name: np.zeros((MONTHS, count)) for name in ("racks", "packages", "spend")}
    packers = [i for i, each in enumerate(operations) if each.name.startswith("packer")]
    for begin in range(0, count, block):
        size = min(block, count - begin)
        here = {name: rows[:, begin:begin + size] for name, rows in out.items()}
        played = Block(operations, np.random.Generator(np.random.Philox(key=[seed, begin])), size)
        played.play(here["racks"], here["spend"])
        for i in packers:
            here["packages"] += played.sent[i][played.rows_before:] / played.yields[i]
    np.cumsum(out["racks"], axis=0, out=out["racks"])
    return out


def fans(series):
    """{name: [month] mean, deviation, 5, 25, 50, 75 and 95 % quantile}."""
    return {name: (rows.mean(axis=1), rows.std(axis=1), np.quantile(rows, (0.05, 0.25, 0.5, 0.75, 0.95), axis=1))
            for name, rows in series.items()}
