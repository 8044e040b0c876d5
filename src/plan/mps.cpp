#include "plan/mps.h"

#include <array>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include "plan/formulate.h"
#include "plan/lp_map.h"

namespace beltline {
namespace {

constexpr const char* kObjective = "cost_usd";

std::string exact(double value) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

/// What kinds of columns and rows are called, and the entities that they are of.
struct KindName {
  const char* word;
  enum class Of : uint8_t { none, capacity, move, process, store, demand, limit, commitment, node } of;
};

KindName kind_name(LpKind kind) {
  using Of = KindName::Of;
  switch (kind) {
    case LpKind::none: return {"other", Of::none};
    case LpKind::order: return {"order", Of::capacity};
    case LpKind::built: return {"built", Of::capacity};
    case LpKind::moved: return {"moved", Of::move};
    case LpKind::activity: return {"activity", Of::process};
    case LpKind::peak: return {"peak", Of::process};
    case LpKind::level: return {"level", Of::store};
    case LpKind::charge: return {"charge", Of::store};
    case LpKind::discharge: return {"discharge", Of::store};
    case LpKind::unserved: return {"unserved", Of::demand};
    case LpKind::shortfall: return {"shortfall", Of::limit};
    case LpKind::unpaid: return {"unpaid", Of::commitment};
    case LpKind::units: return {"units", Of::process};
    case LpKind::balance: return {"balance", Of::node};
    case LpKind::build_recursion: return {"stands", Of::capacity};
    case LpKind::capacity: return {"capacity", Of::capacity};
    case LpKind::floor: return {"floor", Of::process};
    case LpKind::peak_row: return {"below_peak", Of::process};
    case LpKind::level_recursion: return {"carries", Of::store};
    case LpKind::store_cap: return {"store_cap", Of::store};
    case LpKind::limit: return {"limit", Of::limit};
    case LpKind::ceiling: return {"ceiling", Of::commitment};
    case LpKind::take_or_pay: return {"take_or_pay", Of::commitment};
    case LpKind::cycle: return {"loop", Of::none};
    case LpKind::unit_row: return {"unit_row", Of::process};
  }
  return {"other", Of::none};
}

std::string entity_name(const Model& m, KindName::Of of, int32_t id) {
  using Of = KindName::Of;
  const auto at = [&](const auto& entities) -> std::string {
    const auto index = static_cast<std::size_t>(id);
    return id >= 0 && index < entities.size() ? entities[index].name : fmt::format("{}", id);
  };
  switch (of) {
    case Of::capacity: return at(m.capacities);
    case Of::move: return at(m.moves);
    case Of::process: return at(m.processes);
    case Of::store: return at(m.stores);
    case Of::demand: return at(m.demands);
    case Of::limit: return at(m.limits);
    case Of::commitment: return at(m.commitments);
    case Of::node:
      if (id < 0 || static_cast<std::size_t>(id) >= m.nodes.size()) break;
      return fmt::format("{}@{}", m.commodity_name(NodeId(id)), m.place_name(NodeId(id)));
    case Of::none: break;
  }
  return fmt::format("{}", id);
}

/// A name for each, without blanks, none twice.
std::vector<std::string> names_of(const Model& m, const std::vector<LpPlace>& places) {
  std::vector<std::string> names;
  std::unordered_map<std::string, int> used{{kObjective, 1}};
  names.reserve(places.size());
  for (const LpPlace& place : places) {
    const KindName kind = kind_name(place.kind);
    std::string name = fmt::format("{}.{}.{}.{}", kind.word, entity_name(m, kind.of, place.id), place.t, place.s);
    for (char& c : name) {
      if (c == ' ' || c == '\t') c = '_';
    }
    if (const int number = ++used[name]; number > 1) name += fmt::format("#{}", number);
    names.push_back(std::move(name));
  }
  return names;
}

class Writer {
 public:
  Writer(const lp::Problem& problem, std::vector<std::string> columns, std::vector<std::string> rows)
      : p_(problem), columns_(std::move(columns)), rows_(std::move(rows)) {}

  std::string write(const std::string& name) {
    out_ = fmt::format("NAME {}\nROWS\n N {}\n", name, kObjective);
    for (std::size_t r = 0; r < p_.row_count(); ++r) out_ += fmt::format(" {} {}\n", sense(r), rows_[r]);
    write_columns();
    write_right_sides();
    write_bounds();
    write_quadratic();
    return out_ + "ENDATA\n";
  }

 private:
  [[nodiscard]] char sense(std::size_t r) const {
    const bool has_lower = p_.row_lower[r] > -lp::kInf;
    const bool has_upper = p_.row_upper[r] < lp::kInf;
    if (!has_lower && !has_upper) return 'N';
    if (has_lower && has_upper && p_.row_lower[r] == p_.row_upper[r]) return 'E';
    return has_upper ? 'L' : 'G';
  }

  void write_columns() {
    out_ += "COLUMNS\n";
    bool inside = false;
    int marker = 0;
    for (std::size_t c = 0; c < p_.column_count(); ++c) {
      const bool is_whole = !p_.integer.empty() && p_.integer[c] != 0;
      if (is_whole != inside) {
        out_ += fmt::format(" M{} 'MARKER' {}\n", marker++, is_whole ? "'INTORG'" : "'INTEND'");
        inside = is_whole;
      }
      // also a column without coefficients has to be named
      out_ += fmt::format(" {} {} {}\n", columns_[c], kObjective, exact(p_.cost[c]));
      for (int32_t k = p_.start[c]; k < p_.start[c + 1]; ++k) {
        const auto at = static_cast<std::size_t>(k);
        out_ +=
            fmt::format(" {} {} {}\n", columns_[c], rows_[static_cast<std::size_t>(p_.index[at])], exact(p_.value[at]));
      }
    }
    if (inside) out_ += fmt::format(" M{} 'MARKER' 'INTEND'\n", marker);
  }

  void write_right_sides() {
    out_ += "RHS\n";
    if (p_.offset != 0) out_ += fmt::format(" RHS {} {}\n", kObjective, exact(-p_.offset));
    std::string ranges;
    for (std::size_t r = 0; r < p_.row_count(); ++r) {
      const char kind = sense(r);
      if (kind == 'N') continue;
      const double side = kind == 'G' ? p_.row_lower[r] : p_.row_upper[r];
      if (side != 0) out_ += fmt::format(" RHS {} {}\n", rows_[r], exact(side));
      if (kind == 'L' && p_.row_lower[r] > -lp::kInf)
        ranges += fmt::format(" RANGE {} {}\n", rows_[r], exact(p_.row_upper[r] - p_.row_lower[r]));
    }
    if (!ranges.empty()) out_ += "RANGES\n" + ranges;
  }

  void write_bounds() {
    out_ += "BOUNDS\n";
    for (std::size_t c = 0; c < p_.column_count(); ++c) {
      const double lower = p_.column_lower[c];
      const double upper = p_.column_upper[c];
      if (lower == upper) {
        out_ += fmt::format(" FX BOUND {} {}\n", columns_[c], exact(lower));
      } else if (lower == -lp::kInf && upper == lp::kInf) {
        out_ += fmt::format(" FR BOUND {}\n", columns_[c]);
      } else {
        if (lower == -lp::kInf)
          out_ += fmt::format(" MI BOUND {}\n", columns_[c]);
        else if (lower != 0)
          out_ += fmt::format(" LO BOUND {} {}\n", columns_[c], exact(lower));
        if (upper < lp::kInf) out_ += fmt::format(" UP BOUND {} {}\n", columns_[c], exact(upper));
        // a whole column without a bound would otherwise end at 1
        else if (!p_.integer.empty() && p_.integer[c] != 0)
          out_ += fmt::format(" PL BOUND {}\n", columns_[c]);
      }
    }
  }

  void write_quadratic() {
    if (!p_.is_quadratic()) return;
    out_ += "QUADOBJ\n";
    for (std::size_t c = 0; c < p_.column_count(); ++c) {
      if (p_.quadratic_of(c) != 0)
        out_ += fmt::format(" {} {} {}\n", columns_[c], columns_[c], exact(p_.quadratic_of(c)));
    }
  }

  const lp::Problem& p_;
  std::vector<std::string> columns_;
  std::vector<std::string> rows_;
  std::string out_;
};

}  // namespace

Outcome<std::string> mps_text(const Model& model, const std::string& name) {
  if (model.objective.kind != ObjectiveKind::min_cost)
    return failure("only a scenario with the objective min_cost is one LP; write kind = \"min_cost\"");
  Formulation formulation = formulate(model);
  GoalVector goal = goal_vector(model, formulation.layout, Goal::cost);
  lp::Problem& problem = formulation.problem;
  problem.cost = std::move(goal.coefficient);
  problem.quadratic = std::move(goal.quadratic);
  problem.offset = goal.constant;
  const LpMap map(formulation.layout);
  std::string plain = name.empty() ? "beltline" : name;
  for (char& c : plain) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') c = '_';
  }
  return Writer(problem, names_of(model, map.columns), names_of(model, map.rows)).write(plain);
}

}  // namespace beltline
