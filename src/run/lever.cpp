#include "run/lever.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenario/resolve.h"

namespace beltline {
namespace {

constexpr std::size_t kEntryMax = 10;

std::string written(double value) {
  return fmt::format("{:.6g}", value);
}

std::string amount(const Input& input, double value) {
  if (input.unit.empty() || input.unit == "1") return written(value);
  for (const auto& [size, letter] : {std::pair{1e9, "B"}, std::pair{1e6, "M"}}) {
    if (input.unit == "USD" && value >= size) return fmt::format("{} {} USD", written(value / size), letter);
  }
  return fmt::format("{} {}", written(value), input.unit);
}

/// A little further out, in as few digits as keep it within 5 %: 196 → 200, 18.05 → 18.1; downwards 0.093 → 0.09.
double rounded(double value, bool up) {
  if (!(value > 0) || !std::isfinite(value)) return value;
  for (int digits = 1; digits <= 4; ++digits) {
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - digits + 1);
    const double round = unit * (up ? std::ceil(value / unit - 1e-9) : std::floor(value / unit + 1e-9));
    if (std::abs(round - value) <= 0.05 * value) return round;
  }
  return value;
}

/// The number nearest, in at most three digits: 18.03 → 18.
double nearest(double value) {
  if (!(value > 0) || !std::isfinite(value)) return value;
  for (int digits = 1; digits <= 3; ++digits) {
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - digits + 1);
    const double round = unit * std::round(value / unit);
    if (std::abs(round - value) <= 0.005 * value) return round;
  }
  return value;
}

/// The strength at which people would write the number, `write` of it: of a plain number the number itself.
template <class Write>
double at_written(double strength, const Lever& lever, Write write) {
  switch (lever.how) {
    case Lever::How::shift: return std::ceil(strength - 1e-9);
    case Lever::How::begin: return write(strength, true);
    case Lever::How::scale: break;
  }
  const double of = lever.is_plain() ? std::abs(lever.input.mode) : 1.0;
  return lever.up ? write(of * strength, true) / of : of / write(of / strength, false);
}
const Entry* find_entry(const Spec& spec, const std::string& name) {
  const std::size_t dot = name.find('.');
  return dot == std::string::npos ? spec.single(name) : spec.find(name.substr(0, dot), name.substr(dot + 1));
}

std::vector<std::string> named_by(const Spec& spec, const std::string& name) {
  std::vector<std::string> out;
  const Entry* const entry = find_entry(spec, name);
  if (entry == nullptr) return out;
  for (const auto& [key, value] : entry->values) {
    if (value.attribute->kind != Kind::reference) continue;
    for (const std::string& section : split_words(value.attribute->target)) {
      if (spec.find(section, value.text) != nullptr) out.push_back(section + "." + value.text);
    }
  }
  return out;
}

bool all_zero(const SeriesValue& series) {
  return std::ranges::all_of(series.values, [](double value) { return value == 0; });
}

}  // namespace

std::string Lever::option(double strength) const {
  switch (how) {
    case How::scale: {
      const double factor = up ? strength : 1 / strength;
      if (is_plain()) return fmt::format("{}={}", path(), amount(input, input.mode * factor));
      return fmt::format("{}*={}", path(), written(factor));
    }
    case How::begin: return fmt::format("{}={}", path(), amount(input, strength));
    case How::shift: return fmt::format("{}+={} month", path(), written(up ? strength : -strength));
  }
  return {};
}

double Lever::size(double strength) const {
  switch (how) {
    case How::scale: return std::log(strength);
    case How::begin: return std::log(2.0);
    case How::shift: return std::log(2.0) * strength / 12.0;
  }
  return 0;
}

bool Lever::is_plain() const {
  const Value& value = *input.spec_value;
  const bool is_one = value.attribute->kind != Kind::series || value.series.grain == SeriesValue::Grain::constant;
  return is_one && input.low == input.mode && input.high == input.mode;
}

double rounded_up(double strength, const Lever& lever) {
  return at_written(strength, lever, rounded);
}

double rounded_near(double strength, const Lever& lever) {
  return at_written(strength, lever, [](double value, bool) { return nearest(value); });
}

std::vector<Lever> levers_of(const std::vector<Input>& inputs, const std::string& entry) {
  std::vector<Lever> out;
  for (const Input& input : inputs) {
    const std::string own = input.entry.empty() ? input.section : input.section + "." + input.entry;
    if (own != entry) continue;
    const Attribute& attribute = *input.spec_value->attribute;
    Lever lever{.input = input};
    switch (attribute.kind) {
      case Kind::quantity:
      case Kind::duration:
      case Kind::series: {
        const bool is_nothing = attribute.kind == Kind::series ? all_zero(input.spec_value->series) : input.mode == 0;
        if (is_nothing) {
          if (attribute.kind == Kind::duration) break;
          lever.how = Lever::How::begin;
          out.push_back(lever);
          break;
        }
        for (const bool up : {true, false}) {
          lever.up = up;
          out.push_back(lever);
        }
        break;
      }
      case Kind::month:
        lever.how = Lever::How::shift;
        for (const bool up : {false, true}) {
          lever.up = up;
          out.push_back(lever);
        }
        break;
      default: break;
    }
  }
  return out;
}

std::vector<std::string> entries_that_bind(const Model& model, const Spec& spec, const Shortages& shortages,
                                           const std::vector<std::string>& asked) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& entry) {
    if (std::ranges::find(asked, entry) == asked.end()) add_once(out, entry);
  };
  for (const Shortage& item : shortages.items) {
    if (!item.chain.empty()) add(provenance_of(model, entity_of(item.chain.back())).entry);
  }
  for (const Pressure& pressure : shortages.pressures) {
    if (out.size() >= kEntryMax) break;
    add(provenance_of(model, pressure.entity).entry);
  }
  const std::size_t own = out.size();
  for (std::size_t i = 0; i < own; ++i) {
    for (const std::string& named : named_by(spec, out[i])) {
      if (out.size() < 2 * kEntryMax) add(named);
    }
  }
  return out;
}

Change change_of(const Spec& spec, const Pull& pull) {
  const Input& input = pull.lever.input;
  Change change{.path = pull.lever.path(), .before = input.value, .option = pull.lever.option(pull.strength)};
  if (input.origin.file >= 0) {
    change.place = fmt::format("{}:{}", spec.files[input.origin.file].path, input.origin.line);
  }
  switch (pull.lever.how) {
    case Lever::How::scale: {
      const double factor = pull.lever.up ? pull.strength : 1 / pull.strength;
      const bool is_one = input.spec_value->attribute->kind != Kind::series ||
                          input.spec_value->series.grain == SeriesValue::Grain::constant;
      change.after = is_one ? told(input.mode * factor, input.unit) : fmt::format("× {:.4g}", factor);
      break;
    }
    case Lever::How::begin: change.after = told(pull.strength, input.unit); break;
    case Lever::How::shift: {
      const int months = static_cast<int>(pull.lever.up ? pull.strength : -pull.strength);
      change.after = to_string(input.spec_value->month.plus(months));
      change.option = fmt::format("{}={}", change.path, change.after);
      break;
    }
  }
  return change;
}

void add_once(std::vector<std::string>& entries, const std::string& entry) {
  if (!entry.empty() && std::ranges::find(entries, entry) == entries.end()) entries.push_back(entry);
}

}  // namespace beltline
