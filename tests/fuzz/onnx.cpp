// ONNX models.
#include "fuzz.hpp"

#include <laminate/io/onnx/import.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  [[maybe_unused]] static google::protobuf::LogHandler* const silent = google::protobuf::SetLogHandler(nullptr);
  fuzz::memory_file const file(data, size);
  fuzz::attempt(file.path, [&] { laminate::read_onnx_network(file.path); });
  return 0;
}
