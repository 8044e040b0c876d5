#include "import/names.h"

#include <algorithm>

#include <fmt/format.h>

namespace beltline {
namespace {

constexpr std::size_t kSizeMax = 56;  // leaves room for a number that tells names apart, and for parts of a component

}  // namespace

std::string plain_name(std::string_view original) {
  std::string name;
  for (const char c : original) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const char lower = is_upper ? static_cast<char>(c - 'A' + 'a') : c;
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
      name += lower;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  if (name.size() > kSizeMax) name.resize(kSizeMax);
  while (name.ends_with('_')) name.pop_back();
  return name;
}

const std::string& NameMap::of(std::string_view kind, std::string_view original) {
  const auto [found, is_new] = names_.try_emplace({std::string(kind), std::string(original)});
  if (!is_new) return found->second;
  const std::string base = plain_name(kind);
  std::string name = plain_name(original);
  if (name.empty()) name = base;
  if (name[0] < 'a' || name[0] > 'z') name = fmt::format("{}_{}", base, name);
  name.resize(std::min(name.size(), kSizeMax));
  if (taken_.contains(name)) {
    std::string other = fmt::format("{}_{}", name.substr(0, kSizeMax - std::min(base.size() + 1, kSizeMax / 2)), base);
    for (int number = 2; taken_.contains(other); ++number)
      other = fmt::format("{}_{}", name.substr(0, kSizeMax - 6), number);
    name = std::move(other);
  }
  taken_.insert(name);
  return found->second = std::move(name);
}

}  // namespace beltline
