# The painter against the real worker and against programs that misbehave.
pacewatch_unit(test_painter SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_painter.c ${CMAKE_CURRENT_LIST_DIR}/../graphs/demo.c
  LINK painter PkgConfig::RRD)
target_compile_definitions(test_painter PRIVATE PACEWATCH_GRAPH="$<TARGET_FILE:pacewatch-graph>")
add_dependencies(test_painter pacewatch-graph)
