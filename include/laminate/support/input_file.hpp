// A file to read: mapped where it can be, so that its bytes take no memory of the program's; read where not.
#pragma once

#include <laminate/support/error.hpp>
#include <laminate/support/shared_bytes.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#undef MAP_TYPE  // of <sys/mman.h>, a mask nobody needs; <onnx/defs/parser.h> has an enumerator of this name

namespace laminate {

/// A regular file or a pipe; anything else is refused, as reading a device may never end. The size of a regular file is
/// the opened file's, whatever its name stands for a moment later. What remains: where another program cuts the file
/// short while it is mapped, the system ends this one (SIGBUS). Writing beside it and renaming, as `atomic_file` does,
/// leaves a mapped file as it is.
class input_file {
 public:
  explicit input_file(std::filesystem::path const& path)
      : name_(path.string()), opened_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (opened_.descriptor < 0 && (errno == ENOENT || errno == ENOTDIR)) throw error(name_, "no such file");
    struct stat about {};
    if (opened_.descriptor < 0 || ::fstat(opened_.descriptor, &about) != 0) fail("cannot be opened");
    if (!S_ISREG(about.st_mode) && !S_ISFIFO(about.st_mode)) throw error(name_, "is not a regular file");
    if (S_ISREG(about.st_mode) && about.st_size > 0) map(static_cast<std::size_t>(about.st_size));
  }

  std::string const& name() const { return name_; }

  /// The file's first bytes, at least `least` of them unless it ends before; all of them where it is mapped. No memory
  /// is taken for bytes of a pipe that have not arrived.
  shared_bytes const& bytes(std::uint64_t least) {
    if (!mapped_ && bytes_.size() < least) read_on(least);
    return bytes_;
  }

 private:
  struct descriptor_owner {
    explicit descriptor_owner(int opened) : descriptor(opened) {}
    descriptor_owner(descriptor_owner const&) = delete;
    ~descriptor_owner() {
      if (descriptor >= 0) ::close(descriptor);
    }
    int const descriptor;
  };

  /// Some file systems cannot; then it is read.
  void map(std::size_t size) {
    void* const start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, opened_.descriptor, 0);
    if (start == MAP_FAILED) return;
    auto const unmap = [size](std::byte const* at) { ::munmap(const_cast<std::byte*>(at), size); };
    bytes_ = {std::shared_ptr<std::byte const>(static_cast<std::byte const*>(start), unmap), size};
    mapped_ = true;
  }

  void read_on(std::uint64_t least) {
    constexpr std::uint64_t chunk = 1 << 20;
    std::vector<std::byte> all(bytes_.begin(), bytes_.end());
    while (all.size() < least) {
      std::size_t const had = all.size();
      all.resize(had + static_cast<std::size_t>(std::min(least - had, chunk)));
      ssize_t const got = ::read(opened_.descriptor, all.data() + had, all.size() - had);
      if (got < 0 && errno != EINTR) fail("cannot be read");
      all.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      if (got == 0) break;
    }
    bytes_ = std::move(all);
  }

  [[noreturn]] void fail(std::string const& what) const {
    throw error(name_, what + ": " + std::generic_category().message(errno));
  }

  std::string name_;
  descriptor_owner opened_;
  bool mapped_ = false;
  shared_bytes bytes_;
};

}  // namespace laminate
