// Components of a PyPSA network and their attributes, as the CSV files of a folder.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace beltline::pypsa_export {

/// The shortest digits that read back as the same double; "inf", "-inf".
std::string number_text(double value);

class Component {
 public:
  explicit Component(std::string name) : name_(std::move(name)) {}

  Component& text(const std::string& attribute, std::string value);
  Component& flag(const std::string& attribute, bool value) { return text(attribute, value ? "True" : "False"); }
  Component& number(const std::string& attribute, double value) { return text(attribute, number_text(value)); }
  /// [snapshot]; written as one number where all are alike.
  Component& series(const std::string& attribute, std::vector<double> values);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::map<std::string, std::string>& values() const { return values_; }
  [[nodiscard]] const std::map<std::string, std::vector<double>>& varying() const { return varying_; }

 private:
  std::string name_;
  std::map<std::string, std::string> values_;
  std::map<std::string, std::vector<double>> varying_;
};

class Folder {
 public:
  /// A component of a list such as "generators"; names of a list are told apart by a number where they are alike.
  Component& add(const std::string& list, const std::string& name);
  [[nodiscard]] bool has(const std::string& list, const std::string& name) const;
  Component& at(const std::string& list, const std::string& name);

  /// A file a list, and one an attribute that varies. An attribute that a component lacks has PyPSA's default.
  /// @param labels  of the snapshots
  [[nodiscard]] std::vector<SourceFile> files(const std::vector<std::string>& labels) const;

 private:
  std::map<std::string, std::deque<Component>> lists_;
};

}  // namespace beltline::pypsa_export
