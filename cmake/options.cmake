# Compiler settings shared by every target. A target of ours links `pacewatch_warnings`; generated code does not.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

option(PACEWATCH_TESTS "Build the tests" ON)
option(PACEWATCH_WERROR "Treat warnings as errors" ON)
set(PACEWATCH_SANITIZE "" CACHE STRING "Sanitizers for all our code, e.g. address,undefined")
option(PACEWATCH_FUZZ "Build the libFuzzer targets (clang only)" OFF)
option(PACEWATCH_HARDEN "Hardening flags for release builds" OFF)
option(PACEWATCH_ANALYZE "Run gcc -fanalyzer while compiling" OFF)

add_compile_definitions(_POSIX_C_SOURCE=200809L PACEWATCH_VERSION="${PROJECT_VERSION}"
  PACEWATCH_MADE="${PACEWATCH_MADE}")

add_library(pacewatch_warnings INTERFACE)
target_compile_options(pacewatch_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion -Wfloat-equal
  -Wformat=2 -Wundef -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wvla -Wswitch-enum)
if(PACEWATCH_WERROR)
  target_compile_options(pacewatch_warnings INTERFACE -Werror)
endif()
if(PACEWATCH_ANALYZE)
  target_compile_options(pacewatch_warnings INTERFACE -fanalyzer)
endif()

if(PACEWATCH_SANITIZE)
  add_compile_options(-fsanitize=${PACEWATCH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${PACEWATCH_SANITIZE})
endif()
if(PACEWATCH_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(PACEWATCH_HARDEN)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE)
  add_link_options(-pie -Wl,-z,relro,-z,now)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64")
    add_compile_options(-fcf-protection)
  endif()
endif()

# pacewatch_module(NAME SOURCES a.c b.c LINK lib...): one static library of ours, includes rooted at the project.
function(pacewatch_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE pacewatch_warnings)
endfunction()

# pacewatch_program(NAME SOURCES ... LINK ...): one program in build/<preset>/bin.
function(pacewatch_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} pacewatch_warnings)
endfunction()
