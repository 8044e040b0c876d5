"""Each kernel of bench/accelerator.py against its definition, on small inputs, before a time is taken."""

import math

from accelerator_cases import EPSILON, WRITTEN, Case, attention, attention_cases, elementwise_cases, memory_cases


def small_cases():
    kernels = {(c.kernel, c.implementation) for c in attention_cases()}
    lengths = {"attention_prefill": (256, 256), "attention_chunk": (64, 256), "attention_decode": (1, 256)}
    out = [attention(kernel, how, (8, 2), 2, *lengths[kernel]) for kernel, how in sorted(kernels)]
    out += [Case("gemm", "cublas", precision, m=48, n=256, k=512) for precision in ("bf16", "fp8")]
    kernels = {(c.kernel, c.implementation) for c in elementwise_cases()}
    out += [Case(kernel, how, "bf16", m=48, n=n) for n in (256, 8192) for kernel, how in sorted(kernels)]
    kernels = {(c.kernel, c.implementation) for c in memory_cases()}
    return out + [Case(kernel, how, "fp32", bytes=1 << 20) for kernel, how in sorted(kernels)]


def expected(card, case, arguments):
    """What a call computes, by its definition and in double precision."""
    if case.kernel == "gemm":
        x, w = (a.double() for a in arguments)
        return x @ w.t()
    if case.kernel.startswith("attention"):
        q, k, v = (a.double() for a in arguments)
        k, v = (a.repeat_interleave(case.heads // case.kv_heads, dim=1) for a in (k, v))
        visible = card.torch.ones(case.query_length, case.kv_length, dtype=card.torch.bool, device=q.device)
        visible = visible.tril(case.kv_length - case.query_length)
        scores = (q @ k.transpose(-1, -2) / math.sqrt(case.head_size)).masked_fill(~visible, -math.inf)
        return scores.softmax(-1) @ v
    if case.bytes:
        source = arguments[0].double()
        values = source.clone().fill_(WRITTEN)
        return {"read": source.view(-1, card.kernels.BLOCK).sum(1), "copy": source, "write": values}[case.kernel]
    x, other, weight = (a.double() for a in arguments)
    if case.kernel == "silu_mul":
        return x * x.sigmoid() * other
    x = x + other if case.kernel == "add_rms_norm" else x
    return x * weight / (x.square().mean(-1, keepdim=True) + EPSILON).sqrt()


def check(card):
    """[(case, relative error)] against the definition; of what computes something else, no time is worth taking."""
    out = []
    for case in small_cases():
        function, arguments = card.calls(case)[0]
        want = expected(card, case, arguments)
        out.append((case, float((function(*arguments).double() - want).norm() / want.norm())))
    return out
