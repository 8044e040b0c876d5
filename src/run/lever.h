// Values of a scenario that may be changed to make it feasible, and how far. For src/run/remedy.cpp only.
#pragma once

#include <string>
#include <vector>

#include "plan/shortage.h"
#include "run/inputs.h"
#include "run/remedy.h"

namespace beltline {

/// One value that may be changed, and how: by a strength that is a factor (scale), an amount where there is none
/// (begin), or months (shift).
struct Lever {
  enum class How { scale, begin, shift };
  How how = How::scale;
  bool up = true;
  Input input;

  [[nodiscard]] const std::string& path() const { return input.path; }
  /// The change as --set takes it: "yard.geoje.slots=2 hull/year".
  [[nodiscard]] std::string option(double strength) const;
  /// How large a change it is: |ln factor|; a year, or a beginning from nothing, counts as ln 2.
  [[nodiscard]] double size(double strength) const;
  /// One number without a range: written anew, it loses nothing.
  [[nodiscard]] bool is_plain() const;
  /// The strength at which nothing is changed.
  [[nodiscard]] double none() const { return how == How::scale ? 1.0 : 0.0; }
};

/// A lever at a strength.
struct Pull {
  Lever lever;
  double strength = 1;
};

/// The strength at which people would write the number, in few digits: up to 5 % further than `strength`.
double rounded_up(double strength, const Lever& lever);
/// The nearest such, within 0.5 %: it may be a little less.
double rounded_near(double strength, const Lever& lever);

/// What may be changed of an entry, "yard.geoje": its numbers and dates, each up and down.
std::vector<Lever> levers_of(const std::vector<Input>& inputs, const std::string& entry);

/// Entries of what binds, those at the ends of chains first; then those that they name. None of `asked`, the entries of
/// the requirements themselves.
std::vector<std::string> entries_that_bind(const Model& model, const Spec& spec, const Shortages& shortages,
                                           const std::vector<std::string>& asked);

/// A pull as people read it.
Change change_of(const Spec& spec, const Pull& pull);

/// Appends an entry that is not there yet.
void add_once(std::vector<std::string>& entries, const std::string& entry);

}  // namespace beltline
