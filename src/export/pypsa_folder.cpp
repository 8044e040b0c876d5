#include "export/pypsa_folder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/assert.h"

namespace beltline::pypsa_export {
namespace {

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\n\r") == std::string::npos) return cell;
  std::string out = "\"";
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> heads) {
  return std::ranges::any_of(heads, [&](std::string_view head) { return text.starts_with(head); });
}

/// PyPSA's default of an attribute that is written here, for the components that do not set it.
std::string fallback(const std::string& list, std::string_view attribute) {
  if (starts_with_any(attribute, {"bus", "carrier", "type", "sense"})) return "";
  if (starts_with_any(attribute, {"ramp_limit", "p_init"}) || attribute == "p_set") return "";
  if (attribute.ends_with("_nom_max")) return "inf";
  if (attribute == "p_min_pu" && list == "storage_units") return "-1";
  if (starts_with_any(attribute, {"efficiency", "sign", "v_nom", "tap_ratio", "max_hours", "up_time_before"}))
    return "1";
  if (attribute.ends_with("_max_pu")) return "1";
  if (attribute.ends_with("extendable") || starts_with_any(attribute, {"committable", "cyclic"}) ||
      attribute.ends_with("cyclic"))
    return "False";
  return "0";
}

}  // namespace

std::string number_text(double value) {
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::array<char, 32> text{};
  // a negative zero is none
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value + 0.0).ptr};
}

Component& Component::text(const std::string& attribute, std::string value) {
  values_[attribute] = std::move(value);
  return *this;
}

Component& Component::series(const std::string& attribute, std::vector<double> values) {
  ASSERT(!values.empty());
  if (std::ranges::all_of(values, [&](double v) { return v == values[0]; })) return number(attribute, values[0]);
  varying_[attribute] = std::move(values);
  return *this;
}

Component& Folder::add(const std::string& list, const std::string& name) {
  std::string own = name;
  for (int number = 2; has(list, own); ++number) own = fmt::format("{} {}", name, number);
  return lists_[list].emplace_back(own);
}

bool Folder::has(const std::string& list, const std::string& name) const {
  const auto found = lists_.find(list);
  return found != lists_.end() &&
         std::ranges::any_of(found->second, [&](const Component& each) { return each.name() == name; });
}

Component& Folder::at(const std::string& list, const std::string& name) {
  auto& all = lists_[list];
  const auto found = std::ranges::find(all, name, &Component::name);
  return found == all.end() ? all.emplace_back(name) : *found;
}

std::vector<SourceFile> Folder::files(const std::vector<std::string>& labels) const {
  std::vector<SourceFile> out;
  for (const auto& [list, components] : lists_) {
    std::set<std::string> attributes;
    std::set<std::string> varying;
    for (const Component& each : components) {
      for (const auto& [attribute, value] : each.values()) attributes.insert(attribute);
      for (const auto& [attribute, values] : each.varying()) varying.insert(attribute);
    }
    std::string text = "name";
    for (const std::string& attribute : attributes) text += "," + quoted(attribute);
    for (const Component& each : components) {
      text += "\n" + quoted(each.name());
      for (const std::string& attribute : attributes) {
        const auto own = each.values().find(attribute);
        text += "," + quoted(own == each.values().end() ? fallback(list, attribute) : own->second);
      }
    }
    out.push_back({.path = list + ".csv", .text = text + "\n"});
    for (const std::string& attribute : varying) {
      std::string sheet = "snapshot";
      std::vector<const std::vector<double>*> columns;
      for (const Component& each : components) {
        const auto own = each.varying().find(attribute);
        if (own == each.varying().end()) continue;
        sheet += "," + quoted(each.name());
        columns.push_back(&own->second);
      }
      for (std::size_t s = 0; s < labels.size(); ++s) {
        sheet += "\n" + quoted(labels[s]);
        for (const auto* column : columns) sheet += "," + number_text((*column)[s]);
      }
      out.push_back({.path = fmt::format("{}-{}.csv", list, attribute), .text = sheet + "\n"});
    }
  }
  return out;
}

}  // namespace beltline::pypsa_export
