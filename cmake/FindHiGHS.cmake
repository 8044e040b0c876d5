# HiGHS::highs from the wheel `highsbox` in .venv (its own CMake config points at a folder that is not there).
#
# Only the C API is used: the wheel is built with the old string ABI. HIGHS_EXTRAS_DIR is the folder of
# `libhighs_extras.so` (wheel `highspy-extras`), which holds the HiPO interior point method; every
# program that links HiGHS::highs finds it there at run time.
file(GLOB _highs_roots ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/highsbox/highs_dist)
file(GLOB _highs_extras ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/highspy_extras)
find_path(HiGHS_INCLUDE_DIR interfaces/highs_c_api.h HINTS ${_highs_roots} PATH_SUFFIXES include/highs)
find_library(HiGHS_LIBRARY highs HINTS ${_highs_roots} PATH_SUFFIXES lib)
find_path(HIGHS_EXTRAS_DIR libhighs_extras.so HINTS ${_highs_extras} NO_DEFAULT_PATH)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(HiGHS REQUIRED_VARS HiGHS_LIBRARY HiGHS_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "run 'make setup' first: it installs the pinned wheels into .venv")
if(HiGHS_FOUND AND NOT TARGET HiGHS::highs)
  add_library(HiGHS::highs SHARED IMPORTED)
  get_filename_component(_highs_real ${HiGHS_LIBRARY} REALPATH)
  set_target_properties(HiGHS::highs PROPERTIES IMPORTED_LOCATION ${_highs_real} IMPORTED_NO_SONAME FALSE
                        INTERFACE_INCLUDE_DIRECTORIES "${HiGHS_INCLUDE_DIR};${HiGHS_INCLUDE_DIR}/interfaces")
  if(HIGHS_EXTRAS_DIR)
    # HiGHS opens that library by its bare name. Only a DT_RPATH of the program is searched on behalf of another
    # library's dlopen; the linkers' default DT_RUNPATH is not.
    target_link_options(HiGHS::highs INTERFACE "LINKER:--disable-new-dtags" "LINKER:-rpath,${HIGHS_EXTRAS_DIR}")
  endif()
endif()
