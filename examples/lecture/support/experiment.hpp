// What every program of the lecture shares: its options, its data, tables as CSV files, mean and spread over
// seeds, and the verdict on its claims.
#pragma once

#include <laminate/data.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <vector>

namespace lecture {

/// Mean and sample deviation of what several seeds gave.
struct spread {
  double mean = 0, deviation = 0, least = 0, most = 0;
};
spread spread_of(std::vector<double> const& values);
/// "0.512 ± 0.013"
std::string text(spread const& s, char const* format = "%.3f");

/// A CSV file whose first line says, as a comment, which run made it.
class table {
 public:
  table(std::filesystem::path const& file, std::string const& made_by, std::string const& columns);
  /// Numbers and texts, as many as there are columns.
  template<class... Cells> void row(Cells const&... cells) {
    std::size_t left = sizeof...(cells);
    ((file_ << cells << (--left ? "," : "\n")), ...);
  }

 private:
  std::ofstream file_;
};

/// One run of a program: `--quick` checks the direction of its effects within seconds, without the real data
/// set; else it measures what docs/lecture shows. Seeds are 1, 2, … .
class experiment {
 public:
  experiment(int argc, char** argv,
             std::string const& claim);  ///< ends the program where `--help` was asked for

  bool quick = false;
  int seeds = 3;

  template<class T> T pick(T full, T in_quick_mode) const { return quick ? in_quick_mode : full; }

  /// The first images of Fashion-MNIST, standardised; figures drawn by the library in quick mode and where
  /// that data set is not installed. `scaling`, where given, is told how.
  laminate::split images(int train, int test, laminate::standardisation* scaling = nullptr) const;

  /// f(1), f(2), … and their mean and spread.
  template<class F> spread over_seeds(F f) const {
    std::vector<double> values;
    for (int seed = 1; seed <= seeds; ++seed) values.push_back(f(static_cast<std::uint64_t>(seed)));
    return spread_of(values);
  }

  table csv(std::string const& name, std::string const& columns) const;
  /// Where results go; empty: nowhere.
  std::filesystem::path const& out() const { return out_; }

  /// Says whether a claim holds, and remembers it.
  void expect(bool holds, std::string const& claim);
  /// What main returns: in quick mode 1 where a claim does not hold. A full run measures; its page tells what
  /// it found.
  int verdict() const { return quick && failed_ ? 1 : 0; }

 private:
  std::filesystem::path out_;
  std::string made_by_;
  bool failed_ = false;
};

/// √Σv²
template<class Numbers> double norm(Numbers const& values) {
  double sum = 0;
  for (double const v : values) sum += v * v;
  return std::sqrt(sum);
}

}  // namespace lecture
