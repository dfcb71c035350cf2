# laminate_import_onnx(program net.onnx [NAME net]): net.hpp, with the type net::Net, and its weights in the file
# <build folder>/program_networks/net.safetensors. Both follow when the model changes.
include("${CMAKE_CURRENT_LIST_DIR}/laminateGenerate.cmake")
function(laminate_import_onnx target model)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "NAME" "")
  if(NOT TARGET laminate::onnx)
    message(FATAL_ERROR "laminate_import_onnx needs ONNX's library: install libonnx-dev and libprotobuf-dev")
  endif()
  laminate_generate(${target} ${model} TOOL laminate_import LIBRARY laminate::onnx FOLDER networks
                    NAME "${arg_NAME}" SOURCES hpp OUTPUTS safetensors)
endfunction()
