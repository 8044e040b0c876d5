// PATH*=FACTOR and PATH+=VALUE on a value that was read.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "scenario/override_path.h"
#include "scenario/quantity_text.h"

namespace beltline {
namespace {

/// A plain number, or a share such as "50 %".
constexpr Attribute kFactor{.key = "factor", .kind = Kind::quantity};

class Change {
 public:
  Change(Reading& reading, const Override& change, std::string_view owner, Value& value)
      : reading_(reading),
        change_(change),
        owner_(owner),
        value_(value),
        subject_{.attribute = *value.attribute, .owner = owner, .source = {}} {}

  void run() {
    switch (value_.attribute->kind) {
      case Kind::quantity:
      case Kind::duration: return numbers();
      case Kind::series: return numbers();
      case Kind::integer: return integer();
      case Kind::month: return month();
      default: return refuse("a number, a series or a month");
    }
  }

 private:
  [[nodiscard]] bool scales() const { return change_.kind == Override::Kind::scale; }

  void refuse(std::string expected) {
    report(reading_, subject_,
           {.code = Code::wrong_type,
            .origin = change_.steps.back().origin,
            .verb = scales() ? "cannot be scaled" : "cannot be added to",
            .expected = std::move(expected),
            .help = "set it with = instead"});
  }

  /// What is multiplied by or added, in the value's unit; nothing after reporting why.
  std::optional<double> operand(const Quantity& of) {
    if (scales()) {
      const Subject factor{.attribute = kFactor, .owner = owner_, .source = {}};
      const auto number = read_number(reading_, factor, change_.value, {});
      return number ? std::optional(number->value) : std::nullopt;
    }
    const auto number = read_number(reading_, subject_, change_.value, {});
    if (!number) return std::nullopt;
    double added = number->value;
    if (value_.attribute->kind != Kind::duration) {
      // a difference: units of temperature have zeros of their own
      const std::string_view unit = value_.attribute->unit == "*" ? std::string_view(of.unit) : value_.attribute->unit;
      const auto there = reading_.units.convert(as_written(), number->unit, unit);
      const auto zero = reading_.units.convert(0, number->unit, unit);
      if (!there || !zero) {
        report(reading_, subject_,
               {.code = Code::wrong_dimension,
                .origin = change_.value.origin,
                .verb = fmt::format("is in '{}'", printable(number->unit)),
                .found = printable(number->unit),
                .expected = fmt::format("a unit that converts to '{}'", unit),
                .help = fmt::format("write it in '{}'", unit)});
        return std::nullopt;
      }
      added = there->value - zero->value;
    }
    if (number->basis == of.basis) return added;
    report(reading_, subject_,
           {.code = Code::wrong_dimension,
            .origin = change_.value.origin,
            .verb = "mixes rates per month and per hour or day",
            .help = "months differ in length: write the whole range in one of them"});
    return std::nullopt;
  }

  /// The number as it stands in the override, in its own unit.
  [[nodiscard]] double as_written() const {
    const SourceNode& node = change_.value;
    const auto split = split_quantity(node.text);
    return node.type == NodeType::text && split ? split->number : node.number;
  }

  [[nodiscard]] double changed(double before, double by) const { return scales() ? before * by : before + by; }

  /// Whether the new number keeps the key's bounds; says so in terms of both.
  bool keeps_bounds(double before, double by, double after) {
    SourceNode node = change_.value;
    node.type = NodeType::number;
    node.text = fmt::format("{:g} ({:g} {} {:g})", after, before, scales() ? "x" : "+", by);
    if (!std::isfinite(after)) {
      report(reading_, subject_,
             {.code = Code::not_finite,
              .origin = node.origin,
              .verb = "is " + node.text,
              .expected = "a finite number",
              .help = "write a smaller number"});
      return false;
    }
    return check_bounds(reading_, subject_, after, node);
  }

  void numbers() {
    const bool is_series = value_.attribute->kind == Kind::series;
    Quantity& q = is_series ? value_.series.quantity : value_.quantity;
    const std::optional<double> by = operand(q);
    if (!by) return;
    const auto change = [&](double& number) {
      const double before = number;
      number = changed(before, *by);
      return keeps_bounds(before, *by, number);
    };
    bool good = true;
    // the first fault of a long series says enough
    for (double& number : value_.series.values) good = good && change(number);
    const bool has_range = !is_series || value_.series.grain == SeriesValue::Grain::constant;
    for (double* number : {&q.mode, &q.low, &q.high}) good = good && (!has_range || change(*number));
    if (q.low > q.high) std::swap(q.low, q.high);  // a negative factor
    touch();
  }

  void integer() {
    const std::optional<double> by = operand(value_.quantity);
    if (!by) return;
    const auto before = static_cast<double>(value_.integer);
    const double after = changed(before, *by);
    if (!keeps_bounds(before, *by, after)) return;
    if (after != std::floor(after) || std::abs(after) > 1e15) {
      report(reading_, subject_,
             {.code = Code::wrong_type,
              .origin = change_.value.origin,
              .verb = fmt::format("is {:g}", after),
              .expected = "a whole number",
              .help = "set it with = instead"});
      return;
    }
    value_.integer = static_cast<int64_t>(after);
    value_.quantity.low = value_.quantity.mode = value_.quantity.high = after;
    touch();
  }

  void month() {
    if (scales()) return refuse("+= with a duration such as 24 month");
    static constexpr Attribute kShift{.key = "shift", .kind = Kind::duration, .min = -1200, .max = 1200};
    const Subject shift{.attribute = kShift, .owner = owner_, .source = {}};
    const auto months = read_number(reading_, shift, change_.value, {});
    if (!months || !check_bounds(reading_, shift, months->value, change_.value)) return;
    if (months->value != std::round(months->value)) {
      report(reading_, shift,
             {.code = Code::out_of_range,
              .origin = change_.value.origin,
              .verb = fmt::format("is {:g} month", months->value),
              .expected = "whole months",
              .help = fmt::format("write {:.0f} month", months->value)});
      return;
    }
    const YearMonth after = value_.month.plus(static_cast<int>(months->value));
    if (!parse_month(to_string(after))) {
      report(reading_, subject_,
             {.code = Code::bad_month,
              .origin = change_.value.origin,
              .verb = "is " + to_string(after),
              .found = to_string(after),
              .expected = "a month such as \"2025-10\"",
              .help = "write a shorter shift"});
      return;
    }
    value_.month = after;
    touch();
  }

  /// From now on the value stands in the override.
  void touch() {
    value_.is_default = false;
    value_.origin = value_.quantity.origin = value_.series.quantity.origin = change_.value.origin;
  }

  Reading& reading_;
  const Override& change_;
  std::string_view owner_;
  Value& value_;
  Subject subject_;
};

}  // namespace

void change_value(Reading& reading, const Override& change, std::string_view owner, Value& value) {
  Change(reading, change, owner, value).run();
}

}  // namespace beltline
