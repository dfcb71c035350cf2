# Registers every tests/refused/*.cpp with g++ and clang++-19, as far as the machine has them.
# The library is precompiled once for each compiler: reading its headers would take most of the time.
file(GLOB refusals CONFIGURE_DEPENDS refused/*.cpp)
if(NOT refusals)
  return()
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  find_program(LAMINATE_OTHER_COMPILER NAMES clang++-19)
  set(compilers g++ ${CMAKE_CXX_COMPILER} clang++ ${LAMINATE_OTHER_COMPILER})
else()
  find_program(LAMINATE_OTHER_COMPILER NAMES g++)
  set(compilers clang++ ${CMAKE_CXX_COMPILER} g++ ${LAMINATE_OTHER_COMPILER})
endif()

# As they stand, without REFUSED, they must compile: all in one file, each in a namespace, which takes a third of the time.
set(includes "#include <laminate/laminate.hpp>")
set(accepted "")
foreach(source IN LISTS refusals)
  get_filename_component(problem ${source} NAME_WE)
  file(STRINGS ${source} lines REGEX "^#include <")
  list(APPEND includes ${lines})
  string(APPEND accepted "namespace ${problem} {\n#include \"${source}\"\n}\n")
endforeach()
list(REMOVE_DUPLICATES includes)
list(JOIN includes "\n" includes)
set(as_they_stand ${CMAKE_CURRENT_BINARY_DIR}/refused/as_they_stand.cpp)
file(CONFIGURE OUTPUT ${as_they_stand} CONTENT "${includes}\n${accepted}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${refusals})

# -I/usr/include would hide the compiler's own headers, so it is left out as CMake itself does.
set(folders $<TARGET_PROPERTY:laminate,INTERFACE_INCLUDE_DIRECTORIES>)
set(folders $<REMOVE_DUPLICATES:$<FILTER:${folders},EXCLUDE,^/usr/include/?$>>)
set(flags ${CMAKE_CURRENT_BINARY_DIR}/refused/flags)
file(GENERATE OUTPUT ${flags} CONTENT
     "-std=c++20 $<$<BOOL:${LAMINATE_MARCH}>:-march=${LAMINATE_MARCH}>\n\"-I$<JOIN:${folders},\"\n\"-I>\"\n")

while(compilers)
  list(POP_FRONT compilers name compiler)
  if(NOT compiler)
    message(STATUS "Refusals are not tested with ${name}: it was not found")
    continue()
  endif()

  set(folder ${CMAKE_CURRENT_BINARY_DIR}/refused/${name})
  set(precompiled ${folder}/everything.hpp.gch)
  set(once "")
  if(name STREQUAL "clang++")
    set(once -fpch-instantiate-templates)  # not in each file
  endif()
  file(CONFIGURE OUTPUT ${folder}/everything.hpp CONTENT "#include <laminate/laminate.hpp>\n")
  add_custom_command(OUTPUT ${precompiled}
    COMMAND ${compiler} @${flags} ${once} -x c++-header ${folder}/everything.hpp -o ${precompiled}
            -MD -MT ${precompiled} -MF ${precompiled}.d
    DEPENDS ${flags} DEPFILE ${precompiled}.d VERBATIM)
  add_custom_target(precompiled_for_${name} ALL DEPENDS ${precompiled})
  if(name STREQUAL "g++")
    set(use_precompiled -include ${folder}/everything.hpp)  # g++ takes the .gch beside it
  else()
    set(use_precompiled -include-pch ${precompiled})
  endif()

  add_test(NAME refused.as_they_stand.${name} COMMAND ${compiler} ${use_precompiled} @${flags} -fsyntax-only
    ${as_they_stand})
  set_tests_properties(refused.as_they_stand.${name} PROPERTIES LABELS refused)
  foreach(source IN LISTS refusals)
    get_filename_component(problem ${source} NAME_WE)
    add_test(NAME refused.${problem}.${name} COMMAND ${CMAKE_COMMAND} -DSOURCE=${source}
      -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/expect_refusal.cmake -- ${compiler} ${use_precompiled} @${flags})
    set_tests_properties(refused.${problem}.${name} PROPERTIES LABELS refused)
  endforeach()
endwhile()
