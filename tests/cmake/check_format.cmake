# Every source is as clang-format 14, Debian 12's, would have it.
#   cmake -DROOT=<tree> -DCLANG_FORMAT=<program> -P check_format.cmake
file(GLOB_RECURSE sources ${ROOT}/include/*.hpp ${ROOT}/examples/*.?pp ${ROOT}/tests/*.?pp ${ROOT}/benchmarks/*.?pp ${ROOT}/.cmake/*.cpp)
execute_process(COMMAND ${CLANG_FORMAT} --dry-run -Werror ${sources} RESULT_VARIABLE failed ERROR_VARIABLE said)
if(NOT failed EQUAL 0)
  string(REGEX MATCHALL "[^\n]*: error:[^\n]*" places "${said}")
  list(JOIN places "\n" places)
  message(FATAL_ERROR "${places}\n`clang-format -i` mends them")
endif()
