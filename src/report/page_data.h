// Tables as the page reads them: columnar JSON that may stand inside a <script> element.
#pragma once

#include <string>
#include <string_view>

#include "table/table.h"

namespace beltline {

/// {"name", "title", "rows", "columns": [{"name", "unit", "description", "type", "words"?, "values"}]}
///
/// A column whose values are long has "packed" instead of "words" and "values": base64 of the gzip of these members.
/// A column of texts that repeat is a dictionary: `words` holds each text once, `values` the index of each row's.
/// Numbers are in the shortest form that reads back to the same value, NaN and infinities null: no figure is rounded.
/// @cost O(cells)
std::string page_table(const Table& table);

/// JSON (or any text) for the inside of <script type="application/json">: `<`, `>`, `&`, U+2028 and U+2029 as \uXXXX.
std::string escape_for_script(std::string_view json);

/// Text for the inside of an element or a quoted attribute.
std::string escape_for_html(std::string_view text);

/// A JSON string; bytes that are not UTF-8 become U+FFFD.
std::string page_text(std::string_view text);

}  // namespace beltline
