// A file that appears whole or not at all: written beside its target, then renamed over it.
#pragma once

#include <laminate/support/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace laminate {

/// Write as often as needed, then `commit()`. Until then, and after any failure, the target holds what it
/// held before; without a commit nothing is left behind. Every failure is an `error` that names the target
/// and the reason.
class atomic_file {
 public:
  explicit atomic_file(std::filesystem::path const& target) : target_(target) {
    if (target_.empty()) throw error("a file to write", "its path is empty");
    std::error_code ignored;
    // A link keeps pointing to its file, which is the one to replace.
    if (std::filesystem::is_symlink(target_, ignored)) target_ = std::filesystem::weakly_canonical(target_, ignored);
    auto const kind = std::filesystem::status(target_, ignored);
    // Renaming over /dev/null succeeds for root, and would replace the device by a file.
    if (std::filesystem::exists(kind) && !std::filesystem::is_regular_file(kind))
      throw error(target_.string(), "cannot be written: it exists and is not a regular file");
    open();
  }
  atomic_file(atomic_file const&) = delete;
  atomic_file& operator=(atomic_file const&) = delete;
  ~atomic_file() { discard(); }

  void write(void const* data, std::size_t bytes) {
    for (char const* at = static_cast<char const*>(data); bytes > 0;) {
      ssize_t const written = ::write(descriptor_, at, bytes);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("cannot be written");
      at += written, bytes -= static_cast<std::size_t>(written);
    }
  }
  void write(std::span<std::byte const> bytes) { write(bytes.data(), bytes.size()); }
  void write(std::string_view text) { write(text.data(), text.size()); }

  /// Puts the new content in the target's place. Nothing can be written afterwards.
  void commit() {
    if (::fsync(descriptor_) != 0) fail("cannot be flushed to disk");
    int const closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) fail("cannot be closed");
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("cannot be replaced");
    temporary_.clear();
    flush_directory();
  }

 private:
  /// The name is short and not derived from the target's, which may already have the greatest length allowed.
  void open() {
    static std::atomic<unsigned> number{0};
    do {
      std::string const name = ".laminate-" + std::to_string(::getpid()) + "-" + std::to_string(number++) + ".partial";
      temporary_ = target_.parent_path() / name;
      descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (descriptor_ < 0 && (errno == EEXIST || errno == EINTR));
    if (descriptor_ < 0) {
      temporary_.clear();
      fail("cannot be written");
    }
    struct stat old {};
    // A replaced file keeps its permissions; where that is forbidden, the default ones are no reason to lose
    // the data.
    if (::stat(target_.c_str(), &old) == 0 && ::fchmod(descriptor_, old.st_mode & 07777) != 0) errno = 0;
  }

  /// Makes the rename itself durable. The new file is complete either way, so a failure here is not reported.
  void flush_directory() {
    std::filesystem::path const parent = target_.parent_path();
    int const directory = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return;
    ::fsync(directory);
    ::close(directory);
  }

  void discard() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    descriptor_ = -1;
    temporary_.clear();
  }

  [[noreturn]] void fail(std::string const& what) {
    std::string const reason = std::generic_category().message(errno);
    discard();
    throw error(target_.string(), what + ": " + reason);
  }

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// The whole content at once.
inline void write_atomically(std::filesystem::path const& target, void const* data, std::size_t bytes) {
  atomic_file file(target);
  file.write(data, bytes);
  file.commit();
}
inline void write_atomically(std::filesystem::path const& target, std::span<std::byte const> content) {
  write_atomically(target, content.data(), content.size());
}
inline void write_atomically(std::filesystem::path const& target, std::string_view content) {
  write_atomically(target, content.data(), content.size());
}

}  // namespace laminate
