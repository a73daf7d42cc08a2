# SPDX-License-Identifier: GPL-3.0-or-later
# Run at every build: writes the header that names the source's revision, only when it changed.
#     cmake -D SOURCE=<source folder> -D HEADER=<file> -P build_revision.cmake
find_program(GIT git)
set(revision "")
if(GIT AND EXISTS ${SOURCE}/.git) # not the checkout of someone around us
    execute_process(COMMAND ${GIT} -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
        OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(revision STREQUAL "")
    set(revision unknown)
endif()
file(CONFIGURE OUTPUT ${HEADER} @ONLY CONTENT [[
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_BUILD_REVISION_H
#define LTV_SIM_IO_BUILD_REVISION_H

#define LTV_BUILD_REVISION "@revision@"

#endif
]])
