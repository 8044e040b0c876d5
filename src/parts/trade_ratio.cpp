#include "parts/trade_ratio.h"

#include <string>
#include <vector>

#include "parts/common.h"
#include "parts/product.h"
#include "parts/stack.h"

namespace beltline {
namespace {

constexpr double kGigabitsPerTerabyte = 8000;

/// What HBM is compared with: DDR5, or where the scenario has none, all that is no HBM.
std::vector<const Entry*> references(const Spec& spec) {
  std::vector<const Entry*> ddr5, all;
  for (const Entry& product : spec.entries("product")) {
    if (is_hbm(product) || !product.has("die_capacity")) continue;
    all.push_back(&product);
    if (product.text("family") == "ddr5") ddr5.push_back(&product);
  }
  return ddr5.empty() ? all : ddr5;
}

}  // namespace

std::optional<double> wafers_per_stacked_tb(const Spec& spec, const Entry& stack, int t) {
  const Entry* product = spec.find("product", stack.text("product"));
  if (product == nullptr || !is_hbm(*product) || !product->has("die_capacity")) return std::nullopt;
  const double terabytes =
      static_cast<double>(stack.integer("dies")) * product->number("die_capacity") / kGigabitsPerTerabyte;
  return dies_per_good_stack(spec.calendar, stack, t) / output_per_wafer(spec.calendar, *product, t) / terabytes;
}

std::optional<double> trade_ratio(const Spec& spec, const Entry& stack, const Entry& host, int t) {
  const std::optional<double> stacked = wafers_per_stacked_tb(spec, stack, t);
  if (!stacked || is_hbm(host)) return std::nullopt;
  return *stacked * output_per_wafer(spec.calendar, host, t);
}

void add_trade_ratios(const Compile& c) {
  const std::vector<const Entry*> hosts = references(c.spec);
  for (const Entry& stack : c.spec.entries("stack")) {
    if (!wafers_per_stacked_tb(c.spec, stack, 0)) continue;
    for (const Entry* host : hosts) {
      const std::string suffix = hosts.size() > 1 ? "_" + host->name : std::string();
      c.builder.add(
          Measure{.table = "memory",
                  .name = "trade_ratio_" + stack.name + suffix,
                  .unit = "1",
                  .constant = c.builder.by_period([&](int t) { return *trade_ratio(c.spec, stack, *host, t); }),
                  .provenance = provenance(stack)});
    }
  }
}

}  // namespace beltline
