#include "import/matpower_script.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/matpower_functions.h"

namespace beltline::matpower {
namespace {

constexpr std::array<std::string_view, 6> kBlocks{"if", "for", "while", "switch", "try", "parfor"};
constexpr std::array<std::string_view, 5> kTables{"idx_bus", "idx_brch", "idx_gen", "idx_cost", "idx_dcline"};

bool opens_block(std::string_view word) {
  return std::ranges::find(kBlocks, word) != kBlocks.end();
}

class Runner {
 public:
  explicit Runner(Reader& reader) : reader_(reader), expressions_(reader, script_.variables) {}

  Script run() {
    read_header();
    while (!done_) {
      next_statement_place();
      if (reader_.at_end()) break;
      const std::size_t begin = reader_.at();
      statement();
      // no statement may stand still
      if (reader_.at() == begin) reader_.step();
    }
    return std::move(script_);
  }

 private:
  void next_statement_place() {
    reader_.skip_lines();
    while (reader_.peek() == ';' || reader_.peek() == ',') {
      reader_.step();
      reader_.skip_lines();
    }
  }

  void refuse(std::size_t begin, std::string message, std::string expected, std::string help) {
    reader_.fault(begin, {.code = Code::file_syntax,
                          .message = std::move(message),
                          .found = reader_.shown(begin),
                          .expected = std::move(expected),
                          .help = std::move(help)});
    reader_.skip_statement();
  }

  /// function mpc = NAME, function [a, b] = NAME(args), function NAME
  void read_header() {
    next_statement_place();
    const std::size_t begin = reader_.at();
    if (reader_.word() != "function") {
      reader_.move_to(begin);
      return;
    }
    reader_.skip_blanks();
    std::vector<std::string> names;
    if (reader_.peek() == '[') {
      reader_.step();
      for (reader_.skip_blanks(); !reader_.at_end() && reader_.peek() != ']'; reader_.skip_blanks()) {
        const std::string_view name = reader_.word();
        if (!name.empty()) names.emplace_back(name);
        if (name.empty()) reader_.step();
      }
      reader_.step();
    } else {
      names.emplace_back(reader_.word());
    }
    reader_.skip_blanks();
    if (reader_.peek() == '=') {
      reader_.step();
      reader_.skip_blanks();
      script_.outputs = std::move(names);
      script_.function = reader_.word();
    } else if (!names.empty()) {
      script_.function = names.front();
    }
    if (reader_.peek() == '(') reader_.skip_statement();
  }

  void statement() {
    const std::size_t begin = reader_.at();
    if (reader_.peek() == '[') return several();
    const std::string_view word = reader_.peek_word();
    if (word == "if") return branch();
    if (word == "function" || word == "return") {
      done_ = true;  // what follows is another function
      return;
    }
    if (word == "end" || word == "endfunction") {
      reader_.word();
      return;
    }
    if (opens_block(word)) {
      refuse(begin, fmt::format("'{}' is not read in a case file", word), "assignments, and if ... end",
             "write the tables out, without loops");
      reader_.move_to(begin);
      skip_block();
      return;
    }
    const std::string path = expressions_.path();
    if (path.empty()) {
      return refuse(begin, "a statement cannot be read", "NAME = VALUE;", "write an assignment, or a comment after %");
    }
    if (path == "define_constants") {
      for (const std::string_view table : kTables) {
        if (table != "idx_dcline") name_columns(column_names(table));
      }
      return;
    }
    assignment(path, begin);
  }

  void name_columns(std::span<const ColumnName> columns) {
    for (const ColumnName& column : columns) {
      script_.variables.insert_or_assign(std::string(column.name), scalar(column.value, reader_.place()));
    }
  }

  /// PATH = …, PATH(…) = …, or a call without effect.
  void assignment(const std::string& path, std::size_t begin) {
    const std::size_t after = reader_.at();
    std::optional<std::vector<Index>> part;
    if (reader_.peek() == '(' || reader_.peek() == '{') {
      if (is_idle_statement(path)) return reader_.skip_statement();
      const auto known = script_.variables.find(path);
      part = expressions_.indices(known == script_.variables.end() ? Value{} : known->second);
      if (!part) return give_up(path);
    }
    reader_.skip_blanks();
    if (reader_.peek() != '=' || reader_.peek(1) == '=') {
      reader_.move_to(after);
      if (is_idle_statement(path)) return reader_.skip_statement();
      script_.faulty.insert(path);
      return refuse(begin, fmt::format("'{}' begins no statement that is read here", printable(path)), "NAME = VALUE;",
                    "write the tables out, or leave the statement out");
    }
    reader_.step();
    reader_.skip_blanks();
    const std::size_t value_begin = reader_.at();
    const std::size_t columns_end = named_columns(path);
    if (columns_end != 0) return;
    auto value = expressions_.read();
    if (!value) return give_up(path);
    if (!at_end_of_statement(path)) return;
    if (!part) return set(path, std::move(*value));
    change(path, *part, *value, value_begin);
  }

  /// c = idx_dcline; gives c.F_BUS and the others. Returns 0 where something else stands here.
  std::size_t named_columns(const std::string& path) {
    const std::size_t begin = reader_.at();
    const std::string_view name = reader_.word();
    reader_.skip_blanks();
    if (name == "idx_dcline" && reader_.at_statement_end()) {
      for (const ColumnName& column : column_names(name)) {
        script_.variables.insert_or_assign(fmt::format("{}.{}", path, column.name),
                                           scalar(column.value, static_cast<uint32_t>(begin)));
      }
      return reader_.at();
    }
    reader_.move_to(begin);
    return 0;
  }

  bool at_end_of_statement(const std::string& path) {
    reader_.skip_blanks();
    if (reader_.at_statement_end()) return true;
    script_.faulty.insert(path);
    refuse(reader_.at(), "a statement goes on where it should end", "';' or the end of the line",
           "end the statement, or write an operator");
    return false;
  }

  /// After a fault in the value of `path`: goes on with the next statement.
  void give_up(const std::string& path) {
    script_.faulty.insert(path);
    if (!expressions_.ended_unclosed()) reader_.skip_statement();
  }

  void set(const std::string& path, Value value) {
    script_.faulty.erase(path);
    script_.variables.insert_or_assign(path, std::move(value));
  }

  void change(const std::string& path, const std::vector<Index>& part, const Value& value, std::size_t begin) {
    Value& variable = script_.variables[path];
    const bool deletes = value.kind == Value::Kind::matrix && value.size() == 0;
    // {} of a list takes a text for one of its cells
    const bool is_cell = variable.kind == Value::Kind::cells && value.kind == Value::Kind::text;
    const Value cell{.kind = Value::Kind::cells, .rows = 1, .columns = 1, .texts = value.texts, .place = value.place};
    const auto done =
        deletes ? erase(variable, part) : assign(variable, part, is_cell ? cell : value, expressions_.budget());
    if (done) return;
    script_.faulty.insert(path);
    reader_.fault(begin, done.error());
  }

  /// [a, b, ~] = idx_bus;
  void several() {
    const std::size_t begin = reader_.at();
    std::vector<std::string> names;
    reader_.step();
    for (reader_.skip_blanks(); !reader_.at_end() && reader_.peek() != ']'; reader_.skip_blanks()) {
      std::string name = reader_.peek() == '~' ? "~" : expressions_.path();
      if (name == "~" || name.empty()) reader_.step();
      if (!name.empty()) names.push_back(std::move(name));
    }
    reader_.step();
    reader_.skip_blanks();
    if (reader_.peek() != '=') {
      return refuse(begin, "a statement cannot be read", "NAME = VALUE;", "write an assignment, or a comment after %");
    }
    reader_.step();
    reader_.skip_blanks();
    const std::size_t call = reader_.at();
    const auto columns = column_names(reader_.peek_word());
    if (columns.empty() || columns.size() < names.size()) {
      for (const std::string& name : names) script_.faulty.insert(name);
      return refuse(call, "only named columns can be given to several names", "idx_bus, idx_brch, idx_gen or idx_cost",
                    "write one assignment for each name");
    }
    reader_.word();
    for (std::size_t k = 0; k < names.size(); ++k) {
      if (names[k] != "~") set(names[k], scalar(columns[k].value, static_cast<uint32_t>(call)));
    }
    reader_.skip_statement();
  }

  /// Over a block to behind its `end`, from its first word.
  void skip_block() {
    reader_.word();
    while (!reader_.at_end() && skip_to_keyword() != "end") reader_.word();
    reader_.word();
  }

  /// To the next else, elseif or end of the block that is open here, over blocks inside it.
  std::string_view skip_to_keyword() {
    int depth = 0;
    while (!reader_.at_end()) {
      next_statement_place();
      const std::string_view word = reader_.peek_word();
      const bool is_end = word.starts_with("end");
      if (depth == 0 && (is_end || word == "else" || word == "elseif")) return is_end ? "end" : word;
      if (opens_block(word)) ++depth;
      if (is_end) --depth;
      if (opens_block(word) || is_end || word == "else") {
        reader_.word();
        continue;
      }
      const std::size_t begin = reader_.at();
      reader_.skip_statement();
      if (reader_.at() == begin) reader_.step();
    }
    return {};
  }

  /// if COND … elseif COND … else … end: the statements of the first condition that holds.
  void branch() {
    reader_.word();
    bool taken = false;
    bool holds = condition();
    std::string_view word;
    while (!reader_.at_end() && !done_) {
      if (holds && !taken) {
        taken = true;
        run_until_keyword();
      } else {
        (void)skip_to_keyword();
      }
      word = reader_.word();
      if (word.starts_with("end") || word.empty()) return;
      holds = word == "else" || condition();
    }
  }

  void run_until_keyword() {
    while (!reader_.at_end() && !done_) {
      next_statement_place();
      const std::string_view word = reader_.peek_word();
      if (word.starts_with("end") || word == "else" || word == "elseif") return;
      const std::size_t begin = reader_.at();
      if (++depth_ > kDepthMax) {
        refuse(begin, "blocks lie too deep in each other", fmt::format("at most {} levels", kDepthMax),
               "write the statements one after the other");
        done_ = true;
      } else {
        statement();
      }
      --depth_;
      if (reader_.at() == begin) reader_.step();
    }
  }

  /// A condition holds where none of its numbers is 0. What is not chosen is not read, and so may hold anything.
  bool condition() {
    const auto value = expressions_.read();
    if (!value) {
      reader_.skip_statement();
      return false;
    }
    return value->kind == Value::Kind::matrix && !value->numbers.empty() &&
           std::ranges::all_of(value->numbers, [](double x) { return x != 0; });
  }

  Reader& reader_;
  Script script_;
  Expressions expressions_;
  bool done_ = false;
  int depth_ = 0;
};

}  // namespace

Script run_script(Reader& reader) {
  return Runner(reader).run();
}

}  // namespace beltline::matpower
