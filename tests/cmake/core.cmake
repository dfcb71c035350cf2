# What holds of the library: compiled by one compiler, and run.

# static/: compiling is passing.
file(GLOB_RECURSE sources CONFIGURE_DEPENDS static/*.cpp)
if(sources)
  add_library(static_tests OBJECT ${sources})
  target_link_libraries(static_tests PRIVATE laminate::laminate laminate_strict laminate_processor)
  compile_fast(static_tests)
endif()

# headers/: each compiles alone.
add_subdirectory(headers)

# One program for a folder.
function(add_test_program program folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  if(NOT TARGET laminate::npz)
    list(FILTER sources EXCLUDE REGEX "/npz\\.cpp$")
  endif()
  if(NOT TARGET laminate::images)
    list(FILTER sources EXCLUDE REGEX "/images\\.cpp$")
  endif()
  if(NOT sources)
    return()
  endif()
  add_executable(${program} ${sources})
  target_link_libraries(${program} PRIVATE catch_main laminate::laminate laminate_strict laminate_processor)
  target_include_directories(${program} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  list(TRANSFORM sources REPLACE "^.*/([^/]+)\\.cpp$" "\\1" OUTPUT_VARIABLE names)
  list(REMOVE_DUPLICATES names)
  add_file_tests(${program} ${folder} ${names})
endfunction()
add_test_program(unit_tests unit)
target_link_libraries(unit_tests PRIVATE
  $<TARGET_NAME_IF_EXISTS:laminate::npz> $<TARGET_NAME_IF_EXISTS:laminate::images>)
target_compile_definitions(unit_tests PRIVATE LAMINATE_LECTURE="${PROJECT_SOURCE_DIR}/docs/lecture")
add_test_program(law_tests laws)
add_test_program(thread_tests threads)
target_link_libraries(law_tests PRIVATE reference_loops)
target_link_libraries(thread_tests PRIVATE reference_loops)
compile_fast(unit_tests)
compile_fast(law_tests)
target_compile_options(thread_tests PRIVATE $<$<CONFIG:Release>:-O1>)  # on images that are large enough for several

# fuzz/: files that do harm, as far as they are known.
if(NOT LAMINATE_BUILD_FUZZERS)
  add_subdirectory(fuzz)
endif()

# onnx/: networks to ONNX and back, where libonnx is.
if(TARGET laminate::onnx)
  add_subdirectory(onnx)
endif()
