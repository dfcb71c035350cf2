// Large pages for memory that is walked through again and again.
#pragma once

#include <cstddef>
#include <cstdint>

#ifdef __linux__
#include <sys/mman.h>
#undef MAP_TYPE  // a mask nobody needs; <onnx/defs/parser.h> has an enumerator of this name
#endif

namespace laminate {

/// What processors map at a time where the system lets them: 2 MiB on x86-64, and on ARM with pages of 4 KiB.
inline constexpr std::size_t large_page = std::size_t{2} << 20;

/// Asks for large pages wherever one lies wholly in [from, from + bytes). Linux hands them out only to who asks, by
/// default; where it has none, or never gives any, pages stay small and nothing else changes.
inline void ask_for_large_pages([[maybe_unused]] void* from, [[maybe_unused]] std::size_t bytes) {
#ifdef MADV_HUGEPAGE
  auto const begin = reinterpret_cast<std::uintptr_t>(from);
  std::uintptr_t const first = (begin + large_page - 1) / large_page * large_page;
  std::uintptr_t const last = (begin + bytes) / large_page * large_page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

}  // namespace laminate
