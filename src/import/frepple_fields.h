// Fields of an element, from attributes or elements alike, taken into typed values.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "import/frepple_model.h"
#include "import/frepple_xml.h"

namespace beltline::frepple {

struct Field {
  std::string_view key;
  std::string_view text;
  const XmlElement* element = nullptr;  // nullptr: an attribute
  Origin origin;
};

/// Takes fields by their keys: each function is true if the field has this key, also where its value was refused.
class FieldTaker {
 public:
  explicit FieldTaker(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  bool text(const Field& field, std::string_view key, std::string& out) const;
  bool number(const Field& field, std::string_view key, double& out) const;
  bool number(const Field& field, std::string_view key, std::optional<double>& out) const;
  /// A number, refused below 0.
  bool amount(const Field& field, std::string_view key, double& out) const;
  bool amount(const Field& field, std::string_view key, std::optional<double>& out) const;
  bool date(const Field& field, std::string_view key, std::optional<Seconds>& out) const;
  /// Refused below 0.
  bool duration(const Field& field, std::string_view key, Seconds& out) const;
  bool sizes(const Field& field, Sizes& out) const;
  bool window(const Field& field, Window& out) const;
  /// The kind of what is described: xsi:type or type.
  bool kind(const Field& field, std::string& out) const;

  /// Gives each field of an element to `take`; what it does not take is told, as unknown or as beyond a scenario.
  void each(const XmlElement& element, const std::function<bool(const Field&)>& take) const;
  /// Says that the plan depends on something that a scenario cannot hold.
  void refuse(const Origin& origin, std::string what) const;

 private:
  void bad_value(const Field& field, std::string_view expected) const;
  void leave(const XmlElement& element, const Field& field) const;

  Diagnostics& diagnostics_;
};

}  // namespace beltline::frepple
