#include "parts/die_yield.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic_codes.h"
#include "parts/memory_chain.h"

namespace beltline {
namespace {

constexpr double kSquareMillimetresPerSquareCentimetre = 100;

constexpr std::array<std::pair<std::string_view, YieldModel>, 4> kModels = {{
    {"poisson", YieldModel::poisson},
    {"murphy", YieldModel::murphy},
    {"seeds", YieldModel::seeds},
    {"negative_binomial", YieldModel::negative_binomial},
}};

/// The curve that holds in a month: the last that has begun, before all of them the first.
const Entry& curve_of(const std::vector<Entry>& curves, YearMonth month) {
  const Entry* found = nullptr;
  const Entry* first = &curves.front();
  for (const Entry& curve : curves) {
    if (curve.month("from") < first->month("from")) first = &curve;
    const bool has_begun = curve.month("from") <= month;
    if (has_begun && (found == nullptr || found->month("from") < curve.month("from"))) found = &curve;
  }
  return found == nullptr ? *first : *found;
}

double learned_density(const std::vector<Entry>& curves, YearMonth month) {
  const Entry& curve = curve_of(curves, month);
  const double start = curve.number("start");
  const double mature = curve.number("mature");
  const int months = std::max(0, month.index() - curve.month("from").index());
  return mature + (start - mature) * std::exp(-months / curve.months("time_constant"));
}

double critical_area_cm2(const Entry& product) {
  return product.number(product.has("critical_area") ? "critical_area" : "die_area") /
         kSquareMillimetresPerSquareCentimetre;
}

void check_one_way(const Compile& c, const Entry& product) {
  std::vector<std::string_view> told;
  for (const std::string_view key : {"yield", "defect_density", "learning"}) {
    if (product.has(key)) told.push_back(key);
  }
  if (told.size() == 1) return;
  if (told.empty()) {
    c.diagnostics.add({.code = Code::missing_key,
                       .origin = product.origin,
                       .message = "product '" + product.name + "' does not say how many of its dies are good",
                       .found = {},
                       .expected = "one of yield, defect_density and learning",
                       .help = "add yield = 0.8"});
    return;
  }
  add_contradiction(c, {product.where(told[1]), "product '" + product.name + "' tells its yield in more than one way",
                        std::string(told[0]) + " and " + std::string(told[1]),
                        "one of yield, defect_density and learning", "leave out " + std::string(told[1])});
}

void warn_unused(const Compile& c, const Entry& product, std::string_view key, std::string expected) {
  c.diagnostics.add(
      {.code = Code::unused,
       .severity = Severity::warning,
       .origin = product.where(key),
       .message = std::string(key) + " of product '" + product.name + "' has no effect without " + expected,
       .found = {},
       .expected = expected,
       .help = "leave out " + std::string(key)});
}

void check_model(const Compile& c, const Entry& product) {
  const bool has_density = product.has("defect_density") || product.has("learning");
  if (!has_density) {
    for (const std::string_view key : {"yield_model", "critical_area", "clustering"}) {
      if (product.has(key)) warn_unused(c, product, key, "defect_density");
    }
    return;
  }
  const bool is_clustered = product.has("yield_model") && product.text("yield_model") == "negative_binomial";
  if (!product.has("yield_model")) {
    c.diagnostics.add({.code = Code::missing_key,
                       .origin = product.origin,
                       .message = "product '" + product.name + "' has defects but no yield_model",
                       .found = {},
                       .expected = "poisson, murphy, seeds or negative_binomial",
                       .help = "add yield_model = \"murphy\""});
  } else if (is_clustered && !product.has("clustering")) {
    c.diagnostics.add({.code = Code::missing_key,
                       .origin = product.where("yield_model"),
                       .message = "product '" + product.name + "' does not say how its defects cluster",
                       .found = "negative_binomial",
                       .expected = "clustering, the alpha of the model",
                       .help = "add clustering = 2, or write yield_model = \"murphy\""});
  } else if (!is_clustered && product.has("clustering")) {
    warn_unused(c, product, "clustering", "yield_model = \"negative_binomial\"");
  }
  if (product.has("critical_area") && product.number("critical_area") > product.number("die_area")) {
    add_contradiction(c, {product.where("critical_area"),
                          "the critical area of product '" + product.name + "' is larger than its die",
                          std::to_string(product.number("critical_area")) + " mm2",
                          "at most die_area, " + std::to_string(product.number("die_area")) + " mm2",
                          "write a smaller critical_area, or leave it out"});
  }
}

void check_learning(const Compile& c, const Entry& product) {
  if (!product.has("learning")) return;
  const std::vector<Entry>& curves = product.records("learning");
  if (curves.empty()) {
    c.diagnostics.add({.code = Code::missing_key,
                       .origin = product.where("learning"),
                       .message = "learning of product '" + product.name + "' is empty",
                       .found = "[]",
                       .expected = "a table with from, start, mature and time_constant",
                       .help = "write how its defects become fewer, or yield = 0.8"});
  }
  std::vector<int> months;
  for (const Entry& curve : curves) {
    if (curve.number("mature") > curve.number("start")) {
      add_contradiction(
          c, {curve.where("mature"), "defects of product '" + product.name + "' become more while it learns",
              std::to_string(curve.number("mature")) + " per cm2",
              "at most start, " + std::to_string(curve.number("start")) + " per cm2", "exchange start and mature"});
    }
    if (curve.months("time_constant") == 0) {
      c.diagnostics.add({.code = Code::out_of_range,
                         .origin = curve.where("time_constant"),
                         .message = "product '" + product.name + "' learns in no time",
                         .found = "0",
                         .expected = "a time longer than 0",
                         .help = "write the months after which 63 % is learnt, or defect_density alone"});
    }
    const int from = curve.month("from").index();
    if (std::ranges::find(months, from) != months.end()) {
      add_contradiction(
          c, {curve.where("from"), "two curves of learning of product '" + product.name + "' begin in one month",
              to_string(curve.month("from")), "one curve a month", "leave out one of the two"});
    }
    months.push_back(from);
  }
}

}  // namespace

std::optional<YieldModel> yield_model(std::string_view name) {
  const auto found = std::ranges::find(kModels, name, &std::pair<std::string_view, YieldModel>::first);
  return found == kModels.end() ? std::nullopt : std::optional(found->second);
}

double defect_yield(YieldModel model, double defects, double clustering) {
  if (defects <= 0) return 1;
  switch (model) {
    case YieldModel::poisson: return std::exp(-defects);
    // expm1: 1 − e^(−λ) loses its digits where there are few defects
    case YieldModel::murphy: return std::pow(-std::expm1(-defects) / defects, 2);
    case YieldModel::seeds: return 1 / (1 + defects);
    case YieldModel::negative_binomial: return std::exp(-clustering * std::log1p(defects / clustering));
  }
  throw Bug("no such yield model");
}

double defect_density(const Calendar& calendar, const Entry& product, int t) {
  if (!product.has("learning")) return product.series("defect_density").at(calendar, t, 0);
  double sum = 0;
  for (int i = 0; i < calendar.months_per_period; ++i) {
    sum += learned_density(product.records("learning"), calendar.month(t).plus(i));
  }
  return sum / calendar.months_per_period;
}

double die_yield(const Calendar& calendar, const Entry& product, int t) {
  const double tested =
      product.series("parametric_yield").at(calendar, t, 0) * product.series("test_yield").at(calendar, t, 0);
  if (product.has("yield")) return product.series("yield").at(calendar, t, 0) * tested;
  const bool has_density =
      product.has("defect_density") || (product.has("learning") && !product.records("learning").empty());
  // what is missing is a fault already
  if (!has_density || !product.has("yield_model")) return tested;
  const auto model = yield_model(product.text("yield_model"));
  if (!model) throw Bug("the schema lets no other yield model through");
  const double clustering = product.has("clustering") ? product.number("clustering") : 1;
  return defect_yield(*model, critical_area_cm2(product) * defect_density(calendar, product, t), clustering) * tested;
}

void check_yield(const Compile& c, const Entry& product) {
  check_one_way(c, product);
  check_model(c, product);
  check_learning(c, product);
}

}  // namespace beltline
