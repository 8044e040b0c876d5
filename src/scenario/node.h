// What a TOML file or a CSV row says before the schema has read it: a tree in which every value knows its place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace beltline {

enum class NodeType { text, integer, number, flag, date, list, table };

struct Member;

struct SourceNode {
  NodeType type = NodeType::text;
  Origin origin;
  std::string text;  // text: the value; otherwise as it was written ("1.4", "2025-10-01")
  double number = 0;
  int64_t integer = 0;
  bool flag = false;
  bool is_cell = false;  // a CSV cell: text that may stand for a number, a flag or a list
  std::string unit;      // of a CSV column, where its header gives one
  std::vector<SourceNode> items;
  std::vector<Member> members;  // sorted by key

  [[nodiscard]] const SourceNode* find(std::string_view key) const;
};

struct Member {
  std::string key;
  Origin key_origin;
  SourceNode value;
};

inline const SourceNode* SourceNode::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

/// "text", "a whole number", "a list", …: what was found where something else was expected.
const char* describe(NodeType type);

}  // namespace beltline
