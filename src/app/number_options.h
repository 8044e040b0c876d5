// Options that take a number or one of some words, told with the care that a scenario's values get.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/diagnostic.h"

namespace beltline {

/// What is wrong with the text of an option; without a code nothing is.
struct OptionFault {
  Code code{};
  std::string expected;
};

/// Reads a whole number, written in digits alone.
OptionFault read_whole(const std::string& text, uint64_t min, uint64_t max, uint64_t& value);
/// Reads a finite number.
OptionFault read_real(const std::string& text, double min, double max, double& value);

/// The number options of one command. The command line is parsed first; `find_faults` then reads all of them, so that
/// several faults are told at once, each with code, place, what was expected, and help.
class NumberOptions {
 public:
  explicit NumberOptions(CLI::App& command) : command_(&command) {}

  /// @param value  its default, which the help shows; set by find_faults. Out of the range it stands for "not given"
  template <class Number>
  void add(const std::string& name, Number& value, std::type_identity_t<Number> min, std::type_identity_t<Number> max,
           const std::string& description) {
    if constexpr (std::is_floating_point_v<Number>) {
      add_reader(name, description, {shown(value), shown(min), shown(max), value >= min && value <= max},
                 [&value, min, max](const std::string& text) { return read_real(text, min, max, value); });
    } else {
      const auto read = [&value, min, max](const std::string& text) {
        uint64_t number = 0;
        OptionFault fault = read_whole(text, static_cast<uint64_t>(min), static_cast<uint64_t>(max), number);
        if (fault.expected.empty()) value = static_cast<Number>(number);
        return fault;
      };
      add_reader(name, description,
                 {std::to_string(value), std::to_string(min), std::to_string(max), value >= min && value <= max}, read);
    }
  }

  /// Whether the line has this option.
  [[nodiscard]] bool is_given(std::string_view name) const;
  /// Prints every fault, to standard error or as one JSON value. Returns whether there were any.
  [[nodiscard]] bool find_faults(bool as_json) const;

 private:
  struct Shown {
    std::string value, min, max;
    bool may_be_written = true;  // the default, as any other value
  };
  struct Number {
    std::string name, text;
    Shown shown;
    bool is_given = false;
    std::function<OptionFault(const std::string&)> read;
  };

  static std::string shown(double value);
  static std::string help_of(const std::string& name, const Shown& shown);
  void add_reader(const std::string& name, const std::string& description, Shown shown,
                  std::function<OptionFault(const std::string&)> read);

  CLI::App* command_;
  // shared with the callbacks of the options, which outlive a copy of this
  std::shared_ptr<std::vector<std::unique_ptr<Number>>> numbers_ =
      std::make_shared<std::vector<std::unique_ptr<Number>>>();
};

/// An option that takes one of some words.
/// @param choices  word and what it stands for; the one that `value` has is shown as the default
template <class Choice>
CLI::Option* add_choice_option(CLI::App& command, const std::string& name, Choice& value,
                               std::vector<std::pair<std::string, Choice>> choices, const std::string& description) {
  std::vector<std::string> words;
  std::string fallback;
  for (const auto& [word, choice] : choices) {
    words.push_back(word);
    if (choice == value) fallback = word;
  }
  const auto set = [&value, choices = std::move(choices)](const std::string& given) {
    for (const auto& [word, choice] : choices) {
      if (word == given) value = choice;
    }
  };
  return command.add_option_function<std::string>(name, set, description)
      ->check(CLI::IsMember(words))
      ->default_str(fallback);
}

}  // namespace beltline
