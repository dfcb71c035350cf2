// A fixed-size array on a 64-byte boundary, zeroed.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>

namespace laminate {

template<class T> class aligned_buffer {
 public:
  aligned_buffer() = default;
  explicit aligned_buffer(std::size_t size)
      : data_(static_cast<T*>(::operator new(bytes(size), alignment))), size_(size) {
    std::memset(static_cast<void*>(data_.get()), 0, bytes(size));
  }

  T* data() { return data_.get(); }
  T const* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  std::span<T> all() { return {data(), size_}; }
  std::span<T const> all() const { return {data(), size_}; }
  T& operator[](std::size_t i) { return data_.get()[i]; }
  T const& operator[](std::size_t i) const { return data_.get()[i]; }

 private:
  static constexpr std::align_val_t alignment{64};
  static std::size_t bytes(std::size_t size) { return (size * sizeof(T) + 63) / 64 * 64; }
  struct free {
    void operator()(T* p) const { ::operator delete(p, alignment); }
  };

  std::unique_ptr<T, free> data_;
  std::size_t size_ = 0;
};

}  // namespace laminate
