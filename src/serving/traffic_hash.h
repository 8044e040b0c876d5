// Hashes that are the same on every machine: names of sessions, streams of prompts, units of prefixes.
#pragma once

#include <cstdint>
#include <string_view>

namespace beltline::serving {

/// Mixes 64 bits so that each bit of the result depends on all (splitmix64's finisher, Steele et al. 2014).
constexpr uint64_t mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

constexpr uint64_t hash_of(uint64_t a, uint64_t b) {
  return mix(mix(a) ^ (b + 0x9E3779B97F4A7C15));
}

/// FNV-1a, mixed; never 0.
constexpr uint64_t hash_text(std::string_view text) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001B3;
  const uint64_t mixed = mix(hash);
  return mixed == 0 ? 1 : mixed;
}

}  // namespace beltline::serving
