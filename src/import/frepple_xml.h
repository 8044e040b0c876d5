// An XML text as a tree with the place of everything in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace beltline::frepple {

struct XmlAttribute {
  std::string name;
  std::string value;
};

struct XmlElement {
  std::string tag;
  std::string text;  // what stands directly in it, without blanks at its ends
  std::vector<XmlAttribute> attributes;
  std::vector<XmlElement> children;
  Origin origin;
};

/// What else stands in the text, to be told.
struct XmlDocument {
  XmlElement root;
  std::vector<Origin> instructions;  // <?python … ?> and the like, which nobody carries out
};

/// The tree of a text of `file`. Of entities only those of XML itself and of characters are known; a document type is
/// passed over, and nothing outside the text is ever read.
/// @errors BL0006 elements inside each other more than 64 deep; BL0007 no XML; BL0011 more than 2,000,000 tags
std::optional<XmlDocument> parse_xml(std::string_view text, int32_t file, Diagnostics& diagnostics);

}  // namespace beltline::frepple
