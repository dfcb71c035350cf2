# laminate_generate(program file TOOL laminate_… LIBRARY laminate::… FOLDER suffix NAME name
#                   SOURCES ending… [OUTPUTS ending…] [BYPRODUCTS ending…])
# Runs TOOL, a program of TOOL.cpp beside this file, on `file`: it makes NAME with each of these endings in a folder of
# the program's. Sources are a part of the program, and all follow when the file changes. NAME may be empty: the file's.
function(laminate_generate target file)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "TOOL;LIBRARY;FOLDER;NAME" "SOURCES;OUTPUTS;BYPRODUCTS")
  cmake_path(ABSOLUTE_PATH file)
  if(NOT arg_NAME)
    cmake_path(GET file STEM arg_NAME)
    string(MAKE_C_IDENTIFIER ${arg_NAME} arg_NAME)
  endif()
  if(NOT TARGET ${arg_TOOL})
    add_executable(${arg_TOOL} EXCLUDE_FROM_ALL ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${arg_TOOL}.cpp)
    target_link_libraries(${arg_TOOL} PRIVATE ${arg_LIBRARY})
    target_compile_options(${arg_TOOL} PRIVATE -O0)
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}_${arg_FOLDER})
  file(MAKE_DIRECTORY ${folder})
  foreach(kind IN ITEMS SOURCES OUTPUTS BYPRODUCTS)
    list(TRANSFORM arg_${kind} PREPEND ${folder}/${arg_NAME}.)
  endforeach()
  add_custom_command(OUTPUT ${arg_SOURCES} ${arg_OUTPUTS}
    BYPRODUCTS ${arg_BYPRODUCTS}
    COMMAND ${arg_TOOL} ${file} ${folder} ${arg_NAME}
    DEPENDS ${arg_TOOL} ${file} VERBATIM)
  target_sources(${target} PRIVATE ${arg_SOURCES})
  target_include_directories(${target} PRIVATE ${folder})
  target_link_libraries(${target} PRIVATE laminate::laminate)
endfunction()
