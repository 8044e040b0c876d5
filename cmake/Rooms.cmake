# beltline_room(NAME DEPENDS rooms… LINKS libraries…)
#
# One static library of src/NAME/*.cpp, and one test program of src/NAME/*_test.cpp that ctest runs as one test per
# case. A new file is picked up by the next build.
# `tools/lint.py` reads the DEPENDS below to check the includes, so that they are written down once.
function(beltline_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(NOT sources)
    file(WRITE ${CMAKE_BINARY_DIR}/empty_${name}.cpp "")
    set(sources ${CMAKE_BINARY_DIR}/empty_${name}.cpp)
  endif()
  add_library(beltline_${name} STATIC ${sources})
  add_library(beltline::${name} ALIAS beltline_${name})
  target_include_directories(beltline_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(beltline_${name} PRIVATE beltline_options)
  foreach(room ${ROOM_DEPENDS})
    target_link_libraries(beltline_${name} PUBLIC beltline_${room})
  endforeach()
  target_link_libraries(beltline_${name} PUBLIC ${ROOM_LINKS})
  beltline_precompile(beltline_${name} rooms)
  if(tests AND BELTLINE_TESTS)
    beltline_test(${name}_test PREFIX ${name} SOURCES ${tests} LINKS beltline_${name})
  endif()
endfunction()

# beltline_test(PROGRAM PREFIX name SOURCES files… LINKS targets…)
#
# A GoogleTest program. Cases are listed when ctest starts, not when the program is linked: a program that cannot
# start fails its tests, not the build.
function(beltline_test program)
  cmake_parse_arguments(TEST "" "PREFIX" "SOURCES;LINKS" ${ARGN})
  add_executable(${program} ${TEST_SOURCES})
  target_link_libraries(${program} PRIVATE ${TEST_LINKS} beltline_options beltline_test_options)
  beltline_precompile(${program} tests)
  if(TARGET beltline)
    add_dependencies(${program} beltline)
  endif()
  gtest_discover_tests(${program} TEST_PREFIX "${TEST_PREFIX}." NO_PRETTY_VALUES
                       DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 300 PROPERTIES TIMEOUT 900)
endfunction()
