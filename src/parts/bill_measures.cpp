#include "parts/bill_measures.h"

#include <functional>
#include <string>

#include "parts/common.h"
#include "parts/die_yield.h"
#include "parts/rack.h"
#include "parts/stack.h"
#include "parts/trade_ratio.h"

namespace beltline {
namespace {

void add_constant(const Compile& c, const Entry& entry, std::string name, std::string_view unit,
                  const std::function<double(int)>& value) {
  c.builder.add(Measure{.table = "memory",
                        .name = std::move(name),
                        .unit = std::string(unit),
                        .place = {},
                        .party = {},
                        .terms = {},
                        .constant = c.builder.by_period(value),
                        .titles = {},
                        .provenance = provenance(entry)});
}

}  // namespace

void add_bill_measures(const Compile& c) {
  if (c.diagnostics.has_errors()) return;
  const Calendar& calendar = c.builder.calendar();
  for (const Entry& product : c.spec.entries("product")) {
    add_constant(c, product, "die_yield_" + product.name, "1", [&](int t) { return die_yield(calendar, product, t); });
  }
  for (const Entry& stack : c.spec.entries("stack")) {
    add_constant(c, stack, "stack_yield_" + stack.name, "1", [&](int t) { return stack_yield(calendar, stack, t); });
  }
  add_trade_ratios(c);
  for (const Entry& rack : c.spec.entries("rack")) {
    const RackBill bill = rack_bill(c.spec, rack, 0);
    if (bill.hbm_wafers > 0) {
      add_constant(c, rack, "hbm_wafers_per_rack_" + rack.name, "wafer/rack",
                   [&](int t) { return rack_bill(c.spec, rack, t).hbm_wafers; });
    }
    if (bill.host_wafers > 0) {
      add_constant(c, rack, "host_wafers_per_rack_" + rack.name, "wafer/rack",
                   [&](int t) { return rack_bill(c.spec, rack, t).host_wafers; });
    }
  }
}

}  // namespace beltline
