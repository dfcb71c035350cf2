# laminate_embed_weights(program net.safetensors [NAME net]): net.hpp, with the type `net` for FrozenModel, and the
# numbers as a part of the program. Both follow when the file changes.
include("${CMAKE_CURRENT_LIST_DIR}/laminateGenerate.cmake")
function(laminate_embed_weights target checkpoint)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "NAME" "")
  laminate_generate(${target} ${checkpoint} TOOL laminate_freeze LIBRARY laminate::laminate FOLDER weights
                    NAME "${arg_NAME}" SOURCES cpp hpp BYPRODUCTS bin)
endfunction()
