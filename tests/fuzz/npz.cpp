// NPZ files, packed or not, and models in them, which change as a whole or not at all.
#include "fuzz.hpp"
#include "model.hpp"

#include <laminate/io/npz.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace laminate;
  fuzz::memory_file const file(data, size);
  fuzz::attempt(file.path, [&] { read_npz(file.path, 1 << 22); });
  static fuzz::model const kept(3, 1);
  fuzz::model net(3, 1);
  if (!fuzz::attempt(file.path, [&] { load_npz(net, file.path); }))
    fuzz::require(fuzz::equal(net, kept), "what is refused changes nothing");
  return 0;
}
