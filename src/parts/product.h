// product: a DRAM die, and what one wafer of it gives.
//
//     S       = (√A + scribe)²                                     area a die takes on the wafer, mm2
//     gross   = π d² / (4 S) − π d / √(2 S)                        whole dies on a wafer of usable diameter d
//     d       = diameter − 2 · edge exclusion                      300 − 2 · 3 = 294 mm
//     output  = gross · yield              known good dies         (families hbm, hbm4, …)
//     output  = gross · yield · capacity   TB                      (all others: host, ddr5, lpddr5x, gddr7, …)
//
// The second term of `gross` is the loss of the partial dies along the rim, for square dies.
// The yield, given or from defects, is that of die_yield.h.
// Source: de Vries, Investigation of Gross Die Per Wafer Formulas, IEEE Trans. Semicond. Manuf. 18 (2005) 136–139.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kProductSection;

struct Wafer {
  double diameter_mm = 300;
  double edge_mm = 3;  // ring on which no good die can lie
  double scribe_mm = 0.1;
};

/// Whole dies on a wafer; 0 where the die is too large for it.
double gross_dies(double die_area_mm2, const Wafer& wafer);

/// Whole dies on a wafer of this product.
double gross_dies(const Entry& product);

/// What one wafer started in period t gives: known good dies (hbm) or TB (others).
double output_per_wafer(const Calendar& calendar, const Entry& product, int t);

/// Whether its dies go into stacks: a family that begins with "hbm".
bool is_hbm(const Entry& product);

/// "die_hbm4" or "dram_ddr5": what the product's wafers become.
CommodityId product_commodity(const Compile& c, const Entry& product);

/// USD that a unit of the product (die or TB) is worth in stock; 0 where no price is given.
double product_value(const Calendar& calendar, const Entry& product);

/// Checks what the schema cannot: one way to tell the yield, a capacity where TB count, dies that fit on the wafer.
void check_products(const Compile& c);

}  // namespace beltline
