#include "lp/interior_kernel.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace beltline::lp {
namespace {

using Four = double __attribute__((vector_size(32)));

constexpr int32_t kWidth = 4;       // columns updated at a time
constexpr int32_t kDepthMax = 256;  // pivots packed at a time

/// Rows × columns of both factors of a product, and where it is subtracted.
struct Update {
  double* target;
  int64_t target_stride;
  const double* left;  // [row, depth] by columns
  int64_t left_stride;
  const double* right;  // [depth, kWidth] packed: D · L of the target's columns
  int32_t rows;
  int32_t columns;
  int32_t depth;
};

[[gnu::always_inline]] inline void load(Four& to, const double* from) {
  std::memcpy(&to, from, sizeof to);
}

/// kTall · 4 rows of a block of four columns; the sums are in registers.
template <int kTall>
[[gnu::always_inline]] inline void subtract_tile(const Update& u, int32_t row) {
  Four sum[kTall][kWidth] = {};
  const double* left = u.left + row;
  const double* right = u.right;
  for (int32_t k = 0; k < u.depth; ++k, left += u.left_stride, right += kWidth) {
    Four l[kTall];
    for (int t = 0; t < kTall; ++t) load(l[t], left + 4 * t);
    for (int c = 0; c < kWidth; ++c) {
      for (int t = 0; t < kTall; ++t) sum[t][c] += l[t] * right[c];
    }
  }
  for (int32_t c = 0; c < u.columns; ++c) {
    double* target = u.target + c * u.target_stride + row;
    for (int t = 0; t < kTall; ++t) {
      Four was;
      load(was, target + 4 * t);
      was -= sum[t][c];
      std::memcpy(target + 4 * t, &was, sizeof was);
    }
  }
}

[[gnu::always_inline]] inline void subtract_row(const Update& u, int32_t row) {
  for (int32_t c = 0; c < u.columns; ++c) {
    double sum = 0;
    for (int32_t k = 0; k < u.depth; ++k) sum += u.left[row + k * u.left_stride] * u.right[k * kWidth + c];
    u.target[c * u.target_stride + row] -= sum;
  }
}

[[gnu::always_inline]] inline void subtract_block(const Update& u) {
  int32_t row = 0;
  for (; row + 8 <= u.rows; row += 8) subtract_tile<2>(u, row);
  for (; row + 4 <= u.rows; row += 4) subtract_tile<1>(u, row);
  for (; row < u.rows; ++row) subtract_row(u, row);
}

/// Four columns of a panel, eliminated from kCount right-hand sides.
template <int kCount>
[[gnu::always_inline]] inline void forward_four(const Panel& p, int32_t c, double* const (&x)[kCount]) {
  const double* a = p.data + c * p.stride;
  const double *b = a + p.stride, *d = b + p.stride, *e = d + p.stride;
  for (double* y : x) {
    y[c + 1] -= a[c + 1] * y[c];
    y[c + 2] -= a[c + 2] * y[c] + b[c + 2] * y[c + 1];
    y[c + 3] -= a[c + 3] * y[c] + b[c + 3] * y[c + 1] + d[c + 3] * y[c + 2];
  }
  int32_t i = c + 4;
  for (; i + 4 <= p.rows; i += 4) {
    Four la, lb, ld, le;
    load(la, a + i), load(lb, b + i), load(ld, d + i), load(le, e + i);
    for (double* y : x) {
      Four was;
      load(was, y + i);
      was -= (la * y[c] + lb * y[c + 1]) + (ld * y[c + 2] + le * y[c + 3]);
      std::memcpy(y + i, &was, sizeof was);
    }
  }
  for (; i < p.rows; ++i) {
    for (double* y : x) y[i] -= (a[i] * y[c] + b[i] * y[c + 1]) + (d[i] * y[c + 2] + e[i] * y[c + 3]);
  }
}

template <int kCount>
[[gnu::always_inline]] inline void forward_columns(const Panel& p, double* const (&x)[kCount]) {
  int32_t c = 0;
  for (; c + 4 <= p.columns; c += 4) forward_four(p, c, x);
  for (; c < p.columns; ++c) {
    const double* a = p.data + c * p.stride;
    for (double* y : x) {
      for (int32_t i = c + 1; i < p.rows; ++i) y[i] -= a[i] * y[c];
    }
  }
}

/// Sums in four lanes, always the same ones.
template <int kCount>
[[gnu::always_inline]] inline void backward_columns(const Panel& p, double* const (&x)[kCount]) {
  for (int32_t c = p.columns; c-- > 0;) {
    const double* a = p.data + c * p.stride;
    Four sum[kCount] = {};
    double rest[kCount] = {};
    int32_t i = c + 1;
    for (; i + 4 <= p.rows; i += 4) {
      Four l;
      load(l, a + i);
      for (int k = 0; k < kCount; ++k) {
        Four r;
        load(r, x[k] + i);
        sum[k] += l * r;
      }
    }
    for (; i < p.rows; ++i) {
      for (int k = 0; k < kCount; ++k) rest[k] += a[i] * x[k][i];
    }
    for (int k = 0; k < kCount; ++k) {
      x[k][c] -= ((sum[k][0] + sum[k][1]) + (sum[k][2] + sum[k][3])) + rest[k];
    }
  }
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void subtract_block_wide(const Update& u) {
  subtract_block(u);
}
template <int kCount>
[[gnu::target("avx2")]] void forward_wide(const Panel& p, double* const (&x)[kCount]) {
  forward_columns(p, x);
}
template <int kCount>
[[gnu::target("avx2")]] void backward_wide(const Panel& p, double* const (&x)[kCount]) {
  backward_columns(p, x);
}
bool is_wide() {
  static const bool wide = __builtin_cpu_supports("avx2") != 0;
  return wide;
}
#else
void subtract_block_wide(const Update& u) {
  subtract_block(u);
}
template <int kCount>
void forward_wide(const Panel& p, double* const (&x)[kCount]) {
  forward_columns(p, x);
}
template <int kCount>
void backward_wide(const Panel& p, double* const (&x)[kCount]) {
  backward_columns(p, x);
}
bool is_wide() {
  return false;
}
#endif

void subtract(const Update& u) {
  is_wide() ? subtract_block_wide(u) : subtract_block(u);
}

/// Subtracts from `columns` columns at `target` the product of rows `left` and, transposed, their own first rows.
void subtract_columns(Update u, const double* pivot) {
  double right[kDepthMax * kWidth];
  u.right = right;
  const int32_t depth = u.depth;
  const double* left = u.left;
  for (int32_t from = 0; from < depth; from += kDepthMax) {
    u.depth = std::min(kDepthMax, depth - from);
    u.left = left + from * u.left_stride;
    for (int32_t k = 0; k < u.depth; ++k) {
      for (int32_t c = 0; c < kWidth; ++c) {
        right[k * kWidth + c] = c < u.columns ? pivot[from + k] * u.left[c + k * u.left_stride] : 0;
      }
    }
    subtract(u);
  }
}

}  // namespace

int32_t factor_panel(const Panel& panel, const int8_t* sign, double* pivot, const PivotRule& rule) {
  int32_t replaced = 0;
  for (int32_t first = 0; first < panel.columns; first += kWidth) {
    const int32_t width = std::min(kWidth, panel.columns - first);
    double* block = panel.data + first * panel.stride;
    if (first > 0) {
      subtract_columns({.target = block + first,
                        .target_stride = panel.stride,
                        .left = panel.data + first,
                        .left_stride = panel.stride,
                        .right = nullptr,
                        .rows = panel.rows - first,
                        .columns = width,
                        .depth = first},
                       pivot);
    }
    for (int32_t c = 0; c < width; ++c) {
      double* column = block + c * panel.stride;
      const int32_t at = first + c;
      double d = column[at];
      if (!(d * sign[at] > rule.least)) {
        d = sign[at] * rule.replacement;
        ++replaced;
      }
      pivot[at] = d;
      for (int32_t later = c + 1; later < width; ++later) {
        double* target = block + later * panel.stride;
        const double factor = column[first + later] / d;
        for (int32_t i = first + later; i < panel.rows; ++i) target[i] -= factor * column[i];
      }
      const double inverse = 1 / d;
      for (int32_t i = at + 1; i < panel.rows; ++i) column[i] *= inverse;
    }
  }
  return replaced;
}

void subtract_product(double* square, int64_t stride, const Panel& panel, const double* pivot) {
  const int32_t size = panel.rows - panel.columns;
  for (int32_t first = 0; first < size; first += kWidth) {
    subtract_columns({.target = square + first * stride + first,
                      .target_stride = stride,
                      .left = panel.data + panel.columns + first,
                      .left_stride = panel.stride,
                      .right = nullptr,
                      .rows = size - first,
                      .columns = std::min(kWidth, size - first),
                      .depth = panel.columns},
                     pivot);
  }
}

void solve_forward(const Panel& panel, double* x) {
  double* const one[] = {x};
  is_wide() ? forward_wide(panel, one) : forward_columns(panel, one);
}

void solve_backward(const Panel& panel, double* x) {
  double* const one[] = {x};
  is_wide() ? backward_wide(panel, one) : backward_columns(panel, one);
}

void solve_forward(const Panel& panel, double* x, double* y) {
  double* const two[] = {x, y};
  is_wide() ? forward_wide(panel, two) : forward_columns(panel, two);
}

void solve_backward(const Panel& panel, double* x, double* y) {
  double* const two[] = {x, y};
  is_wide() ? backward_wide(panel, two) : backward_columns(panel, two);
}

}  // namespace beltline::lp
