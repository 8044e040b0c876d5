"""What bench/accelerator.py measures, and the work that is in it. Standard library only."""

import dataclasses

KV_TOKENS_MAX = 1 << 22  # in one case: with eight heads of 128, keys fill 8 GiB and values as much
TOKENS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192]
HEADS = [(32, 8), (64, 8), (8, 1)]  # Llama-3.1 8B, 70B, and 70B's share in eight-way tensor parallelism
HEAD_SIZE = 128
EPSILON = 1e-5  # of the norms
WRITTEN = 1.5  # what `write` writes
ELEMENT_BYTES = {"bf16": 2, "fp8": 1, "fp32": 4}


@dataclasses.dataclass(frozen=True)
class Case:
    """One row before it is measured; the fields are the columns."""

    kernel: str
    implementation: str
    precision: str = ""
    mode: str = "burst"
    m: int = 0
    n: int = 0
    k: int = 0
    batch: int = 0
    query_length: int = 0
    kv_length: int = 0
    heads: int = 0
    kv_heads: int = 0
    head_size: int = 0
    bytes: int = 0


def gemm_cases():
    """The layers of Llama-3.1 8B and 70B, and 70B's in slices of 2, 4 and 8."""
    layers = [(6144, 4096), (4096, 4096), (28672, 4096), (4096, 14336)]
    for tp in (1, 2, 4, 8):
        layers += [(10240 // tp, 8192), (8192, 8192 // tp), (57344 // tp, 8192), (8192, 28672 // tp)]
    layers = list(dict.fromkeys(layers))
    out = [Case("gemm", "cublas", p, m=m, n=n, k=k) for n, k in layers for p in ("bf16", "fp8") for m in TOKENS]
    # the output layer sees one token a sequence
    return out + [Case("gemm", "cublas", "bf16", m=m, n=128256, k=k) for k in (4096, 8192) for m in TOKENS if m <= 512]


def memory_cases():
    sizes = [1 << power for power in range(20, 33)]
    kernels = [("copy", "triton"), ("copy", "driver"), ("read", "triton"), ("write", "torch")]
    return [Case(kernel, implementation, "fp32", bytes=size) for kernel, implementation in kernels for size in sizes]


def attention(kernel, implementation, heads, batch, query_length, kv_length):
    return Case(kernel, implementation, "bf16", batch=batch, query_length=query_length, kv_length=kv_length,
                heads=heads[0], kv_heads=heads[1], head_size=HEAD_SIZE)


def attention_cases():
    out = []
    for heads in HEADS:
        for length in [1 << power for power in range(7, 16)]:
            for batch in (1, 4, 16, 64):
                if batch * length <= 65536:
                    out += [attention("attention_prefill", i, heads, batch, length, length) for i in ("cudnn", "flash")]
        for query_length in (512, 2048):
            for kv_length in (4096, 16384, 65536):
                out.append(attention("attention_chunk", "flash", heads, 1, query_length, kv_length))
        for batch in (1, 2, 4, 8, 16, 32, 64, 128, 256):
            for kv_length in [1 << power for power in range(7, 18)]:
                if batch * kv_length <= KV_TOKENS_MAX:
                    out += [attention("attention_decode", i, heads, batch, 1, kv_length) for i in ("cudnn", "flash")]
    return out


def elementwise_cases():
    norms = [("rms_norm", "triton"), ("rms_norm", "torch"), ("add_rms_norm", "triton")]
    out = [Case(kernel, implementation, "bf16", m=m, n=n) for kernel, implementation in norms
           for n in (4096, 8192) for m in TOKENS]
    return out + [Case("silu_mul", "triton", "bf16", m=m, n=n) for n in (3584, 14336, 28672) for m in TOKENS]


def sustained_cases():
    """Kernels that the power limit holds back, and what the others draw."""
    cases = [Case("copy", "triton", "fp32", bytes=1 << 30), Case("read", "triton", "fp32", bytes=1 << 32)]
    cases += [attention("attention_decode", how, (64, 8), 64, 1, 8192) for how in ("cudnn", "flash")]
    cases += [attention("attention_prefill", "cudnn", (64, 8), 1, length, length) for length in (2048, 8192)]
    cases += [Case("gemm", "cublas", precision, m=m, n=8192, k=8192) for m in (16, 128, 512, 2048, 8192)
              for precision in ("bf16", "fp8")]
    return [dataclasses.replace(case, mode="sustained") for case in cases]


def launch_cases():
    return [Case("launch_eager", "torch", m=1000), Case("launch_graph", "torch", m=100),
            Case("launch_graph", "torch", m=1000),
            Case("launch_round_trip", "torch", m=1)]


SECTIONS = {"memory": memory_cases, "launch": launch_cases, "gemm": gemm_cases, "attention": attention_cases,
            "elementwise": elementwise_cases, "sustained": sustained_cases}


def flop(case):
    """Floating-point operations of one call; 0 where nobody counts them."""
    if case.kernel == "gemm":
        return 2 * case.m * case.n * case.k
    if case.kernel.startswith("attention"):
        # query i of q sees the keys up to its own place: kv - q + i + 1 of them
        pairs = case.query_length * case.kv_length - case.query_length * (case.query_length - 1) // 2
        return 4 * case.batch * case.heads * case.head_size * pairs
    return 0


def traffic_bytes(case):
    """The fewest bytes that one call moves through memory."""
    element = ELEMENT_BYTES.get(case.precision, 0)
    if case.kernel == "gemm":
        return element * (case.m * case.k + case.n * case.k) + ELEMENT_BYTES["bf16"] * case.m * case.n
    if case.kernel.startswith("attention"):
        tokens = 2 * case.query_length * case.heads + 2 * case.kv_length * case.kv_heads
        return element * case.batch * case.head_size * tokens
    tensors = {"rms_norm": 2, "add_rms_norm": 4, "silu_mul": 3}
    return {"copy": 2, "read": 1, "write": 1}.get(case.kernel, 0) * case.bytes + \
        element * tensors.get(case.kernel, 0) * case.m * case.n


def cold_bytes(case):
    """The bytes of a call's inputs that must not lie in the cache: weights, keys and values, whatever is streamed."""
    if case.kernel == "gemm":
        return ELEMENT_BYTES[case.precision] * case.n * case.k
    if case.kernel.startswith("attention"):
        return 2 * ELEMENT_BYTES[case.precision] * case.batch * case.kv_length * case.kv_heads * case.head_size
    return traffic_bytes(case)
