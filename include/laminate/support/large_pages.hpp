// Large pages for memory that is walked through again and again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#ifdef __linux__
#include <sys/mman.h>
#undef MAP_TYPE  // a mask nobody needs; <onnx/defs/parser.h> has an enumerator of this name
#endif

namespace laminate {

/// What processors map at a time where the system lets them: 2 MiB on x86-64, and on ARM with pages of 4 KiB.
inline constexpr std::size_t large_page = std::size_t{2} << 20;

constexpr std::uintptr_t round_up(std::uintptr_t address, std::size_t alignment) {
  return (address + alignment - 1) / alignment * alignment;
}

struct unmap {
  std::size_t bytes = 0;

  void operator()([[maybe_unused]] void* memory) const {
#ifdef MADV_HUGEPAGE
    munmap(memory, bytes);
#endif
  }
};
using mapping = std::unique_ptr<void, unmap>;

/// Zeros for `bytes`, from the next large page on. Linux gives large pages only to who asks, by default, and only where
/// memory has not been touched, as malloc's may have been; it gives small ones where it has none. Null where memory
/// cannot be had so.
inline mapping map_large_pages([[maybe_unused]] std::size_t bytes) {
#ifdef MADV_HUGEPAGE
  std::size_t const all = bytes + large_page;
  void* const from = mmap(nullptr, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (from == MAP_FAILED) return {};
  std::uintptr_t const first = round_up(reinterpret_cast<std::uintptr_t>(from), large_page);
  madvise(reinterpret_cast<void*>(first), bytes / large_page * large_page, MADV_HUGEPAGE);
  return {from, unmap{all}};
#else
  return {};
#endif
}

}  // namespace laminate
