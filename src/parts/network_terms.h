// Terms: what limits, commitments and measures add up, as records of the scenario.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "parts/part.h"

namespace beltline {

/// Keys of one record of terms: `kind`, `of` and `coefficient`.
extern const std::array<Attribute, 3> kTermFields;

/// What the terms add up to.
struct TermSum {
  std::string unit;       // "" for that of the first term
  bool per_hour = false;  // the sum is divided by the hours of the period
  bool in_slice = false;  // one sum in each slice: rates and levels count as they are
};

/// Terms of the records under `key`, each converted to `sum.unit`, which is set if it was empty.
///
/// `of` names one entity of the kind's sort or, with '*', all that fit; none is BL0109 with the nearest name.
/// A plain coefficient weighs a term whose unit converts to the sum's; one with a unit is sum per term.
std::vector<Term> terms_of(const Compile& c, const Entry& entry, std::string_view key, TermSum& sum);

/// Unit of what a term counts in one period: MW hour for the activity of a rate, USD for spend; in one slice MW and
/// USD/hour.
std::string term_unit(const Model& model, const Term& term, bool in_slice = false);

/// Entities a term of this kind may name, in the model's order.
std::vector<std::string> term_names(const Model& model, TermKind kind);

}  // namespace beltline
