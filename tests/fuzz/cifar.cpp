// CIFAR-10's binary files, plain or gzipped.
#include "fuzz.hpp"

#include <laminate/data/cifar.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  fuzz::memory_file const file(data, size);
  laminate::dataset read;
  if (fuzz::attempt(file.path, [&] { read = laminate::read_cifar10_batch(file.path); })) read.check();
  return 0;
}
