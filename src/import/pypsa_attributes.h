// The attributes of PyPSA's components: what each is where nothing is given, and what an import makes of it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace beltline::pypsa {

enum class Role : uint8_t {
  used,     // part of what `optimize` solves, and carried over
  idle,     // without influence on the optimum: descriptions, power flow, results of an earlier run
  refused,  // part of what `optimize` solves, and not carried over: an error where it is not the default
};

struct Attribute {
  std::string_view name;
  std::string_view fallback;  // as text; "" for none
  Role role = Role::used;
};

/// All attributes of a list; empty for lists that are not read.
std::span<const Attribute> attributes_of(std::string_view list);

/// "generator" of "generators".
std::string_view singular(std::string_view list);

}  // namespace beltline::pypsa
