#!/usr/bin/env python3
"""Fits the coefficients of src/perf/coefficients.cpp to published tables of kernels.

  pip install -r bench/accelerator_requirements.txt scipy pandas pyarrow
  bench/kernel_coefficients.py FOLDER

FOLDER holds the tables of NVIDIA's aiconfigurator (Apache-2.0), unpacked from the wheel aiconfigurator_core 0.12.0:
systems/data/SYSTEM/{gemm,attention,moe,comm}/ENGINE/VERSION/*.parquet. Of each engine the newest version is taken;
engines and the systems of one generation are pooled, each with the same weight. The equations are those of
operators.cpp and collective.cpp; residuals are logarithms, fitted by least squares with a soft L1 loss, so that a
kernel that a table has badly does not pull the others. Prints a line for each generation and kind, with the median and
the 90th percentile of the error.

What stands in coefficients.cpp rounds these numbers, but for Hopper's compute shares, which are those at the power
limit (data/measured): tables are measured in bursts that no server sustains.
"""

import pathlib
import sys

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

# datasheet rates in FLOP/s of bf16, fp8, fp4, bytes/s of memory and of one direction of the links, multiprocessors
SYSTEMS = {
    "a100_sxm": ("ampere", 312e12, 624e12, 0, 2.039e12, 300e9, 108),
    "l40s": ("ada", 362.1e12, 733e12, 0, 0.864e12, 32e9, 142),
    "h100_sxm": ("hopper", 989.4e12, 1978.9e12, 0, 3.35e12, 450e9, 132),
    "h200_sxm": ("hopper", 989.4e12, 1978.9e12, 0, 4.8e12, 450e9, 132),
    "b200_sxm": ("blackwell", 2250e12, 4500e12, 9000e12, 8e12, 900e9, 148),
    "b300_sxm": ("blackwell", 2250e12, 4500e12, 14000e12, 8e12, 900e9, 148),
    "gb200": ("blackwell", 2500e12, 5000e12, 10000e12, 8e12, 900e9, 148),
    "gb300": ("blackwell", 2500e12, 5000e12, 15000e12, 8e12, 900e9, 148),
    "rtx_pro_6000_server": ("blackwell-rtx", 503.8e12, 1007.6e12, 2015.2e12, 1.597e12, 64e9, 188),
}
BYTES = {"bf16": 2, "fp8": 1, "int8": 1, "fp4": 0.5625}
PRECISIONS = {"bfloat16": ("bf16", "bf16"), "fp8": ("fp8", "fp8"), "nvfp4": ("fp4", "fp4"), "sq": ("int8", "int8"),
              "w4a16_mxfp4": ("fp4", "bf16"), "fp8_block": ("fp8", "fp8")}
SAMPLE = 6000  # points of a table


def peak(system, precision):
    return SYSTEMS[system][{"bf16": 1, "fp8": 2, "int8": 2, "fp4": 3}[precision]]


def norm(a, b, p):
    return (a**p + b**p) ** (1 / p)


def newest(folder, system, kind, name):
    """(engine, table) of the newest version of each engine."""
    for engine in sorted((folder / system / kind).glob("*")):
        files = sorted(engine.glob(f"*/{name}.parquet"))
        if files:
            table = pd.read_parquet(files[-1])
            if len(table):
                yield engine.name, table.sample(min(SAMPLE, len(table)), random_state=1)


def pool(folder, generation, kind, name, select):
    parts = []
    for system, row in SYSTEMS.items():
        if row[0] != generation:
            continue
        for _, table in newest(folder, system, kind, name):
            part = select(table.assign(system=system))
            if len(part):
                parts.append(part)
    return pd.concat(parts) if parts else pd.DataFrame()


def fit(label, names, model, table, start, low, high):
    if len(table) < 100:
        return
    seconds = table.latency.to_numpy() * 1e-3
    found = least_squares(lambda x: np.log(model(x) / seconds), start, bounds=(low, high), loss="soft_l1", f_scale=0.1)
    error = np.abs(model(found.x) / seconds - 1)
    numbers = "  ".join(f"{n} {v:.3g}" for n, v in zip(names, found.x, strict=True))
    print(f"{label:34} {len(table):6}  {numbers}   error {np.median(error):.3f}, p90 {np.quantile(error, 0.9):.3f}",
          flush=True)


def columns(table, index):
    return np.array([SYSTEMS[s][index] for s in table.system])


def fit_gemm(folder, generation):
    table = pool(folder, generation, "gemm", "gemm_perf", lambda t: t[(t.n >= 128) & (t.k >= 128)])
    for dtype, rows in table.groupby("gemm_dtype") if len(table) else []:
        if dtype not in PRECISIONS or dtype == "fp8_block":
            continue
        precision = PRECISIONS[dtype][0]
        m, n, k = (rows[c].to_numpy(float) for c in "mnk")
        rate = np.array([peak(s, precision) for s in rows.system])
        tiles = np.ceil(m / 128) * np.ceil(n / 128)
        sm = columns(rows, 6)
        filled = np.maximum(tiles / (np.ceil(tiles / sm) * sm), 0.02)
        size = BYTES[precision]
        memory = (k * n * size + m * k * size + m * n * 2) / columns(rows, 4)
        flop_s = 2 * m * n * k / rate
        fit(f"gemm {generation} {precision}", ["compute", "bandwidth", "latency_us", "norm", "fill"],
            lambda x, f=flop_s, b=memory, w=filled: x[2] * 1e-6 + norm(f / x[0] / w ** x[4], b / x[1], x[3]), rows,
            [0.7, 0.8, 5, 2, 0.5], [0.05, 0.05, 0.1, 1, 0], [1.2, 1.2, 40, 8, 1])


def fit_prefill(folder, generation):
    table = pool(folder, generation, "attention", "context_attention_perf",
                 lambda t: t[(t.get("window_size", 0) == 0) & (t.isl >= 64) & t.head_dim.isin([64, 128])
                             & (t.num_heads <= 64)])
    for compute, rows in table.groupby("attn_dtype") if len(table) else []:
        precision = PRECISIONS[compute][0]
        b, s, h, kv, d = (rows[c].to_numpy(float)
                          for c in ["batch_size", "isl", "num_heads", "num_key_value_heads", "head_dim"])
        rate = np.array([peak(x, precision) for x in rows.system])
        filled = np.clip(b * np.ceil(s / 128) * h / columns(rows, 6), 0.02, 1)
        flop_s = 2 * b * h * d * s * s / rate
        memory = b * s * d * (2 * h * 2 + 2 * 2 * kv * 2) / columns(rows, 4)
        fit(f"prefill {generation} {precision}", ["compute", "exp", "memory", "latency_us"],
            lambda x, f=flop_s, q=memory, w=filled, e=d: (
                x[3] * 1e-6 + (f / x[0] * (1 - x[1] + x[1] * 128 / e) + q / x[2]) / w), rows,
            [0.5, 0.3, 0.5, 10], [0.05, 0, 0.1, 0.1], [1.2, 1, 1.5, 60])


def fit_decode(folder, generation):
    rows = pool(folder, generation, "attention", "generation_attention_perf",
                lambda t: t[(t.get("window_size", 0) == 0) & t.head_dim.isin([64, 128]) & (t.num_heads <= 64)
                            & (t.num_heads >= 2 * t.num_key_value_heads) & (t.step >= 64)])
    if not len(rows):
        return
    b, c, h, kv, d = (rows[x].to_numpy(float)
                      for x in ["batch_size", "step", "num_heads", "num_key_value_heads", "head_dim"])
    size = np.where(rows.kv_cache_dtype == "fp8", 1, 2)
    felt = b * (c + 1) * kv * (2 * d * size + 30) / columns(rows, 4)
    filled = np.clip(b * kv * np.ceil(c / 256) / columns(rows, 6), 1e-3, 1)
    heads = b * h * 100 / columns(rows, 6) * 1e-9
    fit(f"decode {generation}", ["bandwidth", "latency_us", "heads_ns", "fill"],
        lambda x: x[1] * 1e-6 + x[2] * heads + felt / x[0] / filled ** x[3], rows, [0.8, 8, 0.5, 0.5], [0.1, 0.1, 0, 0],
        [1.5, 60, 50, 1])


def fit_experts(folder, generation):
    table = pool(folder, generation, "moe", "moe_perf",
                 lambda t: t[(t.distribution == "power_law_1.01") & (t.topk >= 2) & (t.moe_tp_size <= 8)
                             & (t.moe_ep_size <= 16) & (t.inter_size / t.moe_tp_size >= 128)])
    for dtype, rows in table.groupby("moe_dtype") if len(table) else []:
        if dtype not in PRECISIONS:
            continue
        stored, computed = PRECISIONS[dtype]
        if not peak(rows.system.iloc[0], computed):
            continue
        t, hidden, inner, top, experts, tp, ep = (rows[x].to_numpy(float) for x in [
            "num_tokens", "hidden_size", "inter_size", "topk", "num_experts", "moe_tp_size", "moe_ep_size"])
        asked = t * top / experts
        hit = experts / ep * asked / (1 + asked)
        numbers = 3 * hidden * inner / tp
        variance = 1 / np.maximum(t * top / ep, 1e-9) + ep / experts
        uneven = np.where(ep > 1, np.minimum(1 + np.sqrt(2 * np.log(ep) * variance), ep), 1)
        copies = t * top / ep * uneven
        rate = np.array([peak(s, computed) for s in rows.system])
        memory = (hit * numbers * BYTES[stored] + copies * (2 * hidden + 3 * inner / tp) * 2) / columns(rows, 4)
        fit(f"experts {generation} {dtype}", ["compute", "bandwidth", "latency_us", "norm", "rows_min", "permute_ps"],
            lambda x, c=copies, u=hit, n=numbers, r=rate, q=memory, w=hidden: (
                x[2] * 1e-6 + c * w * x[5] * 1e-12 + norm(2 * np.maximum(c, u * x[4]) * n / r / x[0], q / x[1], x[3])),
            rows, [0.4, 0.8, 30, 1.5, 10, 3], [0.02, 0.1, 0.1, 1, 1, 0], [1.2, 1.5, 150, 8, 128, 100])


def fit_messages(folder, generation):
    def select(t):
        backend = t["backend"].astype(str) if "backend" in t else pd.Series("graph", t.index)
        return t[~backend.str.contains("eager")]

    rows = pool(folder, generation, "comm", "custom_allreduce_perf", select)
    if not len(rows):
        return
    n = rows.num_gpus.to_numpy(float)
    size = 2 * rows.message_size.to_numpy(float)  # the tables count numbers of two bytes
    wire = 2 * (n - 1) / n * size / columns(rows, 5)
    fit(f"all-reduce {generation}", ["latency_us", "rank_us", "root_ns", "bandwidth"],
        lambda x: (x[0] + x[1] * (n - 1)) * 1e-6 + x[2] * 1e-9 * np.sqrt(size) + wire / x[3], rows, [4, 0.2, 5, 0.7],
        [0.1, 0, 0, 0.05], [30, 5, 200, 1.2])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    for generation in ["ampere", "ada", "hopper", "blackwell", "blackwell-rtx"]:
        for part in [fit_gemm, fit_prefill, fit_decode, fit_experts, fit_messages]:
            part(folder, generation)


if __name__ == "__main__":
    main()
