# laminate::onnx is laminate::laminate with the classes of ONNX's files, where libonnx and protobuf are found. Their own
# config wants a protobuf target to be there already.
find_path(LAMINATE_ONNX_INCLUDE onnx/onnx_pb.h)
find_path(LAMINATE_PROTOBUF_INCLUDE google/protobuf/message.h)
find_library(LAMINATE_ONNX_PROTO onnx_proto)
find_library(LAMINATE_PROTOBUF protobuf)
mark_as_advanced(LAMINATE_ONNX_INCLUDE LAMINATE_PROTOBUF_INCLUDE LAMINATE_ONNX_PROTO LAMINATE_PROTOBUF)
if(LAMINATE_ONNX_INCLUDE AND LAMINATE_PROTOBUF_INCLUDE AND LAMINATE_ONNX_PROTO AND LAMINATE_PROTOBUF
   AND NOT TARGET laminate::onnx)
  add_library(laminate::onnx INTERFACE IMPORTED GLOBAL)
  target_compile_definitions(laminate::onnx INTERFACE ONNX_NAMESPACE=onnx ONNX_ML=1)
  target_include_directories(laminate::onnx INTERFACE ${LAMINATE_ONNX_INCLUDE} ${LAMINATE_PROTOBUF_INCLUDE})
  target_link_libraries(laminate::onnx INTERFACE laminate::laminate ${LAMINATE_ONNX_PROTO} ${LAMINATE_PROTOBUF})
endif()
