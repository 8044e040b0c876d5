// Texts that the program itself knows: the schema, the reference pages, the first scenario.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace beltline {

/// JSON Schema of scenario files.
std::string schema_text();
/// A first scenario.toml, walked through in docs/tutorial.md.
std::string first_scenario();
/// (file name, Markdown) of every generated page of docs/.
std::vector<std::pair<std::string, std::string>> reference_pages();

}  // namespace beltline
