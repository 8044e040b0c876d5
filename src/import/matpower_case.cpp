#include "import/matpower_case.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline::matpower {
namespace {

/// What a field of the case means for a DC optimal power flow.
enum class Role : uint8_t {
  read,     // a table that is read
  idle,     // has no part in it
  refused,  // would change the answer, and cannot be written
};

struct FieldRole {
  std::string_view name;
  Role role;
};

constexpr auto kRoles = std::to_array<FieldRole>({
    {"version", Role::idle},
    {"baseMVA", Role::read},
    {"bus", Role::read},
    {"gen", Role::read},
    {"branch", Role::read},
    {"gencost", Role::read},
    {"dcline", Role::read},
    {"dclinecost", Role::read},
    {"bus_name", Role::read},
    {"genfuel", Role::read},
    {"areas", Role::idle},
    {"gentype", Role::idle},
    {"name", Role::idle},
    {"branch_name", Role::idle},
    {"gen_name", Role::idle},
    {"sub_name", Role::idle},
    {"zone_name", Role::idle},
    {"area_name", Role::idle},
    {"success", Role::idle},
    {"et", Role::idle},
    {"f", Role::idle},
    {"notes", Role::idle},
    {"casename", Role::idle},
    {"source", Role::idle},
    {"A", Role::refused},
    {"l", Role::refused},
    {"u", Role::refused},
    {"N", Role::refused},
    {"H", Role::refused},
    {"Cw", Role::refused},
    {"fparm", Role::refused},
    {"z0", Role::refused},
    {"zl", Role::refused},
    {"zu", Role::refused},
    {"storage", Role::refused},
    {"switch", Role::refused},
    {"user_constraints", Role::refused},
});

std::string fields(std::string_view table) {
  return fmt::format("mpc.{}", table);
}

class CaseReader {
 public:
  CaseReader(Reader& reader, Script script) : reader_(reader), script_(std::move(script)) { find_prefix(); }

  std::optional<Case> read() {
    Case out;
    out.name = script_.function;
    base_power(out);
    table("bus", 5, true, out.bus);
    table("gen", 10, true, out.gen);
    table("branch", 11, true, out.branch);
    table("gencost", 5, false, out.gencost);
    table("dcline", 11, false, out.dcline);
    table("dclinecost", 5, false, out.dclinecost);
    rows("gencost", out.gencost, {out.gen.rows, 2 * out.gen.rows}, "gen");
    rows("dclinecost", out.dclinecost, {out.dcline.rows, out.dcline.rows}, "dcline");
    names("bus_name", out.bus.rows, out.bus_names);
    names("genfuel", out.gen.rows, out.gen_fuels);
    other_fields();
    if (reader_.diagnostics().has_errors()) return std::nullopt;
    return out;
  }

 private:
  /// "mpc." for a struct by that name, "" for the variables of version 1.
  void find_prefix() {
    if (script_.outputs.size() > 1) {
      // version 1: the function's outputs in their order, whatever it calls them
      constexpr std::array<std::string_view, 6> kOutputs{"baseMVA", "bus", "gen", "branch", "areas", "gencost"};
      for (std::size_t k = 0; k < std::min(kOutputs.size(), script_.outputs.size()); ++k) {
        const auto found = script_.variables.find(script_.outputs[k]);
        if (found == script_.variables.end() || kOutputs[k] == script_.outputs[k]) continue;
        script_.variables.insert_or_assign(std::string(kOutputs[k]), found->second);
      }
      is_struct_ = false;
      return;
    }
    const std::string name = script_.outputs.empty() ? "mpc" : script_.outputs.front();
    const std::string start = name + ".";
    const auto first = script_.variables.lower_bound(start);
    const bool has_fields = (first != script_.variables.end() && first->first.starts_with(start)) ||
                            std::ranges::any_of(script_.faulty, [&](const auto& f) { return f.starts_with(start); });
    is_struct_ = has_fields || !script_.variables.contains("bus");
    if (is_struct_) prefix_ = start;
  }

  [[nodiscard]] const Value* find(std::string_view name) const {
    const auto found = script_.variables.find(prefix_ + std::string(name));
    return found == script_.variables.end() ? nullptr : &found->second;
  }

  [[nodiscard]] bool is_faulty(std::string_view name) const {
    return script_.faulty.contains(prefix_ + std::string(name));
  }

  void missing(std::string_view name, const char* help) {
    if (is_faulty(name)) return;
    reader_.fault(0, {.code = Code::missing_key,
                      .message = fmt::format("the case has no {}", fields(name)),
                      .expected = "baseMVA, bus, gen and branch",
                      .help = help});
  }

  void base_power(Case& out) {
    const Value* const value = find("baseMVA");
    if (value == nullptr) return missing("baseMVA", "write mpc.baseMVA = 100;");
    const double number = value->is_scalar() ? value->numbers[0] : -1;
    if (number > 0 && number < 1e12) {
      out.base_mva = number;
      return;
    }
    reader_.fault(value->place, {.code = Code::out_of_range,
                                 .message = "mpc.baseMVA is no power",
                                 .found = value->is_scalar() ? fmt::format("{}", number) : kind_words(*value),
                                 .expected = "a number above 0",
                                 .help = "write mpc.baseMVA = 100;"});
  }

  void table(std::string_view name, std::size_t columns_min, bool required, Value& out) {
    const Value* const value = find(name);
    if (value == nullptr || (required && value->size() == 0)) {
      if (required) missing(name, "add the table");
      return;
    }
    if (is_faulty(name) || value->size() == 0) return;
    if (value->kind != Value::Kind::matrix || value->columns < columns_min) {
      reader_.fault(value->place, {.code = Code::wrong_type,
                                   .message = fmt::format("{} is no table of its kind", fields(name)),
                                   .found = kind_words(*value),
                                   .expected = fmt::format("a matrix of at least {} columns", columns_min),
                                   .help = "write the columns that caseformat lists"});
      return;
    }
    out = *value;
  }

  void rows(std::string_view name, const Value& table, std::array<std::size_t, 2> expected, std::string_view of) {
    if (table.size() == 0 || is_faulty(of) || table.rows == expected[0] || table.rows == expected[1]) return;
    reader_.fault(table.place, {.code = Code::inconsistent,
                                .message = fmt::format("{} and {} differ in their rows", fields(name), fields(of)),
                                .found = fmt::format("{}", table.rows),
                                .expected = fmt::format("{}", expected[0]),
                                .help = "write one row of costs for each of them, in the same order"});
  }

  void names(std::string_view field, std::size_t count, std::vector<std::string>& out) {
    const Value* const value = find(field);
    if (value == nullptr || is_faulty(field)) return;
    if (value->kind == Value::Kind::cells && value->texts.size() == count) {
      out = value->texts;
      return;
    }
    reader_.fault(
        value->place,
        {.code = Code::inconsistent,
         .severity = Severity::warning,
         .message = fmt::format("{} is left out: it does not fit its table", fields(field)),
         .found = value->kind == Value::Kind::cells ? fmt::format("{} names", value->texts.size()) : kind_words(*value),
         .expected = fmt::format("a list of {} texts", count),
         .help = "write one name for each row"});
  }

  void other_fields() {
    if (!is_struct_) return;
    for (auto at = script_.variables.lower_bound(prefix_);
         at != script_.variables.end() && at->first.starts_with(prefix_); ++at) {
      const std::string_view name = std::string_view(at->first).substr(prefix_.size());
      const auto known = std::ranges::find(kRoles, name, &FieldRole::name);
      if (known != kRoles.end() && (known->role != Role::refused || at->second.size() == 0)) continue;
      if (known != kRoles.end()) {
        reader_.fault(at->second.place, {.code = Code::inconsistent,
                                         .message = fmt::format("{} cannot be carried over", fields(name)),
                                         .found = kind_words(at->second),
                                         .expected = "buses, generators, branches, DC lines and their costs",
                                         .help = "take it out of the case, which changes the problem"});
      } else {
        reader_.fault(at->second.place, {.code = Code::unused,
                                         .severity = Severity::warning,
                                         .message = fmt::format("{} is left out", fields(printable(name))),
                                         .expected = "buses, generators, branches, DC lines and their costs",
                                         .help = "a DC optimal power flow does not read it"});
      }
    }
  }

  Reader& reader_;
  Script script_;
  std::string prefix_;
  bool is_struct_ = true;
};

}  // namespace

std::optional<Case> read_case(Reader& reader, Script script) {
  return CaseReader(reader, std::move(script)).read();
}

}  // namespace beltline::matpower
