# Udunits2::udunits2 from the system's libudunits2-dev.
#
# Its archive is preferred: where memory runs out the library uses what it did not get, or calls exit. Linked into the
# program, its allocations go through base/unit_system.cpp (--wrap), which throws std::bad_alloc instead.
find_path(Udunits2_INCLUDE_DIR udunits2.h)
find_library(Udunits2_ARCHIVE NAMES libudunits2.a udunits2)
find_library(Udunits2_EXPAT NAMES libexpat.so.1 expat)  # that of libudunits2-0; its headers are not needed
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Udunits2 REQUIRED_VARS Udunits2_ARCHIVE Udunits2_EXPAT Udunits2_INCLUDE_DIR)
if(Udunits2_FOUND AND NOT TARGET Udunits2::udunits2)
  add_library(Udunits2::udunits2 UNKNOWN IMPORTED)
  set_target_properties(Udunits2::udunits2 PROPERTIES IMPORTED_LOCATION ${Udunits2_ARCHIVE}
                        INTERFACE_INCLUDE_DIRECTORIES ${Udunits2_INCLUDE_DIR})
  target_link_libraries(Udunits2::udunits2 INTERFACE ${Udunits2_EXPAT} m)
  foreach(function malloc calloc realloc strdup)
    target_link_options(Udunits2::udunits2 INTERFACE "LINKER:--wrap=${function}")
  endforeach()
endif()
