// A file read from front to back, plain or packed by gzip, that ends with an error where it is damaged.
#pragma once

#include <laminate/support/error.hpp>

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace laminate {

/// Offsets count unpacked bytes. Whether a file is packed is seen from its first two bytes, not from its
/// name.
class packed_file {
 public:
  explicit packed_file(std::filesystem::path const& file) : name_(file.string()) {
    errno = 0;
    stream_.reset(::gzopen(file.c_str(), "rb"));
    if (!stream_)
      throw error(name_, "cannot be opened: " + (errno ? std::generic_category().message(errno) : "out of memory"));
    ::gzbuffer(stream_.get(), chunk);
  }

  std::string const& name() const { return name_; }
  std::uint64_t offset() const { return offset_; }

  /// The next `count` bytes; `what` they are is for the message when the file ends before.
  std::vector<unsigned char> read(std::uint64_t count, std::string const& what) {
    std::uint64_t const begin = offset_;
    std::vector<unsigned char> bytes;
    // Chunk by chunk: a header that promises too much costs no more memory than the file really holds.
    while (bytes.size() < count) {
      std::size_t const had = bytes.size();
      std::size_t const wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count - had, chunk));
      bytes.resize(had + wanted);
      if (read_some(bytes.data() + had, wanted) < wanted)
        throw error(name_, begin, std::to_string(count) + " bytes of " + what,
                    "the end of the file at byte " + std::to_string(offset_));
    }
    return bytes;
  }

  /// The next four bytes as a big-endian number.
  std::uint32_t read_number(std::string const& what) {
    std::uint32_t number = 0;
    for (unsigned char const byte : read(4, what)) number = number << 8 | byte;
    return number;
  }

  /// Whether everything is read, zlib's checksum included.
  bool at_end() {
    int const next = gzgetc(stream_.get());  // may be a macro
    if (next >= 0) return ::gzungetc(next, stream_.get()), false;
    expect_end();
    return true;
  }

  /// Throws unless everything is read. It also makes zlib verify the checksum, which follows the last byte.
  void expect_end() {
    unsigned char extra = 0;
    std::uint64_t const end = offset_;
    if (read_some(&extra, 1) != 0) throw error(name_, end, "the end of the file", "more bytes");
  }

 private:
  static constexpr unsigned chunk = 1 << 17;

  struct closer {
    void operator()(gzFile stream) const { ::gzclose_r(stream); }
  };

  /// Fewer than wanted only at the end of an undamaged file.
  std::size_t read_some(unsigned char* to, std::size_t wanted) {
    int const got = ::gzread(stream_.get(), to, static_cast<unsigned>(wanted));
    if (got > 0) offset_ += static_cast<std::uint64_t>(got);
    if (got == static_cast<int>(wanted)) return wanted;
    // A cut-off gzip file is not a failure of gzread itself: it returns what there is and leaves Z_BUF_ERROR
    // behind.
    int code = Z_OK;
    std::string reason = ::gzerror(stream_.get(), &code);
    if (code == Z_OK || code == Z_STREAM_END) return static_cast<std::size_t>(std::max(got, 0));
    if (reason.starts_with(name_ + ": ")) reason.erase(0, name_.size() + 2);
    std::string const expected = ::gzdirect(stream_.get()) ? "readable bytes" : "intact gzip data";
    throw error(name_, offset_, expected, reason);
  }

  std::string name_;
  std::unique_ptr<gzFile_s, closer> stream_;
  std::uint64_t offset_ = 0;
};

}  // namespace laminate
