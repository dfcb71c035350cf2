// Which architectures the processor at hand has, by the names compilers give them (-march).
#pragma once

#include <string_view>

namespace laminate {

/// Whether code compiled with -march=`architecture` runs here: "x86-64" and the levels "x86-64-v2", "x86-64-v3",
/// "x86-64-v4" of the x86-64 ABI, asked of the processor and its operating system; "native" is taken to be this
/// machine's. False for every other name on x86-64. Elsewhere nothing is asked, and the answer is true.
inline bool processor_has([[maybe_unused]] std::string_view architecture) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (architecture == "x86-64-v2") return __builtin_cpu_supports("x86-64-v2");
  if (architecture == "x86-64-v3") return __builtin_cpu_supports("x86-64-v3");
  if (architecture == "x86-64-v4") return __builtin_cpu_supports("x86-64-v4");
  return architecture == "x86-64" || architecture == "native";
#else
  return true;
#endif
}

}  // namespace laminate
