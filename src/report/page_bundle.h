// The page of web/ as it lies in the program.
#pragma once

#include <string_view>

namespace beltline {

/// One classic script; holds no `</script` and no `<!--`.
std::string_view page_script();
/// One style sheet.
std::string_view page_style();

}  // namespace beltline
