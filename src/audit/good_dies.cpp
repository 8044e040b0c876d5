#include "audit/good_dies.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "base/assert.h"
#include "parts/die_yield.h"

namespace beltline {
namespace {

constexpr double kSquareMillimetresPerSquareCentimetre = 100;

/// The curve of learning that holds in a month: the last that has begun, before all of them the first.
std::size_t curve_in(const std::vector<Entry>& curves, YearMonth month) {
  std::size_t first = 0;
  std::size_t found = curves.size();
  for (std::size_t i = 0; i < curves.size(); ++i) {
    if (curves[i].month("from") < curves[first].month("from")) first = i;
    const bool has_begun = curves[i].month("from") <= month;
    if (has_begun && (found == curves.size() || curves[found].month("from") < curves[i].month("from"))) found = i;
  }
  return found == curves.size() ? first : found;
}

/// Defects per cm2 of a line that learns: the mean over the months of mature + (start − mature) · e^(−(t − from) / τ).
Ranged learned_density(const Read& read, const Entry& product) {
  const std::vector<Entry>& curves = product.records("learning");
  ASSERT(!curves.empty());
  Ranged sum(0);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const Entry& curve = curves[i];
    std::vector<int> months;  // since it began, of those in which it holds
    for (int month = read.from.index(); month <= read.to.index(); ++month) {
      if (curve_in(curves, YearMonth::from_index(month)) == i)
        months.push_back(std::max(0, month - curve.month("from").index()));
    }
    if (months.empty()) continue;
    const auto value = [&](std::string_view key) {
      return read.record(curve, fmt::format("product.{}.learning[{}]", product.name, i + 1), key);
    };
    const Ranged left = apply(value("time_constant"), [&](double time_constant) {
      double all = 0;
      for (const int month : months) all += std::exp(-month / time_constant);
      return all / static_cast<double>(months.size());
    });
    const Ranged mature = value("mature");
    const double share = static_cast<double>(months.size()) / (read.to.index() - read.from.index() + 1);
    sum = sum + Ranged(share) * (mature + (value("start") - mature) * left);
  }
  return sum;
}

/// Share of dies without a defect, for a product that tells its defects.
Ranged yield_of_defects(const Read& read, const Entry& product) {
  const auto value = [&](std::string_view key) { return read(product, "product", key); };
  const Ranged density = product.has("learning") ? learned_density(read, product) : value("defect_density");
  const Ranged area = value(product.has("critical_area") ? "critical_area" : "die_area");
  const Ranged defects = area * density / Ranged(kSquareMillimetresPerSquareCentimetre);
  const auto model = yield_model(product.text("yield_model"));
  ASSERT(model.has_value());
  const Ranged clustering = product.has("clustering") ? value("clustering") : Ranged(1);
  return combine(defects, clustering, [&](double x, double alpha) { return defect_yield(*model, x, alpha); });
}

Ranged yield_of(const Read& read, const Entry& product) {
  const auto value = [&](std::string_view key) { return read(product, "product", key); };
  const Ranged given = product.has("yield") ? value("yield") : yield_of_defects(read, product);
  return given * value("parametric_yield") * value("test_yield");
}

}  // namespace

Ranged good_dies(const Read& read, const Entry& product) {
  const auto value = [&](std::string_view key) { return read(product, "product", key); };
  const Ranged usable = value("wafer_diameter") - Ranged(2) * value("edge_exclusion");
  const Ranged pitch = pow(value("die_area"), Ranged(0.5)) + value("scribe");
  const Ranged area = pitch * pitch;
  const Ranged whole = Ranged(std::numbers::pi) * usable * usable / (Ranged(4) * area);
  const Ranged rim = Ranged(std::numbers::pi) * usable / pow(Ranged(2) * area, Ranged(0.5));
  return max(whole - rim, Ranged(0)) * yield_of(read, product);
}

Ranged dies_per_stack(const Read& read, const Entry& stack) {
  const auto value = [&](std::string_view key) { return read(stack, "stack", key); };
  const Ranged dies = value("dies");
  const Ranged passed = pow(value("layer_yield"), dies) * value("test_yield");
  return dies / (passed + (Ranged(1) - passed) * value("rework_share") * value("rework_yield"));
}

}  // namespace beltline
