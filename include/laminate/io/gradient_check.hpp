// A stated gradient beside central differences, and what they found as a line of a table.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <laminate/io/summary.hpp>
#include <span>
#include <string>
#include <vector>

namespace laminate {

/// What the check of one tensor found.
struct gradient_check {
  int checked = 0;     ///< elements
  double largest = 0;  ///< gradient
  double error = 0;    ///< largest difference from what was measured, as a part of `largest`
  int worst = -1;      ///< the element it is at
  double stated = 0, measured = 0;

  /// Central differences in double are good to about 1e-8; where a gradient is wrong it is so by far more.
  bool passed() const { return error < 1e-5; }
};

/// Compares stated gradients of `loss` by `variables` with central differences, at up to 256 elements.
/// `floor`: less than this counts as no gradient.
template<class Loss>
gradient_check check_gradient(std::span<double> variables, std::span<double const> stated, double floor, Loss&& loss) {
  constexpr double h = 0x1p-20;  // small, as a kink within ±h would be reported
  gradient_check found;
  for (double g : stated) found.largest = std::max(found.largest, std::abs(g));
  std::size_t const step = (variables.size() + 255) / 256;
  for (std::size_t i = 0; i < variables.size(); i += step) {
    double const at = variables[i];
    variables[i] = at + h;
    double const above = loss();
    variables[i] = at - h;
    double const measured = (above - loss()) / (2 * h);
    variables[i] = at;
    ++found.checked;
    double const error = std::abs(measured - stated[i]) / std::max(std::max(found.largest, std::abs(measured)), floor);
    if (error <= found.error) continue;
    found.error = error, found.worst = static_cast<int>(i);
    found.stated = stated[i], found.measured = measured;
  }
  return found;
}

namespace looking {

inline table begin_checks() {
  table rows;
  rows.push_back({"gradient of", "shape", "", "checked", "largest", "error"});
  return rows;
}

inline std::string write_number(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", v);
  return text;
}
inline std::vector<std::string> write_check(std::string const& name, std::string const& shape,
                                            gradient_check const& c) {
  std::string const verdict = c.passed() ? "right"
                                         : "wrong: at " + std::to_string(c.worst) + " it is " + write_number(c.stated) +
                                               ", measured " + write_number(c.measured);
  return {name, shape, verdict, std::to_string(c.checked), write_number(c.largest), write_number(c.error)};
}

}  // namespace looking

}  // namespace laminate
