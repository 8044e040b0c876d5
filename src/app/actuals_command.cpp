// `beltline actuals add|list|close|verify`.
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <pwd.h>

#include "app/language.h"
#include "app/options.h"
#include "app/running_commands.h"
#include "base/text.h"
#include "run/read_actuals.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct ActualsArguments {
  std::string at;        // scenario folder, or the register's own file
  std::string scenario;  // "": that of the folder
  std::string file;      // to add
  std::string by;
  std::string month;
  std::string head;
  bool as_json = false;
};

bool is_korean() {
  return output_language() == Language::korean;
}

/// Who works here: the name of the account, or its number.
std::string account_name() {
  const passwd* const account = getpwuid(getuid());
  return account != nullptr && account->pw_name != nullptr && *account->pw_name != '\0'
             ? account->pw_name
             : fmt::format("uid {}", getuid());
}

/// Seconds since 1970: now, or what SOURCE_DATE_EPOCH says, so that a register can be made again byte for byte.
std::time_t time_of_recording() {
  const char* const given = std::getenv("SOURCE_DATE_EPOCH");
  long long seconds = 0;
  if (given != nullptr) {
    const auto read = std::from_chars(given, given + std::strlen(given), seconds);
    if (read.ec == std::errc() && *read.ptr == '\0' && seconds >= 0 && seconds < 253'402'300'800) return seconds;
  }
  return std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
}

Recording recording_by(const std::string& name) {
  const std::time_t now = time_of_recording();
  return {.at = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now)), .by = name.empty() ? account_name() : name};
}

/// The scenario that a register is of: the one named, or the folder that the register lies in.
Outcome<fs::path> scenario_of(const ActualsArguments& arguments) {
  if (!arguments.scenario.empty()) return fs::path(arguments.scenario);
  std::error_code error;
  const fs::path at = arguments.at;
  if (fs::exists(at / "manifest.json", error))
    return failure(fmt::format("'{}' is a run: a register lies in a scenario folder", printable(arguments.at, 4096)));
  const fs::path beside = register_file(at).parent_path().parent_path();
  for (const fs::path& folder : {at, beside}) {
    if (fs::exists(folder / "scenario.toml", error)) return folder;
  }
  return failure(
      fmt::format("'{}' holds no scenario.toml: name the scenario with --scenario", printable(arguments.at, 4096)));
}

/// The register as it is; where neither it nor what it would lie in is there, the path is a mistake.
Outcome<Register> existing_register(const std::string& at) {
  std::error_code error;
  if (!fs::exists(at, error)) return failure(fmt::format("there is no '{}', neither a folder nor a register", at));
  return read_register(at);
}

/// Months of a scenario's horizon, or nothing where the register lies beside none that can be read.
std::optional<Calendar> calendar_of(const ActualsArguments& arguments) {
  const auto folder = scenario_of(arguments);
  if (!folder) return std::nullopt;
  const Compiled scenario = compile_scenario(*folder);
  return scenario.model ? std::optional(scenario.model->calendar) : std::nullopt;
}

int print_addition(const Register& rows, std::size_t count, bool as_json) {
  if (as_json) {
    fmt::print("{}\n", Json{{"ok", true},
                            {"register", rows.file.string()},
                            {"added", count},
                            {"rows", rows.rows.size()},
                            {"head", rows.head()}}
                           .dump(2));
  } else if (is_korean()) {
    fmt::print("{} 기록: {}행 추가, 모두 {}행\n마지막 해시 {}\n", rows.file.string(), count, rows.rows.size(),
               rows.head());
  } else {
    fmt::print("recorded in {}: {} {} added, {} in all\nhead {}\n", rows.file.string(), count,
               count == 1 ? "row" : "rows", rows.rows.size(), rows.head());
  }
  return kExitDone;
}

int refuse(SourceFiles files, Diagnostics diagnostics, bool as_json) {
  const Compiled told{.files = std::move(files), .diagnostics = std::move(diagnostics)};
  report(told, as_json);
  return kExitScenario;
}

int add(const ActualsArguments& arguments) {
  const auto folder = scenario_of(arguments);
  if (!folder) {
    fail(folder.error(), arguments.as_json);
    return kExitUsage;
  }
  const Compiled scenario = compile_scenario(*folder);
  if (!scenario.model) {
    report(scenario, arguments.as_json);
    return kExitScenario;
  }
  const auto before = read_register(arguments.at);
  if (!before) return fail(before.error(), arguments.as_json);
  ReadActuals read = read_actuals(arguments.file, scenario, *before);
  if (read.diagnostics.has_errors())
    return refuse(std::move(read.files), std::move(read.diagnostics), arguments.as_json);
  const std::size_t count = read.rows.size();
  // a month may have been closed since it was looked at: it is looked at again under the lock
  const auto rows = read.rows;
  const auto check = [&](const Register& there) -> Outcome<void> {
    for (const RegisterRow& row : rows) {
      if (there.is_closed(*parse_month(row.month))) return failure(fmt::format("{} was closed meanwhile", row.month));
    }
    return {};
  };
  const auto after = append_rows(arguments.at, std::move(read.rows), recording_by(arguments.by), check);
  return after ? print_addition(*after, count, arguments.as_json) : fail(after.error(), arguments.as_json);
}

int close_month(const ActualsArguments& arguments) {
  const YearMonth month = *parse_month(arguments.month);
  std::vector<RegisterRow> rows(1);
  rows[0].kind = "close";
  rows[0].month = to_string(month);
  const std::optional<Calendar> calendar = calendar_of(arguments);
  const auto check = [&](const Register& there) -> Outcome<void> {
    const int t = calendar ? calendar->period_of(month) : 0;
    if (t < 0 || (calendar && t >= calendar->period_count)) {
      return failure(fmt::format("{} lies outside the horizon, {} to {}", to_string(month), to_string(calendar->start),
                                 to_string(calendar->month(calendar->period_count).plus(-1))));
    }
    if (there.rows.empty()) return failure(fmt::format("nothing is recorded in '{}' yet", there.file.string()));
    if (there.is_closed(month)) return failure(fmt::format("{} is closed already", to_string(month)));
    return {};
  };
  const auto before = existing_register(arguments.at);
  if (!before) return fail(before.error(), arguments.as_json);
  if (const auto good = check(*before); !good) {
    fail(good.error(), arguments.as_json);
    return kExitUsage;
  }
  const auto after = append_rows(arguments.at, std::move(rows), recording_by(arguments.by), check);
  return after ? print_addition(*after, 1, arguments.as_json) : fail(after.error(), arguments.as_json);
}

Table table_of(const Register& rows, const std::string& month) {
  Table table{
      .name = "actuals", .title = is_korean() ? "실적 기록, 행별" : "What was counted, row by row", .columns = {}};
  for (const char* column :
       {"seq", "recorded_at", "recorded_by", "kind", "of", "place", "month", "quantity", "unit", "note"}) {
    table.add_texts(column);
  }
  const auto put = [&](std::size_t i, std::string text) {
    std::get<std::vector<std::string>>(table.columns[i].values).push_back(std::move(text));
  };
  for (const RegisterRow& row : rows.rows) {
    if (!month.empty() && row.month != month) continue;
    const std::string cells[] = {fmt::format("{}", row.seq),
                                 row.recorded_at,
                                 row.recorded_by,
                                 row.kind,
                                 row.of,
                                 row.place,
                                 row.month,
                                 row.quantity,
                                 row.unit,
                                 row.note};
    for (std::size_t i = 0; i < std::size(cells); ++i) put(i, cells[i]);
  }
  return table;
}

int list(const ActualsArguments& arguments) {
  const auto rows = existing_register(arguments.at);
  if (!rows) return fail(rows.error(), arguments.as_json);
  const Table table = table_of(*rows, arguments.month);
  if (arguments.as_json) {
    Json json{{"register", rows->file.string()}, {"head", rows->head()}, {"closed", rows->closed_months()}};
    json["rows"] = Json::array();
    for (std::size_t i = 0; i < table.row_count(); ++i) {
      Json row;
      for (const Column& column : table.columns) row[column.name] = column.texts()[i];
      json["rows"].push_back(std::move(row));
    }
    fmt::print("{}\n", json.dump(2));
    return kExitDone;
  }
  if (table.row_count() == 0) {
    fmt::print("{}", is_korean() ? "기록된 실적이 없습니다\n" : "nothing is recorded\n");
    return kExitDone;
  }
  fmt::print("{}", to_text(table, table.row_count()));
  const auto closed = rows->closed_months();
  if (!closed.empty()) fmt::print("{} {}\n", is_korean() ? "마감:" : "closed:", fmt::join(closed, ", "));
  return kExitDone;
}

int verify_register(const ActualsArguments& arguments) {
  const auto rows = existing_register(arguments.at);
  if (!rows) return fail(rows.error(), arguments.as_json);
  const bool has_head = arguments.head.empty() || std::ranges::any_of(rows->rows, [&](const RegisterRow& row) {
                          return row.hash == arguments.head;
                        });
  if (!has_head) {
    return fail({fmt::format("no row of '{}' has the hash {}: rows were taken away or rewritten", rows->file.string(),
                             printable(arguments.head))},
                arguments.as_json);
  }
  if (arguments.as_json) {
    fmt::print("{}\n", Json{{"ok", true},
                            {"register", rows->file.string()},
                            {"rows", rows->rows.size()},
                            {"head", rows->head()},
                            {"closed", rows->closed_months()}}
                           .dump(2));
  } else if (is_korean()) {
    fmt::print("{}: 온전함, {}행, 마지막 해시 {}\n", rows->file.string(), rows->rows.size(), rows->head());
  } else {
    fmt::print("{} is whole: {} {}, head {}\n", rows->file.string(), rows->rows.size(),
               rows->rows.size() == 1 ? "row" : "rows", rows->head());
  }
  return kExitDone;
}

}  // namespace

void add_actuals_command(const AddCommand& add_command, const bool& as_json, int& code) {
  auto arguments = std::make_shared<ActualsArguments>();
  CLI::App* const actuals = add_command("actuals", "the register of what was counted: add, list, close, verify");
  actuals->require_subcommand(1);
  const auto sub = [&](const char* name, const char* description, int (*run)(const ActualsArguments&)) {
    CLI::App* const one = actuals->add_subcommand(name, description);
    one->add_flag("--json", arguments->as_json, "print one JSON value to standard output instead of text");
    add_language_option(*one);
    one->add_option("register", arguments->at, "scenario folder with the register, or the register's own CSV file")
        ->required();
    one->callback([arguments, run, &as_json, &code] {
      arguments->as_json = arguments->as_json || as_json;
      code = run(*arguments);
    });
    return one;
  };
  const auto add_by = [&](CLI::App* one) {
    one->add_option("--by", arguments->by, "who records it; the account's name without it")
        ->check([](const std::string& name) {
          const bool is_text = find_invalid_utf8(name) == std::string_view::npos && printable(name, 200) == name;
          return is_text ? std::string() : "write a name of printable letters, at most 200 bytes";
        });
  };
  CLI::App* const adds = sub("add", "check a CSV of actuals, and record all of it or nothing", add);
  adds->add_option("file", arguments->file, "CSV: kind, of, month, quantity, and maybe place, unit, note")->required();
  adds->add_option("--scenario", arguments->scenario,
                   "scenario folder whose names count; that of the register by default");
  add_by(adds);
  CLI::App* const lists = sub("list", "print the rows of the register", list);
  lists->add_option("--month", arguments->month, "only those of this month")->check(check_month);
  CLI::App* const closes = sub("close", "close a month: later rows of it are refused", close_month);
  closes->add_option("month", arguments->month, "month to close: 2026-03")->required()->check(check_month);
  add_by(closes);
  CLI::App* const verifies =
      sub("verify", "check that no row was changed, taken away or put between others", verify_register);
  verifies->add_option("--head", arguments->head, "hash noted earlier: a row of the register must have it");
}

}  // namespace beltline
