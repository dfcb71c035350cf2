// A disk that is full after so many bytes of a file.
#pragma once

#include <sys/resource.h>

#include <csignal>

namespace tests {

/// While it is there no file of this program grows over `most` bytes: the system answers as for a full disk.
class full_disk {
 public:
  explicit full_disk(rlim_t most) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit small = before_;
    small.rlim_cur = most;
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  full_disk(full_disk const&) = delete;
  ~full_disk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

}  // namespace tests
