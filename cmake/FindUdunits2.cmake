# Udunits2::udunits2 from the system's libudunits2-dev.
find_path(Udunits2_INCLUDE_DIR udunits2.h)
find_library(Udunits2_LIBRARY udunits2)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Udunits2 REQUIRED_VARS Udunits2_LIBRARY Udunits2_INCLUDE_DIR)
if(Udunits2_FOUND AND NOT TARGET Udunits2::udunits2)
  add_library(Udunits2::udunits2 UNKNOWN IMPORTED)
  set_target_properties(Udunits2::udunits2 PROPERTIES IMPORTED_LOCATION ${Udunits2_LIBRARY}
                        INTERFACE_INCLUDE_DIRECTORIES ${Udunits2_INCLUDE_DIR})
endif()
