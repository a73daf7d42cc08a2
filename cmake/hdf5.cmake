# SPDX-License-Identifier: GPL-3.0-or-later
# ltv_hdf5: HDF5, for what is built of ours.
#
# As packaged, the shared library brings some thirty others along, with which HDF5 could read files
# from clouds: to load them takes half as long as all that a short run does. Of the archive only what
# is called comes into an executable. Where there is none, or it asks for more than this,
# the shared one is taken, as it always is in libltvsim, whose users may have HDF5 of their own.
include(CheckCSourceCompiles)
pkg_check_modules(HDF5 REQUIRED IMPORTED_TARGET hdf5)

find_library(LTV_HDF5_ARCHIVE libhdf5.a PATHS ${HDF5_LIBRARY_DIRS} NO_DEFAULT_PATH)
set(LTV_HDF5_STATIC ${LTV_HDF5_ARCHIVE} sz z ${CMAKE_DL_LIBS} m)
if(LTV_HDF5_ARCHIVE)
    set(CMAKE_REQUIRED_INCLUDES ${HDF5_INCLUDE_DIRS})
    set(CMAKE_REQUIRED_LIBRARIES ${LTV_HDF5_STATIC})
    check_c_source_compiles(
        "#include <hdf5.h>\nint main(void) { return H5Fopen(\"\", H5F_ACC_RDONLY, H5P_DEFAULT) < 0; }"
        LTV_HDF5_ARCHIVE_LINKS)
    unset(CMAKE_REQUIRED_INCLUDES)
    unset(CMAKE_REQUIRED_LIBRARIES)
endif()

add_library(ltv_hdf5 INTERFACE)
if(LTV_HDF5_ARCHIVE_LINKS)
    set(in_executable $<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>)
    target_include_directories(ltv_hdf5 SYSTEM INTERFACE ${HDF5_INCLUDE_DIRS})
    target_link_libraries(ltv_hdf5 INTERFACE "$<IF:${in_executable},${LTV_HDF5_STATIC},PkgConfig::HDF5>")
else()
    target_link_libraries(ltv_hdf5 INTERFACE PkgConfig::HDF5)
endif()
