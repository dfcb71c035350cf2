#include "compilation.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <system_error>

namespace bench {
namespace {

struct ended {
  int status = 0;
  double seconds = 0, peak_mib = 0;
};

constexpr char const* nowhere = "/dev/null";

// Runs a command, of whose output only the messages are kept, in a file. 127: it is not there.
ended run(std::vector<std::string> const& command, std::string const& messages = nowhere) {
  std::vector<char*> arguments;
  for (std::string const& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t const child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), command[0]);
  if (child == 0) {
    dup2(open(nowhere, O_WRONLY), 1), dup2(open(messages.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) < 0) throw std::system_error(errno, std::generic_category(), command[0]);
  auto const& time = used.ru_utime;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6,
          static_cast<double>(used.ru_maxrss) / 1024};
}

std::string failure(ended const& e) {
  return e.status == 127 ? "is missing" : "ended with " + std::to_string(e.status);
}

/// A folder that is gone at the end.
class scratch {
 public:
  scratch() : path_(std::filesystem::temp_directory_path() / ("laminate-" + std::to_string(getpid()))) {
    std::filesystem::create_directory(path_);
  }
  scratch(scratch const&) = delete;
  scratch& operator=(scratch const&) = delete;
  ~scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(char const* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::vector<std::string> command_of(std::string const& compiler, std::string const& object,
                                    std::vector<std::string> const& rest) {
  std::vector<std::string> command{compiler, "-std=c++20",         "-O3",      "-DNDEBUG", "-march=native",
                                   "-I",     LAMINATE_INCLUDE_DIR, "-fopenmp", "-o",       object};
  command.insert(command.end(), rest.begin(), rest.end());
  return command;
}

double kib_of(std::string const& file) { return static_cast<double>(std::filesystem::file_size(file)) / 1024; }

// Without jansson and zlib: nothing that program.cpp calls needs them.
std::optional<double> linked_kib(std::string const& compiler, std::string const& object, std::string const& program) {
  if (run({compiler, "-s", "-fopenmp", "-o", program, object}).status != 0) return std::nullopt;
  return kib_of(program);
}

std::string text_of(std::string const& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Of "452145 types total."
long total_of(std::string const& what, std::string const& messages) {
  std::smatch found;
  if (!std::regex_search(messages, found, std::regex("([0-9]+) " + what + " total")))
    throw std::runtime_error("expected a compiler's number of " + what + ", found none");
  return std::stol(found[1]);
}

// The options are those of tests/cmake/check_compile_budget.cmake, which counts the same: what kernels are made of
// depends on the processor. g++ does not count, and refuses them.
std::optional<counts> count(std::string const& compiler, std::vector<std::string> const& definitions,
                            std::string const& messages) {
  std::vector<std::string> command{compiler,       "-std=c++20",         "-DNDEBUG",      "-march=x86-64-v3",
                                   "-I",           LAMINATE_INCLUDE_DIR, "-fsyntax-only", "-Xclang",
                                   "-print-stats", LAMINATE_PROGRAM};
  command.insert(command.end(), definitions.begin(), definitions.end());
  if (run(command, messages).status != 0) return std::nullopt;
  std::string const said = text_of(messages);
  return counts{total_of("types", said), total_of("decls", said), total_of("stmts/exprs", said)};
}

}  // namespace

void compile(compilation& best, std::string const& compiler, program const& what) {
  if (!best.failure.empty()) return;
  scratch const folder;
  std::vector<std::string> rest{"-c", LAMINATE_PROGRAM};
  rest.insert(rest.end(), what.definitions.begin(), what.definitions.end());
  if (what.precompiled) {
    std::string const all = LAMINATE_INCLUDE_DIR "/laminate/laminate.hpp";
    ended const e = run(command_of(compiler, folder / "all.hpp.gch", {"-x", "c++-header", all}));
    if (e.status != 0) best.failure = failure(e);
    rest.insert(rest.begin(), {"-include", folder / "all.hpp"});  // beside which both compilers take the .gch
  }
  std::string const object = folder / "program.o";
  ended const e = run(command_of(compiler, object, rest));
  if (e.status != 0) best.failure = failure(e);
  if (!best.failure.empty()) return;
  best.seconds = best.rounds > 0 ? std::min(best.seconds, e.seconds) : e.seconds;
  best.peak_mib = std::max(best.peak_mib, e.peak_mib);
  if (best.rounds++ > 0) return;
  best.object_kib = kib_of(object);
  best.binary_kib = linked_kib(compiler, object, folder / "program");
  if (!what.precompiled) best.counted = count(compiler, what.definitions, folder / "messages");
}

}  // namespace bench
