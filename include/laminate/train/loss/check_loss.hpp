// check_gradients(loss, classes): is the gradient a loss states that of its mean?
#pragma once

#include <algorithm>
#include <cmath>
#include <iostream>
#include <laminate/io/gradient_check.hpp>
#include <laminate/support/random.hpp>
#include <laminate/train/loss/batch_loss.hpp>
#include <string>
#include <vector>

namespace laminate {

template<class L>
concept Loss = LossOf<L, double>;

/// Prints how far the gradient that a loss states for random outputs, of two samples a class, is from central
/// differences of its mean, in double; true if it is right, and if the mean is the same where nobody wants a gradient.
///   check_gradients(SoftmaxCrossEntropy{}, 10);
template<Loss L> bool check_gradients(L const& loss, int classes, std::ostream& os = std::cout) {
  generator random{1};
  std::vector<int> labels(2 * classes);
  std::vector<double> outputs(labels.size() * classes), stated(outputs.size());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<int>(i) % classes;
  for (double& y : outputs) y = 2 * random.normal();

  std::span<double> const variables(outputs.data(), outputs.size()), slopes(stated.data(), stated.size());
  auto const mean = [&] { return loss(std::span<double const>(variables), labels, std::span<double>()).mean; };
  double const value = loss(std::span<double const>(variables), labels, slopes).mean;
  bool const same = value == mean();
  gradient_check const found = check_gradient(variables, slopes, 1e-2 * std::max(1.0, std::abs(value)), mean);
  looking::table rows = looking::begin_checks();
  rows.push_back(looking::write_check("loss", std::to_string(labels.size()) + "×" + std::to_string(classes), found));
  looking::print_table(os, rows, 3);
  if (!same) os << "the mean is another one where nobody wants a gradient\n";
  return found.passed() && same;
}

}  // namespace laminate
