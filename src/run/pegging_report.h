// Pegging as text, JSON and a table.
#pragma once

#include <string>

#include "base/language.h"
#include "run/pegging_tree.h"
#include "table/table.h"

namespace beltline {

/// One row a peg: from_kind, from, from_period, to_kind, to, to_period, good, place, unit, quantity, arrived, taken.
Table pegging_table(const Model& model, const std::vector<Peg>& pegs);

/// Every final use with what it takes and what it waits for; then every good: how much came, and where it went.
std::string pegging_overview(const PegTrees& trees, const std::vector<Peg>& pegs, Language language, bool all);
std::string pegging_overview_json(const PegTrees& trees, const std::vector<Peg>& pegs);

/// A tree under a heading: what a use takes in (`is_up`), or what becomes of lots.
std::string pegging_text(const Model& model, const PegBranch& tree, bool is_up, Language language);
std::string pegging_json(const Model& model, const std::string& of, const PegBranch* up, const PegBranch* down);

/// "assembly of GB300 NVL72"; of ends without an entity a word: "surplus", "still in store".
std::string title_of(const Model& model, PegKind kind, int32_t id, Language language);

}  // namespace beltline
