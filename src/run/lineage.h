// Which entries of the scenario a figure was computed from.
#pragma once

#include <string>
#include <vector>

#include "model/plan.h"
#include "run/summary.h"
#include "table/table.h"

namespace beltline {

/// Collects what one figure reads; parts of the same entry and role add up.
class Lineage {
 public:
  void add(std::string entry, std::string role, double part);
  /// A term's value in period t times `factor`, as the part of the entity's entry.
  void add_term(const Model& model, const Plan& plan, const Term& term, double factor, int t);
  /// All terms and the constant of a measure in period t, times `factor`.
  void add_measure(const Model& model, const Plan& plan, const Measure& measure, double factor, int t);

  /// The parts, largest first, and an empty collection.
  std::vector<LineagePart> take();

 private:
  std::vector<LineagePart> parts_;
};

/// How a measure is computed, in words: "sum over 16 racks of units online × coefficient".
std::string formula_of(const Model& model, const Measure& measure);

/// What a measure is called beside its table: "it_load_installed@ulsan".
std::string measure_label(const Model& model, const Measure& measure);

/// The table `lineage`: one row for each figure of `summary` and each measure, and each entry and role that it reads.
/// Parts of measures are means over the periods.
Table lineage_table(const Spec& spec, const Model& model, const Plan& plan, const std::vector<Figure>& figures);

}  // namespace beltline
