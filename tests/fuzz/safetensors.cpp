// Safetensors: what is read can be written, and is read again as it was.
#include "fuzz.hpp"

#include <laminate/io/safetensors.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace laminate;
  fuzz::memory_file const file(data, size);
  safetensors content;
  if (!fuzz::attempt(file.path, [&] { content = read_safetensors(file.path); })) return 0;
  for (auto const& tensor : content.tensors) fuzz::attempt("tensor " + tensor.name, [&] { numbers_of<float>(tensor); });
  detail::check_tensors("content", content.tensors);
  auto const header = detail::header_text("content", detail::in_file_order(content.tensors), content);
  std::map<std::string, std::string> metadata;
  fuzz::require(header_reader("written", header).read(metadata).size() == content.tensors.size(), "every tensor");
  fuzz::require(metadata == content.metadata, "equal metadata");
  return 0;
}
