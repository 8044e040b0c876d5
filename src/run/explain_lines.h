// Lines for a terminal. For src/run/explain*.cpp only.
#pragma once

#include <string>
#include <vector>

namespace beltline {

/// The text in lines of at most 118 columns, broken at spaces, the first after `head` and the others after `indent`
/// blanks. Names come from the scenario: what steers a terminal is escaped.
std::vector<std::string> wrapped(const std::string& head, std::size_t indent, const std::string& text);

/// " [hall.ulsan]", or nothing where there is no entry.
std::string in_brackets(const std::string& entry);

void append(std::vector<std::string>& lines, std::vector<std::string> more);

}  // namespace beltline
