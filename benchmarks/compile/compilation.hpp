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
  int rounds = 0;         ///< that it worked in
  std::string failure{};  ///< why it did not in one
  double seconds = 0;     ///< of the processor in user mode, the fastest round
  double peak_mib = 0;    ///< the most memory one of the compiler's processes had
  double object_kib = 0;
  std::optional<double> binary_kib{};  ///< of the program, without symbols and shared libraries, where it can be linked
  std::optional<counts> counted{};     ///< by compilers that count
};

/// Program.cpp, and how it is compiled.
struct program {
  std::string name, work;  ///< for the table
  std::vector<std::string> definitions{};
  bool precompiled = false;  ///< whether its headers, all of Laminate's, are compiled before
};

/// Compiles a program once more, optimised for this machine's processor, and keeps what was best. The first time it is
/// linked and counted as well, which is not timed. What precompiling headers takes is not measured, and nothing of such
/// a program is counted: clang counts what it happens to read of them.
void compile(compilation& best, std::string const& compiler, program const& what);

}  // namespace bench
