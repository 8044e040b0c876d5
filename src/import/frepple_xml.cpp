#include "import/frepple_xml.h"

#include <algorithm>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "base/diagnostic_codes.h"

namespace beltline::frepple {
namespace {

constexpr int kDepthMax = 64;
constexpr std::ptrdiff_t kTagsMax = 2'000'000;

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

/// Lines and columns of byte offsets.
class Places {
 public:
  Places(std::string_view text, int32_t file) : file_(file) {
    starts_.push_back(0);
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
      starts_.push_back(at + 1);
  }
  [[nodiscard]] Origin of(std::ptrdiff_t offset, std::size_t length) const {
    const auto at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, offset));
    const auto line = std::ranges::upper_bound(starts_, at) - starts_.begin();
    return {.file = file_,
            .line = static_cast<uint32_t>(line),
            .column = static_cast<uint32_t>(at - starts_[static_cast<std::size_t>(line) - 1] + 1),
            .length = static_cast<uint32_t>(std::max<std::size_t>(1, length))};
  }

 private:
  int32_t file_;
  std::vector<std::size_t> starts_;
};

class Copier {
 public:
  Copier(const Places& places, XmlDocument& out) : places_(places), out_(out) {}

  /// False where elements are too deep.
  bool copy(const pugi::xml_node& node, XmlElement& element, int depth) {
    element.tag = node.name();
    element.origin = places_.of(node.offset_debug(), element.tag.size());
    if (depth > kDepthMax) return false;
    for (const pugi::xml_attribute& attribute : node.attributes())
      element.attributes.push_back({attribute.name(), attribute.value()});
    std::string text;
    for (const pugi::xml_node& child : node.children()) {
      switch (child.type()) {
        case pugi::node_element:
          if (!copy(child, element.children.emplace_back(), depth + 1)) {
            element.origin = element.children.back().origin;
            return false;
          }
          break;
        case pugi::node_pcdata:
        case pugi::node_cdata: text += child.value(); break;
        case pugi::node_pi:
          out_.instructions.push_back(places_.of(child.offset_debug(), std::string_view(child.name()).size()));
          break;
        default: break;
      }
    }
    element.text = trimmed(text);
    return true;
  }

 private:
  const Places& places_;
  XmlDocument& out_;
};

}  // namespace

std::optional<XmlDocument> parse_xml(std::string_view text, int32_t file, Diagnostics& diagnostics) {
  if (const auto tags = std::ranges::count(text, '<'); tags > kTagsMax) {
    diagnostics.add({.code = Code::too_many,
                     .origin = {.file = file, .line = 1, .column = 1},
                     .message = "the file has too many tags",
                     .found = fmt::format("{}", tags),
                     .expected = fmt::format("at most {}", kTagsMax),
                     .help = "split the model"});
    return std::nullopt;
  }
  const Places places(text, file);
  pugi::xml_document document;
  const unsigned flags = pugi::parse_escapes | pugi::parse_eol | pugi::parse_cdata | pugi::parse_pi;
  const pugi::xml_parse_result result = document.load_buffer(text.data(), text.size(), flags, pugi::encoding_utf8);
  const pugi::xml_node root = document.document_element();
  if (!result || root.empty()) {
    diagnostics.add({.code = Code::file_syntax,
                     .origin = places.of(result ? 0 : result.offset, 1),
                     .message = "the text is not XML",
                     .found = result ? "no element" : std::string(result.description()),
                     .expected = "a model of frePPLe in XML",
                     .help = "close every tag in the order in which they were opened"});
    return std::nullopt;
  }
  XmlDocument out;
  Copier copier(places, out);
  if (!copier.copy(root, out.root, 1)) {
    diagnostics.add({.code = Code::file_too_deep,
                     .origin = out.root.origin,
                     .message = fmt::format("elements are more than {} deep", kDepthMax),
                     .expected = fmt::format("at most {}", kDepthMax),
                     .help = "name what is meant instead of nesting it"});
    return std::nullopt;
  }
  return out;
}

}  // namespace beltline::frepple
