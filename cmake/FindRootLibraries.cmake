# Finds ROOT by its root-config script and gives targets ROOT::<library>, where the project does not have them yet.
# Not find_package(ROOT): in the package on PyPI, ROOT's CMake files and root-config name folders that the package does
# not have; what they name is looked for beside root-config then.
#
# Hints: ROOTSYS (variable or environment), CMAKE_PREFIX_PATH, PATH, and the .venv of the source tree.
# Sets: RootLibraries_VERSION, RootLibraries_SERIES (6.40 of 6.40.02), RootLibraries_LIBRARY_DIR,
# RootLibraries_BINARY_DIR, RootLibraries_rootcling, RootLibraries_CXX_STANDARD (that its headers want)
include(FindPackageHandleStandardArgs)

file(GLOB _venv_bins ${CMAKE_CURRENT_LIST_DIR}/../.venv/lib/python3*/site-packages/ROOT/bin
     $ENV{VIRTUAL_ENV}/lib/python3*/site-packages/ROOT/bin)
find_program(RootLibraries_CONFIG root-config HINTS ${ROOTSYS}/bin $ENV{ROOTSYS}/bin ${_venv_bins}
  DOC "ROOT's root-config; its ROOT is the one to build for")
if(RootLibraries_CONFIG)
  foreach(_what version incdir libdir bindir cflags)
    execute_process(COMMAND ${RootLibraries_CONFIG} --${_what} OUTPUT_VARIABLE _${_what}
                    OUTPUT_STRIP_TRAILING_WHITESPACE)
  endforeach()
  get_filename_component(_prefix ${RootLibraries_CONFIG} REALPATH)
  get_filename_component(_prefix ${_prefix}/../.. ABSOLUTE)
  foreach(_what incdir libdir bindir)
    if(NOT EXISTS "${_${_what}}")
      string(REGEX REPLACE "dir$" "" _folder ${_what})
      string(REPLACE "inc" "include" _folder ${_folder})
      set(_${_what} ${_prefix}/${_folder})
    endif()
  endforeach()
  string(REPLACE "/" "." RootLibraries_VERSION "${_version}") # 6.40/00 in older ROOT
  string(REGEX MATCH "^[0-9]+\\.[0-9]+" RootLibraries_SERIES "${RootLibraries_VERSION}")
  string(REGEX MATCH "-std=[a-z+]*([0-9]+)" _standard "${_cflags}")
  set(RootLibraries_CXX_STANDARD 17)
  if(CMAKE_MATCH_1 GREATER 17)
    set(RootLibraries_CXX_STANDARD ${CMAKE_MATCH_1})
  endif()
  set(RootLibraries_LIBRARY_DIR ${_libdir})
  set(RootLibraries_BINARY_DIR ${_bindir})
  set(RootLibraries_rootcling ${_bindir}/rootcling)
  foreach(_library ${RootLibraries_FIND_COMPONENTS})
    set(_file ${_libdir}/lib${_library}${CMAKE_SHARED_LIBRARY_SUFFIX})
    if(EXISTS ${_file})
      set(RootLibraries_${_library}_FOUND TRUE)
      if(NOT TARGET ROOT::${_library})
        add_library(ROOT::${_library} SHARED IMPORTED)
        set_target_properties(ROOT::${_library} PROPERTIES
          IMPORTED_LOCATION ${_file} INTERFACE_INCLUDE_DIRECTORIES ${_incdir})
      endif()
    endif()
  endforeach()
endif()
find_package_handle_standard_args(RootLibraries
  REQUIRED_VARS RootLibraries_CONFIG RootLibraries_LIBRARY_DIR RootLibraries_rootcling
  VERSION_VAR RootLibraries_VERSION HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE "Put ROOT's bin folder on the PATH, or set ROOTSYS.")
