// The summary: what a reader of the field asks first, in at most 40 lines of 120 columns.
#pragma once

#include <string>
#include <vector>

#include "model/plan.h"
#include "plan/planner.h"
#include "scenario/spec.h"
#include "table/table.h"

namespace beltline {

/// What a figure reads of one entry of the scenario.
struct LineagePart {
  std::string entry;  // "rack.gb300_nvl72"
  std::string role;   // "units online of rack"
  double part = 0;    // of the figure, where it is a sum
};

/// One figure of the summary: also the table `summary` and what `--json` prints.
struct Figure {
  std::string system;  // programme, memory, centres, floating, belt, seats, government
  std::string name;
  double value = 0;
  std::string unit;
  std::string note;                     // how to read it: a range expected, a source
  std::vector<LineagePart> parts = {};  // what it was computed from, largest first
  std::string formula = {};             // how, in words; "": as figure_formula has it
};

/// Figures of the seven systems that this scenario has; those it lacks are left out.
std::vector<Figure> summary_figures(const Spec& spec, const Model& model, const Plan& plan);
Table figures_table(const std::vector<Figure>& figures);
std::string summary_text(const Spec& spec, const Model& model, const Plan& plan, const std::vector<Figure>& figures,
                         const std::vector<Table>& tables);

}  // namespace beltline
