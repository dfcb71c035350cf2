// Bytes that nobody changes: in memory or mapped from a file, shared by all who hold them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace laminate {

/// A copy costs nothing, and keeps the memory alive. Equal where the bytes are equal.
class shared_bytes {
 public:
  shared_bytes() = default;

  /// Takes the vector over.
  shared_bytes(std::vector<std::byte> bytes) {
    auto const kept = std::make_shared<std::vector<std::byte> const>(std::move(bytes));
    data_ = {kept, kept->data()};
    size_ = kept->size();
  }

  /// `size` bytes at `data`, which lasts as long as it is held.
  shared_bytes(std::shared_ptr<std::byte const> data, std::size_t size) : data_(std::move(data)), size_(size) {}

  std::byte const* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  std::byte const* begin() const { return data(); }
  std::byte const* end() const { return data() + size_; }

  /// A part of it; both ends must lie within.
  shared_bytes part(std::size_t first, std::size_t count) const { return {{data_, data() + first}, count}; }

  bool operator==(shared_bytes const& other) const { return std::equal(begin(), end(), other.begin(), other.end()); }

 private:
  std::shared_ptr<std::byte const> data_;
  std::size_t size_ = 0;
};

}  // namespace laminate
