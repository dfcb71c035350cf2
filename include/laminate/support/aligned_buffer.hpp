// A fixed-size array on a 64-byte boundary, or on that of a large page, zeroed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <laminate/support/large_pages.hpp>
#include <memory>
#include <new>
#include <span>

namespace laminate {

/// Large ones come from the system as zeros and take memory only where they are written, a large page at a time: what a
/// program does not use of a model, its training say, costs address space alone.
template<class T> class aligned_buffer {
 public:
  aligned_buffer() = default;
  explicit aligned_buffer(std::size_t size) {
    if (size * sizeof(T) >= large_page) pages_ = map_large_pages(size * sizeof(T));
    if (!pages_) memory_.reset(std::calloc(size + 2 * cache_line / sizeof(T), sizeof(T)));
    if (!pages_ && !memory_) refuse();
    auto const from = reinterpret_cast<std::uintptr_t>(pages_ ? pages_.get() : memory_.get());
    all_ = {reinterpret_cast<T*>(round_up(from, pages_ ? large_page : cache_line)), size};
  }

  T* data() { return all_.data(); }
  T const* data() const { return all_.data(); }
  std::size_t size() const { return all_.size(); }
  std::span<T> all() { return all_; }
  std::span<T const> all() const { return all_; }
  T& operator[](std::size_t i) { return all_[i]; }
  T const& operator[](std::size_t i) const { return all_[i]; }

 private:
  [[noreturn]] static void refuse() {
#ifdef __cpp_exceptions
    throw std::bad_alloc();
#else
    std::abort();  // a program that embeds a frozen model may have none
#endif
  }

  static constexpr std::size_t cache_line = 64;
  struct free {
    void operator()(void* p) const { std::free(p); }
  };

  mapping pages_;  ///< of a large one
  std::unique_ptr<void, free> memory_;
  std::span<T> all_;
};

}  // namespace laminate
