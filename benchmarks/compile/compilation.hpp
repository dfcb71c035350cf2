// One run of a compiler, and what it took.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace bench {

/// How much clang makes of a program's source: the same on every machine with the same libraries.
struct counts {
  long types = 0, declarations = 0, expressions = 0;
};

struct compilation {
  bool worked = false;
  std::string failure{};  ///< why not
  double seconds = 0;     ///< of the processor in user mode, the fastest round
  double peak_mib = 0;    ///< the most memory one of the compiler's processes had
  double object_kib = 0;
  std::optional<double> binary_kib{};  ///< of the program, without symbols and shared libraries, where it can be linked
  std::optional<counts> counted{};     ///< by compilers that count
};

/// Compiles program.cpp with these definitions, optimised for this machine's processor. Linking and counting it are
/// neither timed nor repeated.
compilation compile(std::string const& compiler, std::vector<std::string> const& definitions, int rounds);

/// Compiles program.cpp without a network, for which all headers were precompiled. What that took is not measured, and
/// nothing is counted: of precompiled headers clang counts what it happens to read.
compilation compile_with_precompiled(std::string const& compiler, int rounds);

}  // namespace bench
