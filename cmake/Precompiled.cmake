# beltline_precompile(TARGET rooms|tests)
#
# Standard and third-party headers are most of what the compiler reads. They are compiled once for the program and all
# rooms, and once for all tests; nothing of the project's own is among them. `make lint` compiles without, so that each
# file still includes what it uses. JSON and CLI11 are not among them: what they leave to be instantiated would be so in
# every file, which costs more than reading them where they are used.
option(BELTLINE_PRECOMPILE "Precompile the standard and third-party headers" ON)

set(_beltline_std_headers <algorithm> <array> <atomic> <chrono> <cmath> <cstdint> <expected> <filesystem> <functional>
    <map> <memory> <numeric> <optional> <ranges> <set> <span> <string> <string_view> <unordered_map> <utility>
    <variant> <vector> <fmt/format.h>)

function(beltline_precompile target kind)
  if(NOT BELTLINE_PRECOMPILE)
    return()
  endif()
  # The first target of a kind compiles the header, the others of its kind have the same flags and take it over.
  get_property(owner GLOBAL PROPERTY beltline_precompiled_${kind})
  if(owner)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  else()
    set(headers ${_beltline_std_headers})
    if(kind STREQUAL "tests")
      list(APPEND headers <gtest/gtest.h> <gmock/gmock.h>)
    endif()
    target_precompile_headers(${target} PRIVATE ${headers})
    set_property(GLOBAL PROPERTY beltline_precompiled_${kind} ${target})
  endif()
  # a target with flags of its own reads the headers as text instead of failing under -Werror
  set_target_properties(${target} PROPERTIES PCH_WARN_INVALID OFF)
endfunction()
