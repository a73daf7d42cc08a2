# SPDX-License-Identifier: GPL-3.0-or-later
# What `ltvsim report` puts into its pages is bundled from packages of the npm registry, which
# report/package-lock.json pins. LTV_REPORT_BUNDLE is the folder of the bundle, empty where it cannot
# be made: the build goes on without the command then. The network is needed once, for
# report/node_modules; configuring again looks for what is missing.
set(LTV_REPORT_BUNDLE "")
set(LTV_REPORT_SOURCE ${PROJECT_SOURCE_DIR}/report)
find_program(LTV_NODE node)
find_program(LTV_NPM npm)

function(ltv_report_install)
    set(installed ${LTV_REPORT_SOURCE}/node_modules/.package-lock.json)
    set(lock ${LTV_REPORT_SOURCE}/package-lock.json)
    set(problem "" PARENT_SCOPE)
    if(NOT LTV_NODE)
        set(problem "node was not found (Debian: apt-get install nodejs npm)" PARENT_SCOPE)
    elseif(EXISTS ${installed} AND NOT ${lock} IS_NEWER_THAN ${installed})
        return()
    elseif(NOT LTV_NPM)
        set(problem "npm was not found (Debian: apt-get install npm)" PARENT_SCOPE)
    else()
        message(STATUS "Fetching the packages of report/package-lock.json with npm")
        execute_process(
            COMMAND ${LTV_NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline
                --fetch-retries=1 --fetch-timeout=30000 --loglevel=error
            WORKING_DIRECTORY ${LTV_REPORT_SOURCE} RESULT_VARIABLE failed
            OUTPUT_QUIET ERROR_VARIABLE said TIMEOUT 600)
        if(NOT failed EQUAL 0)
            string(REGEX REPLACE "\n.*" "" said "${said}")
            set(problem "npm could not fetch its packages (${said})" PARENT_SCOPE)
        else()
            file(TOUCH ${installed})
        endif()
    endif()
endfunction()

ltv_report_install()
if(problem)
    message(STATUS "Building without `ltvsim report`: ${problem}")
else()
    set(LTV_REPORT_BUNDLE ${PROJECT_BINARY_DIR}/report)
    file(GLOB LTV_REPORT_INPUTS CONFIGURE_DEPENDS ${LTV_REPORT_SOURCE}/*.js ${LTV_REPORT_SOURCE}/*.css)
    set(LTV_REPORT_FILES ${LTV_REPORT_BUNDLE}/page.js ${LTV_REPORT_BUNDLE}/page.css
        ${LTV_REPORT_BUNDLE}/svg.js)
    add_custom_command(OUTPUT ${LTV_REPORT_FILES}
        COMMAND ${LTV_NODE} build.js ${LTV_REPORT_BUNDLE}
        DEPENDS ${LTV_REPORT_INPUTS} ${LTV_REPORT_SOURCE}/package-lock.json
        WORKING_DIRECTORY ${LTV_REPORT_SOURCE}
        COMMENT "Bundling the script of reports" VERBATIM)
endif()
