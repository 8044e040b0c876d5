#include "run/read_actuals.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "scenario/csv.h"
#include "scenario/quantity_text.h"
#include "scenario/source.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kColumns{"kind", "of", "place", "month", "quantity", "unit", "note"};
const std::vector<std::string> kKinds{"delivered", "activity", "ordered", "online", "stock", "spend", "yield", "price"};

using Where = std::function<Origin(std::string_view column)>;

/// Reads one row as a number of the model; faults go to the diagnostics.
class RowReader {
 public:
  RowReader(const Compiled& scenario, const RegisterRow& row, const Where& where, Diagnostics& diagnostics)
      : spec_(*scenario.spec), m_(*scenario.model), row_(row), where_(where), diagnostics_(diagnostics) {}

  std::optional<Actual> read() {
    const auto kind = kind_of();
    const auto month = month_of();
    const auto entity = kind ? entity_of(*kind) : std::nullopt;
    if (entity && !is_countable(*entity)) return std::nullopt;
    const auto written = number();
    if (!kind || !month || !entity || !written) return std::nullopt;
    const auto quantity = converted(*kind, *entity, *month, *written);
    if (!quantity) return std::nullopt;
    if (*kind == ActualKind::yield && !check_yield(*entity, *quantity)) return std::nullopt;
    return Actual{.kind = *kind, .entity = *entity, .month = *month, .quantity = *quantity};
  }

 private:
  void fault(Code code, std::string_view column, Diagnostic rest) {
    rest.code = code;
    rest.origin = where_(column);
    diagnostics_.add(std::move(rest));
  }

  std::optional<ActualKind> kind_of() {
    if (const auto kind = actual_kind(row_.kind)) return kind;
    const std::string near = nearest_word(row_.kind, kKinds);
    fault(Code::bad_choice, "kind",
          {.message = fmt::format("'{}' is no kind of actual", printable(row_.kind)),
           .found = printable(row_.kind),
           .expected = listing(kKinds),
           .help = near.empty() ? "write what was counted: delivered, activity, online" : did_you_mean_text(near),
           .fix = {near}});
    return std::nullopt;
  }

  std::optional<YearMonth> month_of() {
    const auto month = parse_month(row_.month);
    if (!month) {
      fault(Code::bad_month, "month",
            {.message = fmt::format("'{}' is no month", printable(row_.month)),
             .found = printable(row_.month),
             .expected = "a month such as 2026-06",
             .help = "write the year, a hyphen and the month: 2026-06"});
      return std::nullopt;
    }
    const Calendar& calendar = spec_.calendar;
    const int t = calendar.period_of(*month);
    if (t >= 0 && t < calendar.period_count) return month;
    fault(Code::outside_horizon, "month",
          {.message = "month of an actual lies outside the horizon",
           .found = row_.month,
           .expected = fmt::format("a month from {} to {}", to_string(calendar.start),
                                   to_string(calendar.month(calendar.period_count).plus(-1))),
           .help = "write a month of the scenario's calendar"});
    return std::nullopt;
  }

  // ---- what it is of ----

  template <class Entity_>
  void look(const std::vector<Entity_>& list, EntityKind kind, std::string_view prefix, std::vector<Entity>& found) {
    std::string_view name = row_.of;
    const std::string head = std::string(prefix) + ".";
    if (name.starts_with(head)) name.remove_prefix(head.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
      names_.push_back(list[i].name);
      if (list[i].name == name) found.push_back({kind, static_cast<int32_t>(i)});
    }
  }

  std::optional<Entity> entity_of(ActualKind kind) {
    std::vector<Entity> found;
    std::string what;
    switch (kind) {
      case ActualKind::delivered:
        what = "commitment";
        look(m_.commitments, EntityKind::commitment, "commitment", found);
        break;
      case ActualKind::activity:
      case ActualKind::yield:
        what = "process";
        look(m_.processes, EntityKind::process, "process", found);
        break;
      case ActualKind::ordered:
      case ActualKind::online:
        what = "capacity";
        look(m_.capacities, EntityKind::capacity, "capacity", found);
        break;
      case ActualKind::stock:
        what = "store";
        look_for_store(found);
        break;
      case ActualKind::price: look(m_.commitments, EntityKind::commitment, "commitment", found); [[fallthrough]];
      case ActualKind::spend:
        what = kind == ActualKind::price ? "capacity, process or commitment" : "capacity or process";
        look(m_.capacities, EntityKind::capacity, "capacity", found);
        look(m_.processes, EntityKind::process, "process", found);
        break;
    }
    if (found.size() == 1) return found.front();
    if (found.empty()) {
      unknown(what);
    } else {
      fault(Code::inconsistent, "of",
            {.message = fmt::format("'{}' is the name of several things", row_.of),
             .found = row_.of,
             .expected = "one of them",
             .help = kind == ActualKind::stock ? "write the name of the store, or add its place"
                                               : "write process.NAME, capacity.NAME or commitment.NAME"});
    }
    return std::nullopt;
  }

  void look_for_store(std::vector<Entity>& found) {
    for (std::size_t i = 0; i < m_.stores.size(); ++i) {
      const Store& store = m_.stores[i];
      names_.push_back(store.name);
      const bool is_good = m_.commodities[store.commodity.index()].name == row_.of;
      const bool is_there = row_.place.empty() || m_.places[store.place.index()].name == row_.place;
      if (store.name == row_.of || (is_good && is_there)) found.push_back({EntityKind::store, static_cast<int32_t>(i)});
    }
  }

  void unknown(const std::string& what) {
    const std::string near = nearest_word(row_.of, names_);
    fault(Code::dangling_reference, "of",
          {.message = fmt::format("no {} is named '{}'", what, printable(row_.of)),
           .found = printable(row_.of),
           .expected = fmt::format("the name of a {} of the scenario", what),
           .help = near.empty() ? "write a name that the tables of a plan show" : did_you_mean_text(near),
           .fix = {near}});
  }

  /// A promise that names neither quantity nor unit: nothing says what would be counted of it.
  bool is_countable(Entity entity) {
    if (entity.kind != EntityKind::commitment) return true;
    const Commitment& commitment = m_.commitments[static_cast<std::size_t>(entity.id)];
    if (!commitment.unit.empty()) return true;
    fault(Code::missing_key, "of",
          {.message = fmt::format("commitment '{}' has no unit in which it could be counted", commitment.name),
           .found = "no unit",
           .expected = "a commitment with a unit",
           .help = "add unit = \"MW\" to it, or whatever it is counted in"});
    return false;
  }

  // ---- how much ----

  std::optional<double> number() {
    const auto read = split_quantity(row_.quantity);
    if (!read || !read->unit.empty()) {
      const bool infinite = !read && read.error() == NumeralFault::not_finite;
      fault(infinite ? Code::not_finite : Code::csv_bad_value, "quantity",
            {.message = fmt::format("quantity of an actual is '{}'", printable(row_.quantity)),
             .found = printable(row_.quantity),
             .expected = "a finite number",
             .help = "write digits and a decimal point, and the unit in the column unit"});
      return std::nullopt;
    }
    if (read->number >= 0) return read->number;
    fault(Code::out_of_range, "quantity",
          {.message = fmt::format("quantity of an actual of '{}' is negative", printable(row_.of)),
           .found = row_.quantity,
           .expected = "at least 0",
           .help = "write what there was; a correction is the whole figure again, not a difference"});
    return std::nullopt;
  }

  std::optional<double> converted(ActualKind kind, Entity entity, YearMonth month, double number) {
    const std::string wanted = unit_of_actual(m_, kind, entity);
    if (row_.unit.empty()) return number;
    const auto try_unit = [&](const std::string& from, const std::string& to, double factor) -> std::optional<double> {
      const auto value = spec_.units.convert(number, from, to);
      if (!value) return std::nullopt;
      return value->value * factor * (value->basis == Basis::second ? month.hour_count() : 1);
    };
    if (const auto same = try_unit(row_.unit, wanted, 1)) return same;
    // so many in the month, where a rate per month is counted, and the other way round
    if (const auto rate = try_unit(row_.unit, wanted + "/month", 1)) return rate;
    if (const auto amount = try_unit(row_.unit + "/month", wanted, 1)) return amount;
    const bool is_rate =
        kind == ActualKind::activity && m_.processes[static_cast<std::size_t>(entity.id)].grain == Grain::rate;
    if (is_rate) {
      const std::string& unit = m_.processes[static_cast<std::size_t>(entity.id)].unit;
      if (const auto mean = try_unit(row_.unit, unit, month.hour_count())) return mean;
    }
    const bool is_known = spec_.units.known(row_.unit);
    fault(
        is_known ? Code::wrong_dimension : Code::unknown_unit, "unit",
        {.message = is_known ? fmt::format("the unit of an actual of '{}' has the wrong dimension", printable(row_.of))
                             : fmt::format("'{}' is no unit", printable(row_.unit)),
         .found = printable(row_.unit),
         .expected = wanted,
         .help = fmt::format("write it in {}", wanted)});
    return std::nullopt;
  }

  bool check_yield(Entity entity, double yield) {
    const bool is_share = unit_of_actual(m_, ActualKind::yield, entity) == "1";
    if (yield > 0 && (!is_share || yield <= 1)) return true;
    fault(Code::bad_yield, "quantity",
          {.message = fmt::format("yield of '{}' is {:g}", printable(row_.of), yield),
           .found = fmt::format("{:g}", yield),
           .expected = is_share ? "more than 0 and at most 1" : "more than 0",
           .help = "write the share that came out, such as 0.92"});
    return false;
  }

  const Spec& spec_;
  const Model& m_;
  const RegisterRow& row_;
  const Where& where_;
  Diagnostics& diagnostics_;
  std::vector<std::string> names_;
};

/// Cuts the file into rows of a register, with the place of each cell.
class FileReader {
 public:
  FileReader(const CsvTable& table, Diagnostics& diagnostics) : table_(table), diagnostics_(diagnostics) {}

  bool check_header() {
    bool good = true;
    for (const CsvHeader& header : table_.header) {
      if (std::ranges::find(kColumns, header.key) != kColumns.end()) continue;
      const std::string near = nearest_word(header.key, kColumns);
      diagnostics_.add({.code = Code::csv_bad_header,
                        .origin = header.origin,
                        .message = fmt::format("a table of actuals has no column '{}'", printable(header.key)),
                        .found = printable(header.key),
                        .expected = listing(kColumns),
                        .help = near.empty() ? "leave the column out, or write it into note" : did_you_mean_text(near),
                        .fix = {near}});
      good = false;
    }
    for (const char* needed : {"kind", "of", "month", "quantity"}) {
      if (table_.find(needed) != std::string_view::npos) continue;
      diagnostics_.add({.code = Code::csv_missing_column,
                        .origin = table_.header.front().origin,
                        .message = fmt::format("a table of actuals needs the column '{}'", needed),
                        .expected = "kind,of,month,quantity, and maybe place, unit and note",
                        .help = fmt::format("add the column {}", needed)});
      good = false;
    }
    return good;
  }

  [[nodiscard]] RegisterRow row(std::size_t i) const {
    RegisterRow row;
    std::string* const fields[] = {&row.kind, &row.of, &row.place, &row.month, &row.quantity, &row.unit, &row.note};
    for (std::size_t c = 0; c < kColumns.size(); ++c) {
      const std::size_t column = table_.find(kColumns[c]);
      if (column != std::string_view::npos) *fields[c] = table_.value(table_.cell(i, column));
    }
    const std::size_t quantity = table_.find("quantity");
    if (row.unit.empty() && table_.header[quantity].has_unit) row.unit = table_.header[quantity].unit;
    // "12 MW" in one cell
    if (const auto read = split_quantity(row.quantity); read && !read->unit.empty() && row.unit.empty()) {
      const std::string text = row.quantity;
      row.unit = std::string(read->unit);
      row.quantity = text.substr(0, text.find_last_not_of(" \t", text.size() - row.unit.size() - 1) + 1);
    }
    return row;
  }

  [[nodiscard]] Origin where(std::size_t i, std::string_view key) const {
    std::size_t column = table_.find(key);
    if (column == std::string_view::npos) column = table_.find("quantity");
    return table_.origin(table_.cell(i, column));
  }

 private:
  const CsvTable& table_;
  Diagnostics& diagnostics_;
};

using Key = std::tuple<ActualKind, EntityKind, int32_t, int>;

}  // namespace

ReadActuals read_actuals(const fs::path& file, const Compiled& scenario, const Register& there) {
  ReadActuals out;
  std::error_code error;
  const fs::path folder = fs::canonical(file.has_parent_path() ? file.parent_path() : fs::path("."), error);
  if (error) {
    out.diagnostics.add({.code = Code::file_unreadable,
                         .origin = {},
                         .message = fmt::format("'{}' is not there", printable(file.string(), 4096)),
                         .expected = "a CSV file of actuals",
                         .help = "write the path of the file"});
    return out;
  }
  ScenarioFiles files(folder);
  const auto index = files.read(file.filename().string(), {}, out.diagnostics);
  const std::string text = index ? files.files()[*index].text : std::string();
  const auto table = index ? parse_csv(text, *index, out.diagnostics) : std::nullopt;
  if (table) {
    FileReader reader(*table, out.diagnostics);
    std::map<Key, std::size_t> told;
    const bool good = reader.check_header();
    for (std::size_t i = 0; good && i < table->row_count(); ++i) {
      RegisterRow row = reader.row(i);
      const Where where = [&](std::string_view column) { return reader.where(i, column); };
      const auto actual = RowReader(scenario, row, where, out.diagnostics).read();
      if (const auto month = parse_month(row.month); month && there.is_closed(*month)) {
        out.diagnostics.add({.code = Code::closed_month,
                             .origin = where("month"),
                             .message = fmt::format("{} is closed", row.month),
                             .found = row.month,
                             .expected = "a month that is still open",
                             .help = "a month is corrected before it is closed; book the difference in a later one"});
      }
      if (actual) {
        const Key key{actual->kind, actual->entity.kind, actual->entity.id, actual->month.index()};
        if (const auto [first, is_new] = told.emplace(key, i); !is_new) {
          out.diagnostics.add(
              {.code = Code::duplicate_name,
               .origin = where("of"),
               .message = fmt::format("{} of '{}' in {} is told twice", row.kind, printable(row.of), row.month),
               .found = fmt::format("rows {} and {}", first->second + 1, i + 1),
               .expected = "one row",
               .help = "leave out one of the two, or add them up"});
        }
      }
      out.rows.push_back(std::move(row));
    }
  }
  out.files = files.take_files();
  out.diagnostics.sort_and_limit(out.files);
  return out;
}

Actuals actuals_of(const Register& rows, const Compiled& scenario, std::vector<std::string>& unknown) {
  Actuals actuals;
  for (const RegisterRow& row : rows.rows) {
    if (row.kind == "close") continue;
    Diagnostics diagnostics;
    const Where nowhere = [](std::string_view) { return Origin{}; };
    if (const auto actual = RowReader(scenario, row, nowhere, diagnostics).read()) {
      actuals.set(*actual);
    } else {
      unknown.push_back(fmt::format("row {}: {}", row.seq,
                                    diagnostics.all().empty() ? "unknown" : diagnostics.all().front().message));
    }
  }
  return actuals;
}

}  // namespace beltline
