// Names of another tool as names of a scenario.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace beltline {

/// Gives each (kind, original) a name that a scenario takes: a lower-case letter, then lower-case letters, digits and
/// _, at most 64. Two originals never share a name: the second "wind" is "wind_generator", the third "wind_3". The
/// order of calls decides, so that the same source gives the same names; titles keep the originals.
class NameMap {
 public:
  const std::string& of(std::string_view kind, std::string_view original);
  /// Keeps a name from being given out.
  void reserve(std::string_view name) { taken_.emplace(name); }

 private:
  std::map<std::pair<std::string, std::string>, std::string> names_;
  std::set<std::string, std::less<>> taken_;
};

/// What of an original can stand in a name: "Norway Wind" → "norway_wind"; "" where nothing can.
std::string plain_name(std::string_view original);

}  // namespace beltline
