#include "parts/product.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/die_yield.h"

namespace beltline {
namespace {

constexpr double kGigabitsPerTerabyte = 8000;

constexpr Attribute kLearningFields[] = {
    {.key = "from", .kind = Kind::month, .required = true, .description = "Month in which it begins to learn."},
    {.key = "start",
     .kind = Kind::quantity,
     .unit = "1/cm2",
     .required = true,
     .min = 0,
     .description = "Defects until then."},
    {.key = "mature",
     .kind = Kind::quantity,
     .unit = "1/cm2",
     .required = true,
     .min = 0,
     .description = "Defects in the end."},
    {.key = "time_constant",
     .kind = Kind::duration,
     .required = true,
     .description = "Time after which 63 % of the way is done."},
};

constexpr Attribute kAttributes[] = {
    {.key = "family",
     .required = true,
     .description =
         "A word of small letters and digits. `hbm`, or one that begins so (`hbm4`): its good dies go into stacks. Any "
         "other (`host`, `ddr5`, `lpddr5x`, `gddr7`): its good dies are memory modules of the rack's CPUs and of the "
         "servers beside it, counted in TB."},
    {.key = "die_area",
     .kind = Kind::quantity,
     .unit = "mm2",
     .required = true,
     .min = 0,
     .min_exclusive = true,
     .description = "Area of one die without its scribe line."},
    {.key = "die_capacity",
     .kind = Kind::quantity,
     .unit = "Gbit",
     .min = 0,
     .min_exclusive = true,
     .description = "Bits of one die; required unless the family is `hbm`."},
    {.key = "yield",
     .kind = Kind::series,
     .unit = "",
     .is_yield = true,
     .description = "Good dies over gross dies, by the month in which the wafer is started. Exactly one of `yield`, "
                    "`defect_density` and `learning`."},
    {.key = "defect_density",
     .kind = Kind::series,
     .unit = "1/cm2",
     .min = 0,
     .description = "Instead: defects on the wafer that kill a die, D; dates of it are the line's learning."},
    {.key = "learning",
     .kind = Kind::records,
     .fields = kLearningFields,
     .description = "Instead: D falls from a start to a mature value. Several tables: each holds from its month on, as "
                    "after a change of the process."},
    {.key = "yield_model",
     .kind = Kind::choice,
     .target = "poisson|murphy|seeds|negative_binomial",
     .description = "How defects become yield; required with `defect_density` or `learning`."},
    {.key = "clustering",
     .kind = Kind::quantity,
     .unit = "",
     .min = 0,
     .min_exclusive = true,
     .description = "α of `negative_binomial`: the smaller, the more defects cluster; 1 to 5 in practice."},
    {.key = "critical_area",
     .kind = Kind::quantity,
     .unit = "mm2",
     .min = 0,
     .min_exclusive = true,
     .description =
         "Part of the die on which a defect kills it: what redundancy does not repair. Default: `die_area`."},
    {.key = "parametric_yield",
     .kind = Kind::series,
     .unit = "",
     .fallback = "1",
     .is_yield = true,
     .description = "Dies fast and cool enough over those without defects; on top of the yield above."},
    {.key = "test_yield",
     .kind = Kind::series,
     .unit = "",
     .fallback = "1",
     .is_yield = true,
     .description = "Known good dies over those that wafer test and burn-in begin with; on top of both."},
    {.key = "cycle_time",
     .kind = Kind::duration,
     .fallback = "\"19 week\"",
     .description = "From wafer start to known good die (`hbm`) or to module (`host`). Rounded up to whole periods."},
    {.key = "wafer_diameter",
     .kind = Kind::quantity,
     .unit = "mm",
     .fallback = "\"300 mm\"",
     .min = 0,
     .min_exclusive = true,
     .description = "Diameter of the wafer."},
    {.key = "edge_exclusion",
     .kind = Kind::quantity,
     .unit = "mm",
     .fallback = "\"3 mm\"",
     .min = 0,
     .description = "Ring at the rim on which no good die can lie."},
    {.key = "scribe",
     .kind = Kind::quantity,
     .unit = "mm",
     .fallback = "\"0.1 mm\"",
     .min = 0,
     .description = "Width of the scribe line between dies."},
    {.key = "earliest", .kind = Kind::month, .description = "First month in which wafers of it are started."},
    {.key = "qualified",
     .kind = Kind::month,
     .description =
         "First month in which its dies or modules may be used. Wafers may be started before it at risk; what "
         "they give waits until then."},
    {.key = "allocation",
     .kind = Kind::choice,
     .target = "value|priority|pro_rata",
     .fallback = "\"value\"",
     .description =
         "Who of the `customer`s that want wafers of it from the same fabs gets them when they are short: whoever "
         "loses most without them, the lowest `priority` first, or all the same share of what they want. `priority` "
         "makes whole numbers of the plan, one a period."},
    {.key = "price",
     .kind = Kind::series,
     .unit = "USD/TB",
     .min = 0,
     .description = "`host`: what `buyer` pays the fab's owner. A payment between parties, not a cost of the plan: the "
                    "price of the rack holds it."},
    {.key = "wafer_price",
     .kind = Kind::series,
     .unit = "USD/wafer",
     .min = 0,
     .description = "What `buyer` pays the fab's owner per wafer started, where wafers are sold as such."},
    {.key = "buyer", .kind = Kind::reference, .target = "party", .description = "Who pays `price` and `wafer_price`."},
    {.key = "delivers_to",
     .kind = Kind::reference,
     .target = "place",
     .description = "`host`: where the memory is built into racks. Default: the one place that all racks name."},
};

void check_family(const Compile& c, const Entry& product) {
  const std::string& family = product.text("family");
  const auto is_letter = [](char x) { return (x >= 'a' && x <= 'z') || (x >= '0' && x <= '9') || x == '_'; };
  if (!family.empty() && std::ranges::all_of(family, is_letter)) return;
  c.diagnostics.add({.code = Code::bad_name,
                     .origin = product.where("family"),
                     .message = "family of product '" + product.name + "' is no word",
                     .found = family,
                     .expected = "small letters and digits",
                     .help = "write family = \"hbm\" or family = \"ddr5\""});
}

}  // namespace

constinit const Section kProductSection = {
    .name = "product",
    .title = "DRAM product",
    .description =
        "A DRAM die. Gross dies of a wafer with usable diameter d = diameter − 2 · edge exclusion, for square dies "
        "that "
        "take S = (√area + scribe)² each:\n\n"
        "    gross  = π d² / (4 S) − π d / √(2 S)\n"
        "    good   = gross · yield · parametric_yield · test_yield\n"
        "    output = good                        known good dies a wafer (hbm)\n"
        "    output = good · capacity             TB a wafer (all others)\n\n"
        "The second term counts the partial dies along the rim (de Vries 2005, IEEE Trans. Semicond. Manuf. 18:136). "
        "The yield is given, or that of λ = critical area · D defects on a die:\n\n"
        "    poisson e^−λ,  murphy ((1 − e^−λ) / λ)²,  seeds 1 / (1 + λ),  negative_binomial (1 + λ/α)^−α\n"
        "    D[t] = mature + (start − mature) · e^(−(t − from) / time_constant)      with `learning`\n\n"
        "Wafers are started in a `fab`; a good comes out `cycle_time` later.",
    .attributes = kAttributes,
};

double gross_dies(double die_area_mm2, const Wafer& wafer) {
  const double usable = wafer.diameter_mm - 2 * wafer.edge_mm;
  const double pitch = std::sqrt(die_area_mm2) + wafer.scribe_mm;
  const double area = pitch * pitch;
  const double dies = std::numbers::pi * usable * usable / (4 * area) - std::numbers::pi * usable / std::sqrt(2 * area);
  return usable > 0 && dies > 0 ? dies : 0;
}

double gross_dies(const Entry& product) {
  return gross_dies(product.number("die_area"), {.diameter_mm = product.number("wafer_diameter"),
                                                 .edge_mm = product.number("edge_exclusion"),
                                                 .scribe_mm = product.number("scribe")});
}

bool is_hbm(const Entry& product) {
  return product.text("family").starts_with("hbm");
}

double output_per_wafer(const Calendar& calendar, const Entry& product, int t) {
  const double good = gross_dies(product) * die_yield(calendar, product, t);
  if (is_hbm(product)) return good;
  return product.has("die_capacity") ? good * product.number("die_capacity") / kGigabitsPerTerabyte : 0;
}

CommodityId product_commodity(const Compile& c, const Entry& product) {
  return ensure_commodity(c, is_hbm(product) ? "die" : "dram", product.name);
}

double product_value(const Calendar& calendar, const Entry& product) {
  if (!is_hbm(product) && product.has("price")) return product.series("price").at(calendar, 0, 0);
  const double output = output_per_wafer(calendar, product, 0);
  return product.has("wafer_price") && output > 0 ? product.series("wafer_price").at(calendar, 0, 0) / output : 0;
}

void check_products(const Compile& c) {
  for (const Entry& product : c.spec.entries("product")) {
    check_family(c, product);
    check_yield(c, product);
    if (!is_hbm(product) && !product.has("die_capacity")) {
      c.diagnostics.add({.code = Code::missing_key,
                         .origin = product.origin,
                         .message = "host product '" + product.name + "' has no die_capacity",
                         .found = {},
                         .expected = "the bits of one die",
                         .help = "write die_capacity = \"16 Gbit\""});
    }
    if (gross_dies(product) <= 0) {
      c.diagnostics.add({.code = Code::out_of_range,
                         .origin = product.where("die_area"),
                         .message = "no die of product '" + product.name + "' fits on its wafer",
                         .found = std::to_string(product.number("die_area")) + " mm2",
                         .expected = "a die smaller than the wafer",
                         .help = "write a smaller die_area, in mm2"});
    }
  }
}

}  // namespace beltline
