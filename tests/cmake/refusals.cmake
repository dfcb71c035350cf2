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
  set(precompiled ${folder}/laminate/laminate.hpp.gch)
  file(CONFIGURE OUTPUT ${folder}/everything.hpp CONTENT "#include <laminate/laminate.hpp>\n")
  add_custom_command(OUTPUT ${precompiled}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}/laminate
    COMMAND ${compiler} @${flags} -x c++-header ${folder}/everything.hpp -o ${precompiled}
            -MD -MT ${precompiled} -MF ${precompiled}.d
    DEPENDS ${flags} DEPFILE ${precompiled}.d VERBATIM)
  add_custom_target(precompiled_for_${name} ALL DEPENDS ${precompiled})
  if(name STREQUAL "g++")
    set(use_precompiled -I${folder})  # g++ takes the .gch it meets on the way to the header
  else()
    set(use_precompiled -include-pch ${precompiled})
  endif()

  foreach(source IN LISTS refusals)
    get_filename_component(problem ${source} NAME_WE)
    add_test(NAME refused.${problem}.${name} COMMAND ${CMAKE_COMMAND} -DSOURCE=${source}
      -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/expect_refusal.cmake -- ${compiler} ${use_precompiled} @${flags})
    set_tests_properties(refused.${problem}.${name} PROPERTIES LABELS refused)
  endforeach()
endwhile()
