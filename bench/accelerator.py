#!/usr/bin/env python3
"""What the kernels of a language model take on the accelerator at hand: a table to hold a performance model against.

  bench/accelerator.py --plan                            how many cases of each kernel; needs no accelerator
  bench/accelerator.py -o data/measured/NAME.csv         all of them; writes NAME.csv and, about the card, NAME.json
  bench/accelerator.py -o NAME.csv --only gemm,memory    some of the sections
  bench/accelerator.py -o NAME.csv --limit-s 300         no new case after 300 s; the cases left out are told

Needs a CUDA device and what accelerator_requirements.txt names; nothing else of the project does.

Sections, after the idle card: memory, launch, gemm, attention, elementwise, sustained.

How a case is timed: its calls go through so many sets of inputs that together they are three times the L2 cache, so
that weights, keys and values come from memory as they do in serving. A pass over the sets is repeated until it takes
about TARGET_US, captured in one CUDA graph, and the graph is replayed REPEATS times, each between two events. The time
is the median replay over its calls, and contains the gap of about a microsecond between two kernels of a graph. Inputs
are normal random numbers: with zeros a card draws less power and looks faster.

Mode `burst` is that, with a pause of three times the replay before each, so that the card holds its clock below its
power limit; `sustained` runs without a pause, four seconds after one and a half of warming up: what the power limit
leaves. An engine is between the two.

Columns; empty where they say nothing about the kernel:
  kernel          gemm        y[m,n] = x[m,k] w[n,k]'; bf16 out; fp8 is e4m3 with one scale a tensor
                  copy, read, write   of `bytes`; the rate counts bytes read plus bytes written
                  attention_prefill   causal, query_length = kv_length
                  attention_chunk     causal, the last query_length of kv_length tokens
                  attention_decode    one query of each of `batch` sequences
                  rms_norm, add_rms_norm, silu_mul   of m tokens and n values; add_ writes its sum back as well
                  launch_eager        an empty kernel, launched one by one (what the host can issue)
                  launch_graph        an empty kernel as one of `m` in a graph
                  launch_round_trip   launch, run and wait for one empty kernel, by the host's clock
                  idle                nothing, without and with a context on the card
  implementation  the library that did it
  precision       of the operands
  m n k batch query_length kv_length heads kv_heads head_size bytes    as the kernel has them
  microseconds    of one call
  spread          (slowest - fastest) / median of the replays
  tflop_per_s     gemm: 2mnk; attention: 4 · batch · heads · head_size · (pairs of query and key that the mask leaves)
  gb_per_s        1e9 bytes; each operand read once and each result written once
  watts           mean, sustained and idle only, as the driver reports it
  sm_mhz          median clock during the replays
  source          who measured, and when
"""

import argparse
import collections
import csv
import dataclasses
import datetime
import importlib.metadata
import json
import math
import pathlib
import statistics
import sys
import time

from accelerator_cases import EPSILON, SECTIONS, WRITTEN, Case, cold_bytes, flop, traffic_bytes
from accelerator_check import check

TARGET_US = 3000.0
REPEATS = 7
PAUSE, PAUSE_S_MAX = 3.0, 0.06  # before a replay, in times of the replay: the power limit is for `sustained`
DEVICE = "cuda"
SUSTAINED_S, SUSTAINED_WARM_S = 4.0, 1.5
SETS_MAX = 512
CALLS_MAX = 2000  # in one graph
ERROR_MAX = 0.01  # relative, of bf16 results
POOL_BYTES = 1 << 34  # the largest keys and values, and the source and target of the largest copy
RESULTS = ["microseconds", "spread", "tflop_per_s", "gb_per_s", "watts", "sm_mhz", "source"]
COLUMNS = [f.name for f in dataclasses.fields(Case)] + RESULTS


def row(case, result, source):
    """The line of the table: {column: text}. Four digits, as the replays agree to about one in a hundred."""
    out = {k: v for k, v in dataclasses.asdict(case).items() if v}
    out |= {k: f"{v:.4g}" for k, v in result.items()}
    us = result.get("microseconds")
    if us and flop(case):
        out["tflop_per_s"] = f"{flop(case) / us / 1e6:.4g}"
    if us and traffic_bytes(case):
        out["gb_per_s"] = f"{traffic_bytes(case) / us / 1e3:.4g}"
    return out | {"source": source}


class Meter:
    """Power and clock of the card, from its driver (NVML)."""

    def __init__(self):
        import pynvml

        pynvml.nvmlInit()
        self.nvml, self.card = pynvml, pynvml.nvmlDeviceGetHandleByIndex(0)

    def watts(self):
        return self.nvml.nvmlDeviceGetPowerUsage(self.card) / 1e3

    def sm_mhz(self):
        return self.nvml.nvmlDeviceGetClockInfo(self.card, self.nvml.NVML_CLOCK_SM)

    def idle(self, seconds=3.0):
        """After two seconds in which clock and power come down."""
        time.sleep(2.0)
        samples, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            samples.append((self.watts(), self.sm_mhz()))
            time.sleep(0.05)
        return {"watts": statistics.fmean(s[0] for s in samples), "sm_mhz": statistics.median(s[1] for s in samples)}

    def about(self):
        n, card = self.nvml, self.card
        return {"driver": n.nvmlSystemGetDriverVersion(),
                "power_limit_w": n.nvmlDeviceGetEnforcedPowerLimit(card) / 1e3,
                "sm_mhz_max": n.nvmlDeviceGetMaxClockInfo(card, n.NVML_CLOCK_SM),
                "memory_mhz_max": n.nvmlDeviceGetMaxClockInfo(card, n.NVML_CLOCK_MEM)}


class Card:
    """Prepares and times the calls of a case. A call is (function, arguments).

    `pool` is memory full of normal random numbers, from which inputs are cut: [POOL_BYTES / 2] bf16.
    """

    def __init__(self, torch, l2_bytes, pool_bytes=POOL_BYTES):
        import accelerator_kernels  # Triton, which --plan does not need

        self.torch, self.kernels, self.l2_bytes = torch, accelerator_kernels, l2_bytes
        self.pool = torch.empty(pool_bytes // 2, dtype=torch.bfloat16, device=DEVICE)
        self.weights = {}

    def refill(self):
        """New random numbers, as some kernels write into the pool. In pieces: one call fills at most 2^31 values."""
        for piece in self.pool.split(1 << 28):
            piece.normal_()

    def cut(self, shape, sets, part, parts):
        """[sets] tensors of the shape, one behind the other in a part of the pool; from its start again when full."""
        length, count = self.pool.numel() // parts, math.prod(shape)
        room = length // count
        if not room:
            raise RuntimeError(f"{shape} is larger than 1/{parts} of the pool")
        at = [part * length + (i % room) * count for i in range(sets)]
        return [self.pool[a:a + count].view(shape) for a in at]

    def calls(self, case):
        """One call for each set of inputs."""
        sets = max(1, min(math.ceil(3 * self.l2_bytes / cold_bytes(case)), SETS_MAX))
        if case.kernel == "gemm":
            return self.gemm(case, sets)
        if case.kernel.startswith("attention"):
            return self.attention(case, sets)
        return self.memory(case, sets) if case.bytes else self.elementwise(case, sets)

    def gemm(self, case, sets):
        """The activations are the same in all calls: in serving, too, the layer before has just written them."""
        torch = self.torch
        key = (case.precision, case.n, case.k)
        if key not in self.weights:
            self.weights.clear()
            self.weights[key] = [self.operand(case.precision, case.n, case.k) for _ in range(sets)]
        x = self.operand(case.precision, case.m, case.k)
        y = torch.empty(case.m, case.n, dtype=torch.bfloat16, device=DEVICE)
        one = torch.ones((), device=DEVICE)

        def bf16(x, w):
            return torch.mm(x, w.t(), out=y)

        def fp8(x, w):  # the fast accumulation is what serving engines use
            return torch._scaled_mm(x, w.t(), one, one, out_dtype=torch.bfloat16, use_fast_accum=True)

        return [(bf16 if case.precision == "bf16" else fp8, (x, w)) for w in self.weights[key]]

    def operand(self, precision, rows, columns):
        values = self.torch.randn(rows, columns, dtype=self.torch.bfloat16, device=DEVICE)
        return values if precision == "bf16" else values.to(self.torch.float8_e4m3fn)

    def memory(self, case, sets):
        torch = self.torch
        sources, targets = ([x.view(torch.float32) for x in self.cut((case.bytes // 2,), sets, part, 2)]
                            for part in (0, 1))
        sums = torch.empty(self.kernels.blocks(sources[0]), dtype=torch.float32, device=DEVICE)
        function = {("read", "triton"): lambda source, target: self.kernels.read(source, sums),
                    ("write", "torch"): lambda source, target: target.fill_(WRITTEN),
                    ("copy", "triton"): self.kernels.copy,
                    ("copy", "driver"): lambda source, target: target.copy_(source)}[case.kernel, case.implementation]
        return [(function, pair) for pair in zip(sources, targets)]

    def attention(self, case, sets):
        """[batch, length, heads, head size] in memory, as projections write it, seen as [batch, heads, length, …]."""
        torch = self.torch
        from torch.nn.attention import SDPBackend, bias, sdpa_kernel

        backend = {"flash": SDPBackend.FLASH_ATTENTION, "cudnn": SDPBackend.CUDNN_ATTENTION}[case.implementation]
        q = torch.randn(case.batch, case.query_length, case.heads, case.head_size, dtype=torch.bfloat16,
                        device=DEVICE).transpose(1, 2)
        shape = (case.batch, case.kv_length, case.kv_heads, case.head_size)
        keys, values = ([x.transpose(1, 2) for x in self.cut(shape, sets, part, 2)] for part in (0, 1))
        mask = {"is_causal": case.kernel == "attention_prefill"}
        if case.kernel == "attention_chunk":
            mask = {"attn_mask": bias.causal_lower_right(case.query_length, case.kv_length)}

        def attend(q, k, v):
            with sdpa_kernel(backend):
                return torch.nn.functional.scaled_dot_product_attention(q, k, v, enable_gqa=True, **mask)

        return [(attend, (q, k, v)) for k, v in zip(keys, values)]

    def elementwise(self, case, sets):
        torch = self.torch
        weight = torch.randn(case.n, dtype=torch.bfloat16, device=DEVICE)
        out = torch.empty(case.m, case.n, dtype=torch.bfloat16, device=DEVICE)

        def rms_norm(x, other, weight):
            return self.kernels.rms_norm(x, other, weight, out, EPSILON, case.kernel == "add_rms_norm")

        def silu_mul(x, other, weight):
            return self.kernels.silu_mul(x, other, out)

        def torch_rms_norm(x, other, weight):
            return torch.nn.functional.rms_norm(x, x.shape[-1:], weight, EPSILON)

        function = silu_mul if case.kernel == "silu_mul" else rms_norm
        if case.implementation == "torch":
            function = torch_rms_norm
        inputs = (self.cut((case.m, case.n), sets, part, 2) for part in (0, 1))
        return [(function, (x, other, weight)) for x, other in zip(*inputs)]

    def capture(self, calls, target_us):
        """A graph of passes over the calls that takes about `target_us`, replayed once, and the count of its calls."""
        torch = self.torch
        side = torch.cuda.Stream()
        with torch.cuda.stream(side):
            for function, arguments in calls[:3] + calls:
                function(*arguments)
        torch.cuda.synchronize()
        passes, passes_max = 1, max(1, CALLS_MAX // len(calls))
        while True:
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                for function, arguments in calls * passes:
                    function(*arguments)
            self.replay_us(graph)
            us, _ = self.replay_us(graph)
            if us > target_us / 2 or passes == passes_max:
                return graph, passes * len(calls)
            passes = min(round(passes * target_us / us), passes_max)

    def replay_us(self, graph, meanwhile=lambda: None):
        """The time of a replay, and what the host saw meanwhile."""
        start, end = (self.torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        graph.replay()
        end.record()
        seen = meanwhile()
        end.synchronize()
        return 1e3 * start.elapsed_time(end), seen

    def burst(self, calls, meter):
        graph, count = self.capture(calls, TARGET_US)
        us, _ = self.replay_us(graph)
        samples = []
        for _ in range(REPEATS):
            time.sleep(min(PAUSE * us / 1e6, PAUSE_S_MAX))
            samples.append(self.replay_us(graph, meter.sm_mhz))
        return summary([s[0] / count for s in samples], [s[1] for s in samples])

    def sustained(self, calls, meter):
        """Replays of about 50 ms, one after the other: the card is never without work for more than microseconds."""
        graph, count = self.capture(calls, 50e3)
        warm = time.monotonic() + SUSTAINED_WARM_S
        samples = []
        while time.monotonic() < warm + SUSTAINED_S:
            us, seen = self.replay_us(graph, lambda: (meter.watts(), meter.sm_mhz()))
            if time.monotonic() > warm:
                samples.append((us / count, *seen))
        times, watts, clocks = zip(*samples)
        return summary(times, clocks) | {"watts": statistics.fmean(watts)}

    def launch(self, case):
        """Empty kernels: waits of no cycles."""
        torch = self.torch
        graph = torch.cuda.CUDAGraph()
        if case.kernel == "launch_graph":
            with torch.cuda.graph(graph):
                for _ in range(case.m):
                    torch.cuda._sleep(0)

        def run_us():
            if case.kernel == "launch_graph":
                return self.replay_us(graph)[0]
            torch.cuda.synchronize()
            start = time.perf_counter()
            for _ in range(case.m):
                torch.cuda._sleep(0)
            torch.cuda.synchronize()
            return 1e6 * (time.perf_counter() - start)

        return summary([run_us() / case.m for _ in range(120)][20:])

    def measure(self, case, meter):
        if case.kernel.startswith("launch"):
            return self.launch(case)
        calls = self.calls(case)
        return self.sustained(calls, meter) if case.mode == "sustained" else self.burst(calls, meter)


def summary(times_us, clocks_mhz=()):
    median = statistics.median(times_us)
    clock = {"sm_mhz": statistics.median(clocks_mhz)} if clocks_mhz else {}
    return {"microseconds": median, "spread": (max(times_us) - min(times_us)) / median} | clock


class Table:
    """The CSV file, each row written when it is known: a run that is cut off leaves what it had."""

    def __init__(self, path, source):
        self.file = open(path, "w", newline="", encoding="utf-8")
        self.writer = csv.DictWriter(self.file, COLUMNS, lineterminator="\n")
        self.writer.writeheader()
        self.source = source

    def add(self, case, result):
        self.writer.writerow(row(case, result, self.source))
        self.file.flush()


def measure_all(card, meter, table, sections, limit_s):
    """The names of the cases that were left out, and why."""
    left_out, start = [], time.monotonic()
    for section in sections:
        card.refill()
        began = time.monotonic()
        for case in SECTIONS[section]():
            if time.monotonic() > start + limit_s:
                left_out.append(f"{name_of(case)}: no time left")
                continue
            try:
                table.add(case, card.measure(case, meter))
            except RuntimeError as error:  # a backend that does not have the shape, or memory that is full
                left_out.append(f"{name_of(case)}: {str(error).splitlines()[0]}")
        card.weights.clear()
        card.torch.cuda.empty_cache()
        print(f"{section}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return left_out


def name_of(case):
    return " ".join(str(v) for v in dataclasses.astuple(case) if v)


def about(torch, meter):
    card = torch.cuda.get_device_properties(0)
    return {"card": card.name, "memory_bytes": card.total_memory, "multiprocessors": card.multi_processor_count,
            "l2_bytes": card.L2_cache_size, **meter.about(), "cuda": torch.version.cuda, "torch": torch.__version__,
            "cudnn": torch.backends.cudnn.version(), "cublas": importlib.metadata.version("nvidia-cublas")}


def plan():
    for section, cases in SECTIONS.items():
        for kernel, count in collections.Counter(c.kernel for c in cases()).items():
            print(f"{section:12} {kernel:18} {count:5}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=pathlib.Path, help="the CSV file")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, separated by commas")
    parser.add_argument("--limit-s", type=float, default=math.inf)
    parser.add_argument("--plan", action="store_true")
    options = parser.parse_args()
    sections = options.only.split(",")
    if wrong := set(sections) - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(wrong))}: expected {', '.join(SECTIONS)}")
    if options.plan:
        return plan()
    if not options.output:
        parser.error("no output named: -o NAME.csv")

    import torch

    meter = Meter()
    idle = {"no_context": meter.idle()}
    properties = about(torch, meter)
    card = Card(torch, properties["l2_bytes"])
    card.refill()
    torch.cuda.synchronize()
    idle["context"] = meter.idle()
    properties["relative_errors"] = {name_of(case): error for case, error in check(card)}
    if wrong := {name: error for name, error in properties["relative_errors"].items() if not error < ERROR_MAX}:
        sys.exit(f"accelerator: off their definition by more than {ERROR_MAX}: {wrong}")
    about_path = options.output.with_suffix(".json")
    about_path.write_text(json.dumps(properties, indent=2) + "\n", encoding="utf-8")
    table = Table(options.output, f"bench/accelerator.py, {datetime.date.today()}")
    for how, result in idle.items():
        table.add(Case("idle", how, mode="sustained"), result)
    properties["left_out"] = measure_all(card, meter, table, sections, options.limit_s)
    about_path.write_text(json.dumps(properties, indent=2) + "\n", encoding="utf-8")
    print("\n".join(properties["left_out"][:40]))
    print(f"{len(properties['left_out'])} cases left out")


if __name__ == "__main__":
    sys.exit(main())
