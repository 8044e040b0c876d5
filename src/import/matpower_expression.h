// Expressions of a case file: numbers, matrices, names, calls and operators, evaluated as they are read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "import/matpower_index.h"
#include "import/matpower_reader.h"
#include "import/matpower_value.h"

namespace beltline::matpower {

/// Variables by their whole name: "mpc.bus", "Vbase".
using Variables = std::map<std::string, Value, std::less<>>;

/// Reads expressions from a Reader. A fault is added to its diagnostics and ends the expression; in a matrix the other
/// numbers are still read, so that all their faults come at once.
class Expressions {
 public:
  Expressions(Reader& reader, Variables& variables) : reader_(reader), variables_(variables) {}

  /// The expression here; nothing after a fault.
  std::optional<Value> read();
  /// The indices in the brackets that open here, of a value of this size (for `end`).
  std::optional<std::vector<Index>> indices(const Value& of);
  /// A name with its fields, "mpc.bus"; empty if none is here.
  std::string path();
  [[nodiscard]] Budget& budget() { return budget_; }
  /// Whether the last expression ended with a bracket that is not closed, before the statement that stands here now.
  [[nodiscard]] bool ended_unclosed() const { return unclosed_; }

 private:
  struct Operator {
    std::string_view text;
    int level;
  };

  std::optional<Value> binary(int level_min);
  std::optional<Value> ranged(Value first);
  std::optional<Value> unary();
  std::optional<Value> postfix();
  std::optional<Value> primary();
  std::optional<Value> named();
  std::optional<Value> called(std::string_view name, std::size_t begin);
  std::optional<Value> last_index(std::size_t begin);
  std::optional<Value> brackets();
  [[nodiscard]] bool statement_begins();
  bool row(std::vector<Value>& rows, char close, bool& good);
  std::optional<Value> plain_number();
  std::optional<Operator> next_operator();
  std::optional<Value> refuse_here(std::size_t begin, const char* what, const char* expected, const char* help);
  /// The value, or nothing after its fault was added at `begin`.
  std::optional<Value> checked(Result result, std::size_t begin);

  Reader& reader_;
  Variables& variables_;
  Budget budget_;
  bool in_matrix_ = false;
  bool unclosed_ = false;
  int depth_ = 0;
  std::vector<std::size_t> ends_;  // what `end` stands for in the indices around
};

}  // namespace beltline::matpower
