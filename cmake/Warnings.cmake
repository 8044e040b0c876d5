# Warnings and sanitizers for every target of the project.
add_library(beltline_options INTERFACE)
target_compile_options(beltline_options INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
                       -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports false positives of these from inlined library code at -O2.
  target_compile_options(beltline_options INTERFACE -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow
                         -Wno-stringop-overread -Wno-array-bounds -Wno-dangling-pointer)
else()
  # designated initialisers leave the rest at their documented defaults, on purpose;
  # and libstdc++ 12 uses what it deprecates in its own stable_sort
  target_compile_options(beltline_options INTERFACE -Wno-missing-designated-field-initializers
                         -Wno-deprecated-declarations)
endif()
target_compile_options(beltline_options INTERFACE -Wno-missing-field-initializers)
if(BELTLINE_WERROR)
  target_compile_options(beltline_options INTERFACE -Werror)
endif()
# The same numbers on every machine: no fused multiply-add that the source does not ask for.
target_compile_options(beltline_options INTERFACE -ffp-contract=off)
if(BELTLINE_FUZZ)
  target_compile_options(beltline_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(BELTLINE_SANITIZE)
  target_compile_options(beltline_options INTERFACE -fsanitize=${BELTLINE_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(beltline_options INTERFACE -fsanitize=${BELTLINE_SANITIZE})
endif()
