# Udunits2::udunits2 from the system's libudunits2-dev.
#
# Its archive is preferred: where memory runs out the library uses what it did not get, or calls exit. A copy of the
# archive in the build folder takes its memory from base/unit_system.cpp instead, which does not return without.
find_path(Udunits2_INCLUDE_DIR udunits2.h)
find_library(Udunits2_ARCHIVE NAMES libudunits2.a udunits2)
find_library(Udunits2_EXPAT NAMES libexpat.so.1 expat)  # that of libudunits2-0; its headers are not needed
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Udunits2 REQUIRED_VARS Udunits2_ARCHIVE Udunits2_EXPAT Udunits2_INCLUDE_DIR)
if(Udunits2_FOUND AND NOT TARGET Udunits2::udunits2)
  set(_udunits2 ${Udunits2_ARCHIVE})
  if(Udunits2_ARCHIVE MATCHES "\\.a$" AND CMAKE_OBJCOPY)
    set(_udunits2 ${CMAKE_BINARY_DIR}/libbeltline_udunits2.a)
    set(_renamed)
    foreach(function malloc calloc realloc strdup)
      list(APPEND _renamed --redefine-sym ${function}=beltline_udunits_${function})
    endforeach()
    execute_process(COMMAND ${CMAKE_OBJCOPY} ${_renamed} ${Udunits2_ARCHIVE} ${_udunits2} COMMAND_ERROR_IS_FATAL ANY)
  endif()
  add_library(Udunits2::udunits2 UNKNOWN IMPORTED)
  set_target_properties(Udunits2::udunits2 PROPERTIES IMPORTED_LOCATION ${_udunits2}
                        INTERFACE_INCLUDE_DIRECTORIES ${Udunits2_INCLUDE_DIR})
  target_link_libraries(Udunits2::udunits2 INTERFACE ${Udunits2_EXPAT} m)
endif()
