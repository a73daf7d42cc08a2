# SPDX-License-Identifier: GPL-3.0-or-later
# What `cmake --install` puts under the prefix: the command, the shared library with its one
# header, what pkg-config and find_package(ltvsim) need, the manual page, the completion and
# the example scenarios. Nothing in it depends on where the prefix is.
include(CMakePackageConfigHelpers)

set(LTV_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/ltvsim)

install(TARGETS ltvsim_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS ltvsim EXPORT ltvsimTargets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES include/ltvsim.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

install(EXPORT ltvsimTargets NAMESPACE ltvsim:: DESTINATION ${LTV_CMAKE_DIR})
configure_package_config_file(cmake/ltvsimConfig.cmake.in ${PROJECT_BINARY_DIR}/ltvsimConfig.cmake
    INSTALL_DESTINATION ${LTV_CMAKE_DIR})
# Before 1.0 the interface may change with the minor version.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ltvsimConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/ltvsimConfig.cmake ${PROJECT_BINARY_DIR}/ltvsimConfigVersion.cmake
    DESTINATION ${LTV_CMAKE_DIR})

file(RELATIVE_PATH LTV_PC_TO_PREFIX
    ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/ltvsim.pc.in ltvsim.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/ltvsim.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES docs/ltvsim.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES script/ltvsim.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
    RENAME ltvsim)
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/ltvsim FILES_MATCHING PATTERN "*.yaml")
