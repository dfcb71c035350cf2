// NPY arrays: what is read has the header that is written of it.
#include "fuzz.hpp"

#include <laminate/io/npy.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace laminate;
  auto const* const bytes = reinterpret_cast<std::byte const*>(data);
  stored_tensor read;
  if (!fuzz::attempt("a.npy",
                     [&] { read = tensor_from_npy("a.npy", "a", std::vector<std::byte>(bytes, bytes + size)); }))
    return 0;
  std::string const header = npy_header_of(read);
  auto const again = npy_header_reader("written", header).read();
  fuzz::require(again.shape == read.shape && again.type == read.type, "the same header");
  return 0;
}
