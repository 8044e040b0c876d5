#include "app/number_options.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline {
namespace {

/// Whether the text is digits, after a sign that a whole number may have.
bool is_whole(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

OptionFault read_whole(const std::string& text, uint64_t min, uint64_t max, uint64_t& value) {
  const std::string expected = fmt::format("a whole number from {} to {}", min, max);
  if (!is_whole(text)) return {Code::wrong_type, expected};
  const char* const begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto read = std::from_chars(begin, text.data() + text.size(), value);
  // digits, so what cannot be read is negative or too large
  const bool is_within = read.ec == std::errc() && value >= min && value <= max;
  return is_within ? OptionFault{} : OptionFault{Code::out_of_range, expected};
}

OptionFault read_real(const std::string& text, double min, double max, double& value) {
  const std::string expected = fmt::format("a number from {} to {}", min, max);
  double number = 0;
  const char* const begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto read = std::from_chars(begin, text.data() + text.size(), number);
  if (read.ptr != text.data() + text.size() || read.ec == std::errc::invalid_argument)
    return {Code::wrong_type, expected};
  if (read.ec != std::errc() || !std::isfinite(number)) return {Code::not_finite, expected};
  if (number < min || number > max) return {Code::out_of_range, expected};
  value = number;
  return {};
}

std::string NumberOptions::shown(double value) {
  return fmt::format("{}", value);
}

void NumberOptions::add_reader(const std::string& name, const std::string& description, Shown shown,
                               std::function<OptionFault(const std::string&)> read) {
  numbers_->push_back(
      std::make_unique<Number>(Number{.name = name, .text = {}, .shown = std::move(shown), .read = std::move(read)}));
  Number* const number = numbers_->back().get();
  const auto take = [numbers = numbers_, number](const std::string& text) {
    number->text = text;
    number->is_given = true;
  };
  command_->add_option_function<std::string>(name, take, description)
      ->type_name("NUMBER")
      ->option_text(fmt::format("NUMBER in [{} - {}]={}", number->shown.min, number->shown.max, number->shown.value))
      ->default_str(number->shown.value);
}

std::string NumberOptions::help_of(const std::string& name, const Shown& shown) {
  if (shown.may_be_written) return fmt::format("write {} {}, as without it", name, shown.value);
  return fmt::format("write {} {} or more", name, shown.min);
}

bool NumberOptions::is_given(std::string_view name) const {
  return std::ranges::any_of(*numbers_, [&](const auto& each) { return each->name == name && each->is_given; });
}

bool NumberOptions::find_faults(bool as_json) const {
  SourceFiles files;
  Diagnostics diagnostics;
  for (const auto& number : *numbers_) {
    if (!number->is_given) continue;
    const OptionFault fault = number->read(number->text);
    if (fault.expected.empty()) continue;
    // a fault of the command line stands in a file of the option's name, as those of --set do
    const int32_t file = files.add(number->name, number->text);
    diagnostics.add({.code = fault.code,
                     .origin = {.file = file,
                                .line = 1,
                                .column = 1,
                                .length = static_cast<uint32_t>(std::max<std::size_t>(1, number->text.size()))},
                     .message = fmt::format("option {} is '{}'", number->name, printable(number->text)),
                     .found = printable(number->text),
                     .expected = fault.expected,
                     .help = help_of(number->name, number->shown)});
  }
  if (!diagnostics.has_errors()) return false;
  report({.files = std::move(files), .diagnostics = std::move(diagnostics)}, as_json);
  return true;
}

}  // namespace beltline
