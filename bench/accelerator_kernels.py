"""The streaming kernels that bench/accelerator.py times, in Triton: as a serving engine fuses them.

Tensors are contiguous and at most 2^32 elements of 2 or 4 bytes; sizes are multiples of 16 elements. Sums are in fp32.
"""

import triton
import triton.language as tl

BLOCK = 4096


@triton.jit
def copy_kernel(source, target, count, BLOCK: tl.constexpr):
    at = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    tl.store(target + at, tl.load(source + at, at < count), at < count)


@triton.jit
def read_kernel(source, sums, count, BLOCK: tl.constexpr):
    block = tl.program_id(0).to(tl.int64)
    at = block * BLOCK + tl.arange(0, BLOCK)
    tl.store(sums + block, tl.sum(tl.load(source + at, at < count, 0.0), 0))


@triton.jit
def silu_mul_kernel(gate, up, out, count, BLOCK: tl.constexpr):
    at = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    x = tl.load(gate + at, at < count, 0.0).to(tl.float32)
    y = tl.load(up + at, at < count, 0.0).to(tl.float32)
    tl.store(out + at, (x * tl.sigmoid(x) * y).to(out.dtype.element_ty), at < count)


@triton.jit
def rms_norm_kernel(x, residual, weight, out, n, epsilon, ADD: tl.constexpr, BLOCK: tl.constexpr):
    """One row a program. With ADD, x is added to the residual, which is written back and then normalised."""
    i = tl.arange(0, BLOCK)
    at = tl.program_id(0).to(tl.int64) * n + i
    value = tl.load(x + at, i < n, 0.0).to(tl.float32)
    if ADD:
        value += tl.load(residual + at, i < n, 0.0).to(tl.float32)
        tl.store(residual + at, value.to(residual.dtype.element_ty), i < n)
    scale = 1 / tl.sqrt(tl.sum(value * value, 0) / n + epsilon)
    value = value * scale * tl.load(weight + i, i < n, 0.0).to(tl.float32)
    tl.store(out + at, value.to(out.dtype.element_ty), i < n)


def blocks(tensor):
    return (triton.cdiv(tensor.numel(), BLOCK),)


def copy(source, target):
    copy_kernel[blocks(source)](source, target, source.numel(), BLOCK=BLOCK, num_warps=8)
    return target


def read(source, sums):
    """The sum of each block of 4096: a read of everything and a write of next to nothing. sums: [blocks] fp32."""
    read_kernel[blocks(source)](source, sums, source.numel(), BLOCK=BLOCK, num_warps=8)
    return sums


def silu_mul(gate, up, out):
    silu_mul_kernel[blocks(gate)](gate, up, out, gate.numel(), BLOCK=BLOCK, num_warps=8)
    return out


def rms_norm(x, residual, weight, out, epsilon, add):
    rms_norm_kernel[(x.shape[0],)](x, residual, weight, out, x.shape[1], epsilon, ADD=add,
                                   BLOCK=triton.next_power_of_2(x.shape[1]), num_warps=8)
    return out
