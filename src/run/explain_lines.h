// Lines for a terminal. For src/run/explain*.cpp only.
#pragma once

#include <string>
#include <vector>

#include "base/language.h"

namespace beltline {

/// The text in lines of at most 118 columns, broken at spaces, the first after `head` and the others after `indent`
/// blanks. Names come from the scenario: what steers a terminal is escaped.
std::vector<std::string> wrapped(const std::string& head, std::size_t indent, const std::string& text);

/// "text [entry]", or the text alone where there is no entry.
std::string with_entry(const std::string& text, const std::string& entry);

/// "all 15,000 accelerators missing", "4,031 of 10,000 MW missing".
std::string lack_words(double missing, double whole, const std::string& unit, Language language);

void append(std::vector<std::string>& lines, std::vector<std::string> more);

}  // namespace beltline
