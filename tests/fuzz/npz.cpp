// NPZ files, packed or not.
#include "fuzz.hpp"

#include <laminate/io/npz.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  fuzz::memory_file const file(data, size);
  fuzz::attempt(file.path, [&] { laminate::read_npz(file.path, 1 << 22); });
  return 0;
}
