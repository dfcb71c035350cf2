// What the targets share: bytes as a file, and what may come of reading them.
#pragma once

#include <laminate/support/error.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#undef MAP_TYPE  // see laminate/support/input_file.hpp

namespace fuzz {

/// A file in memory, which loaders open by its name.
class memory_file {
 public:
  memory_file(std::uint8_t const* data, std::size_t size) : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    if (descriptor_ < 0 || ::write(descriptor_, data, size) != static_cast<ssize_t>(size)) std::abort();
    path = "/proc/self/fd/" + std::to_string(descriptor_);
  }
  memory_file(memory_file const&) = delete;
  ~memory_file() { ::close(descriptor_); }

  std::string path;

 private:
  int descriptor_;
};

/// Calls `read`. Nothing but an `error` that begins with `name` may come out of it. True where it was read.
template<class Read> bool attempt(std::string const& name, Read read) try {
  read();
  return true;
} catch (laminate::error const& refused) {
  if (std::string(refused.what()).starts_with(name + ": ")) return false;
  std::fprintf(stderr, "an error without the file: %s\n", refused.what());
  std::abort();
}

inline void require(bool holds, char const* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace fuzz
