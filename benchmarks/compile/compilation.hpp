// One run of a compiler, and what it took.
#pragma once

#include <string>
#include <vector>

namespace bench {

struct compilation {
  bool worked = false;
  std::string failure{};  ///< why not
  double seconds = 0;     ///< of the processor in user mode, the fastest round
  double peak_mib = 0;    ///< the most memory one of the compiler's processes had
  double object_kib = 0;
};

/// Compiles program.cpp with these definitions, optimised for this machine's processor.
compilation compile(std::string const& compiler, std::vector<std::string> const& definitions, int rounds);

/// Compiles program.cpp without a network, for which all headers were precompiled. What that took is not counted.
compilation compile_with_precompiled(std::string const& compiler, int rounds);

}  // namespace bench
