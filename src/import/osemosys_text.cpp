#include "import/osemosys_text.h"

#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/osemosys_lexer.h"

namespace beltline::osemosys {
namespace {

/// What a token is called in a diagnostic.
std::string shown(const Token& token) {
  switch (token.kind) {
    case TokenKind::symbol: return printable(token.text);
    case TokenKind::quoted: return "'" + printable(token.text) + "'";
    case TokenKind::assign: return ":=";
    case TokenKind::colon: return ":";
    case TokenKind::semicolon: return ";";
    case TokenKind::comma: return ",";
    case TokenKind::open: return "[";
    case TokenKind::close: return "]";
    case TokenKind::left: return "(";
    case TokenKind::right: return ")";
    case TokenKind::star: return "*";
    case TokenKind::end: return "the end of the text";
  }
  return "";
}

std::vector<std::string> param_names() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kParamCount; ++i) names.emplace_back(info_of(static_cast<Param>(i)).name);
  return names;
}

/// A subscript of a slice: a member, or nothing for `*`.
using Slice = std::vector<std::optional<int32_t>>;

/// Reads one statement after the other; a fault ends its statement.
class Parser {
 public:
  Parser(std::string_view text, int32_t file, Diagnostics& diagnostics)
      : lexer_(text, file, diagnostics), diagnostics_(diagnostics) {}

  DataText run() {
    while (!lexer_.peek().is(TokenKind::end)) {
      const Token head = lexer_.take();
      if (head.is_word("end")) break;
      if (head.is(TokenKind::semicolon)) continue;
      const bool is_good = head.is_word("set")     ? read_set()
                           : head.is_word("param") ? read_param()
                           : head.is_word("data")  ? true
                                                   : refuse(head, "set, param or end");
      if (!is_good || !expect(TokenKind::semicolon, ";")) skip_statement();
    }
    return std::move(data_);
  }

 private:
  bool refuse(const Token& token, std::string expected, std::string help = "") {
    diagnostics_.add({.code = Code::file_syntax,
                      .origin = token.origin,
                      .message = fmt::format("the data have '{}' here", shown(token)),
                      .found = shown(token),
                      .expected = std::move(expected),
                      .help = help.empty() ? "write the data as GNU MathProg has them" : std::move(help)});
    return false;
  }

  bool expect(TokenKind kind, const char* text) {
    if (!lexer_.peek().is(kind)) return refuse(lexer_.peek(), text, fmt::format("add '{}' here", text));
    lexer_.take();
    return true;
  }

  bool accept(TokenKind kind) {
    if (!lexer_.peek().is(kind)) return false;
    lexer_.take();
    return true;
  }

  void skip_statement() {
    while (!lexer_.peek().is(TokenKind::end) && !accept(TokenKind::semicolon)) lexer_.take();
  }

  /// Everything up to the `;`, which stays.
  bool pass_over() {
    while (!lexer_.peek().is(TokenKind::end) && !lexer_.peek().is(TokenKind::semicolon)) lexer_.take();
    return true;
  }

  std::optional<int32_t> symbol() {
    if (!lexer_.peek().is_value()) {
      refuse(lexer_.peek(), "a name or number");
      return std::nullopt;
    }
    return data_.symbols.id(lexer_.take().text);
  }

  // ---- sets

  bool read_set() {
    const Token name = lexer_.take();
    if (!name.is_value()) return refuse(name, "the name of a set");
    const std::optional<Set> set = find_set(name.text);
    if (!set) {
      if (!is_beside_the_model(name.text)) report_unknown_set(name);
      return pass_over();
    }
    const auto [at, is_new] = data_.sets.try_emplace(*set);
    if (!is_new) return report_twice(name, at->second.origin);
    at->second.origin = name.origin;
    return read_members(at->second);
  }

  bool read_members(SetText& set) {
    while (!lexer_.peek().is(TokenKind::semicolon)) {
      // behind members a := is that of the next statement, and a ; was forgotten
      if (set.members.empty() && accept(TokenKind::assign)) continue;
      if (accept(TokenKind::comma)) continue;
      if (!lexer_.peek().is_value()) return refuse(lexer_.peek(), "a member of the set or ;");
      set.origins.push_back(lexer_.peek().origin);
      set.members.push_back(data_.symbols.id(lexer_.take().text));
    }
    return true;
  }

  void report_unknown_set(const Token& name) {
    diagnostics_.add(
        {.code = Code::unknown_key,
         .severity = Severity::warning,
         .origin = name.origin,
         .message = fmt::format("set '{}' is not one of the model's and is left out", printable(name.text)),
         .help = "delete it, if nothing else needs it"});
  }

  bool report_twice(const Token& name, const Origin& first) {
    diagnostics_.add({.code = Code::duplicate_name,
                      .origin = name.origin,
                      .message = fmt::format("'{}' has its data twice", printable(name.text)),
                      .expected = fmt::format("its data once, as on line {}", first.line),
                      .help = "delete one of the two"});
    return false;
  }

  // ---- parameters

  bool read_param() {
    std::optional<double> fallback;
    if (lexer_.peek().is_word("default") && !read_default(fallback)) return false;
    if (accept(TokenKind::colon)) return read_tabbing(fallback);
    const Token name = lexer_.take();
    if (!name.is_value()) return refuse(name, "the name of a parameter");
    accept(TokenKind::comma);
    if (lexer_.peek().is_word("default") && !read_default(fallback)) return false;
    ParamText* const param = begin_param(name, fallback);
    if (param == nullptr) return pass_over();
    return read_records(*param, *find_param(name.text));
  }

  bool read_default(std::optional<double>& fallback) {
    lexer_.take();
    fallback = value();
    return fallback.has_value();
  }

  /// The place for a parameter's data, or nothing where it has none: unknown, or given before.
  ParamText* begin_param(const Token& name, std::optional<double> fallback) {
    const std::optional<Param> param = find_param(name.text);
    if (!param) {
      if (!is_beside_the_model(name.text)) report_unknown_param(name);
      return nullptr;
    }
    const auto [at, is_new] = data_.params.try_emplace(*param);
    if (!is_new) {
      report_twice(name, at->second.origin);
      return nullptr;
    }
    const ParamInfo& info = info_of(*param);
    at->second = {.origin = name.origin, .dimension = info.short_dimension > 0 ? 0 : info.dimension};
    at->second.fallback = fallback;
    return &at->second;
  }

  void report_unknown_param(const Token& name) {
    const std::string nearest = nearest_word(name.text, param_names());
    diagnostics_.add({.code = Code::unknown_key,
                      .origin = name.origin,
                      .message = fmt::format("parameter '{}' is not one of the model's", printable(name.text)),
                      .found = printable(name.text),
                      .expected = "a parameter of OSeMOSYS",
                      .help = nearest.empty() ? "delete it, or say the same with the model's parameters"
                                              : did_you_mean_text(nearest),
                      .fix = {nearest, true}});
  }

  std::optional<double> value() {
    const Token token = lexer_.peek();
    const std::optional<double> number = token.is_value() ? number_of(token.text) : std::nullopt;
    if (!number) {
      refuse(token, "a number");
      return std::nullopt;
    }
    lexer_.take();
    return number;
  }

  /// One value of a parameter; `.` leaves the default.
  bool add_value(ParamText& param, const std::array<int32_t, kSubscriptMax>& subscripts) {
    const Origin origin = lexer_.peek().origin;
    if (lexer_.peek().is_word(".")) {
      lexer_.take();
      return true;
    }
    const std::optional<double> number = value();
    if (!number) return false;
    param.cells.push_back({subscripts, *number, origin});
    return true;
  }

  /// Where a parameter may have one of two numbers of subscripts, the first data decide.
  bool set_dimension(ParamText& param, Param id, std::size_t found, const Token& at) {
    const ParamInfo& info = info_of(id);
    if (param.dimension == 0 && info.fits(found)) param.dimension = found;
    if (param.dimension == found) return true;
    return refuse(
        at, fmt::format("{} subscripts of {}", param.dimension == 0 ? info.dimension : param.dimension, info.name));
  }

  bool read_records(ParamText& param, Param id) {
    Slice slice;  // empty: all subscripts are free
    while (!lexer_.peek().is(TokenKind::semicolon)) {
      const Token token = lexer_.peek();
      if (accept(TokenKind::assign) || accept(TokenKind::comma)) continue;
      bool is_good = false;
      if (token.is(TokenKind::open)) {
        is_good = read_slice(slice) && set_dimension(param, id, slice.size(), token);
      } else if (token.is(TokenKind::left)) {
        is_good = read_transposed(param, id, slice);
      } else if (token.is(TokenKind::colon)) {
        lexer_.take();
        is_good = read_table(param, id, slice, false);
      } else if (token.is_value()) {
        is_good = read_plain(param, id, slice);
      } else {
        return refuse(token, "subscripts and a value, a table, a slice or ;");
      }
      if (!is_good) return false;
    }
    return true;
  }

  /// [A, *, 1]
  bool read_slice(Slice& slice) {
    lexer_.take();
    slice.clear();
    while (true) {
      if (accept(TokenKind::star)) {
        slice.emplace_back();
      } else if (const auto member = symbol()) {
        slice.emplace_back(*member);
      } else {
        return false;
      }
      if (accept(TokenKind::close)) return true;
      if (!accept(TokenKind::comma)) return refuse(lexer_.peek(), ", or ]");
    }
  }

  /// (tr) and the table behind it.
  bool read_transposed(ParamText& param, Param id, const Slice& slice) {
    lexer_.take();
    if (!lexer_.peek().is_word("tr")) return refuse(lexer_.peek(), "(tr)");
    lexer_.take();
    if (!expect(TokenKind::right, ")")) return false;
    accept(TokenKind::colon);
    return read_table(param, id, slice, true);
  }

  /// The positions of a slice's stars; without a slice all positions.
  static std::vector<std::size_t> free_positions(const Slice& slice, std::size_t dimension) {
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < dimension; ++i) {
      if (slice.empty() || !slice[i]) free.push_back(i);
    }
    return free;
  }

  static std::array<int32_t, kSubscriptMax> fixed_subscripts(const Slice& slice) {
    std::array<int32_t, kSubscriptMax> subscripts{};
    for (std::size_t i = 0; i < slice.size(); ++i) subscripts[i] = slice[i].value_or(0);
    return subscripts;
  }

  /// Columns up to `:=`, then rows of a subscript and one value a column.
  bool read_table(ParamText& param, Param id, const Slice& slice, bool transposed) {
    const Token start = lexer_.peek();
    if (slice.empty() && !set_dimension(param, id, 2, start)) return false;
    const std::vector<std::size_t> free = free_positions(slice, param.dimension);
    if (free.size() != 2) return refuse(start, "a slice with two * before a table");
    std::vector<int32_t> columns;
    while (!accept(TokenKind::assign)) {
      if (accept(TokenKind::comma)) continue;
      if (!lexer_.peek().is_value()) return refuse(lexer_.peek(), "a column of the table or :=");
      columns.push_back(data_.symbols.id(lexer_.take().text));
    }
    std::array<int32_t, kSubscriptMax> subscripts = fixed_subscripts(slice);
    while (lexer_.peek().is_value()) {
      subscripts[free[transposed ? 1 : 0]] = data_.symbols.id(lexer_.take().text);
      for (const int32_t column : columns) {
        accept(TokenKind::comma);
        subscripts[free[transposed ? 0 : 1]] = column;
        if (!add_value(param, subscripts)) return false;
      }
      accept(TokenKind::comma);
    }
    return true;
  }

  /// The free subscripts and a value.
  bool read_plain(ParamText& param, Param id, const Slice& slice) {
    if (param.dimension == 0) param.dimension = guessed_dimension(info_of(id));
    std::array<int32_t, kSubscriptMax> subscripts = fixed_subscripts(slice);
    for (const std::size_t position : free_positions(slice, param.dimension)) {
      const auto member = symbol();
      if (!member) return false;
      subscripts[position] = *member;
      accept(TokenKind::comma);
    }
    return add_value(param, subscripts);
  }

  /// Of a list without a slice: short if the word behind the short subscripts is a number and what follows it no value.
  std::size_t guessed_dimension(const ParamInfo& info) {
    const Lexer::Mark mark = lexer_.mark();
    std::vector<Token> words;
    while (lexer_.peek().is_value() || lexer_.peek().is(TokenKind::comma)) {
      if (!lexer_.peek().is(TokenKind::comma)) words.push_back(lexer_.peek());
      lexer_.take();
    }
    lexer_.back_to(mark);
    const auto all_values_at = [&](std::size_t dimension) {
      if (words.size() % (dimension + 1) != 0) return false;
      for (std::size_t i = dimension; i < words.size(); i += dimension + 1) {
        if (!number_of(words[i].text) && words[i].text != ".") return false;
      }
      return true;
    };
    return all_values_at(info.short_dimension) ? info.short_dimension : info.dimension;
  }

  /// param default 0 : [set :] a b := subscripts and one value for each of a and b
  bool read_tabbing(std::optional<double> fallback) {
    std::vector<Token> names = names_up_to_assign();
    if (lexer_.peek().is(TokenKind::colon)) {  // what stood there was a set: its members are those of the rows
      lexer_.take();
      names = names_up_to_assign();
    }
    if (!expect(TokenKind::assign, ":=")) return false;
    std::vector<ParamText*> params;
    std::size_t dimension = 0;
    for (const Token& name : names) {
      params.push_back(begin_param(name, fallback));
      if (params.back() == nullptr) return false;
      const ParamInfo& info = info_of(*find_param(name.text));
      if (dimension == 0) dimension = info.dimension;
      if (info.dimension != dimension) return refuse(name, "a parameter with as many subscripts as the first");
      params.back()->dimension = dimension;
    }
    while (lexer_.peek().is_value()) {
      std::array<int32_t, kSubscriptMax> subscripts{};
      for (std::size_t i = 0; i < dimension; ++i) {
        const auto member = symbol();
        if (!member) return false;
        subscripts[i] = *member;
        accept(TokenKind::comma);
      }
      for (ParamText* const param : params) {
        if (!add_value(*param, subscripts)) return false;
        accept(TokenKind::comma);
      }
    }
    return true;
  }

  std::vector<Token> names_up_to_assign() {
    std::vector<Token> names;
    while (lexer_.peek().is_value() || lexer_.peek().is(TokenKind::comma)) {
      if (!lexer_.peek().is(TokenKind::comma)) names.push_back(lexer_.peek());
      lexer_.take();
    }
    return names;
  }

  Lexer lexer_;
  Diagnostics& diagnostics_;
  DataText data_;
};

}  // namespace

std::optional<double> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

int32_t Symbols::id(std::string_view text) {
  const std::optional<double> number = number_of(text);
  std::string key = number ? fmt::format("{}", *number) : std::string(text);
  const auto [at, is_new] = ids_.try_emplace(std::move(key), static_cast<int32_t>(texts_.size()));
  if (is_new) texts_.push_back(at->first);
  return at->second;
}

DataText parse_data(std::string_view text, int32_t file, Diagnostics& diagnostics) {
  return Parser(text, file, diagnostics).run();
}

}  // namespace beltline::osemosys
