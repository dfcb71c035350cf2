// check_gradients: are the gradients of a layer, yours for example, those of what it computes?
#pragma once

#include <cmath>
#include <cstdio>
#include <iostream>
#include <laminate/io/summary.hpp>
#include <laminate/layers/expressions.hpp>
#include <laminate/model/reference_model.hpp>
#include <laminate/model/state_dict.hpp>
#include <laminate/support/random.hpp>

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
    double const error = std::abs(measured - stated[i]) / std::max({found.largest, std::abs(measured), floor});
    if (error <= found.error) continue;
    found.error = error, found.worst = static_cast<int>(i);
    found.stated = stated[i], found.measured = measured;
  }
  return found;
}

/// Everything a check needs: a model in double, a batch and a loss Σ r·y, all random, dropout the same each
/// time.
template<class Net, class Policy> class gradient_trial {
 public:
  gradient_trial() {
    for (auto* all : {&x_, &r_})
      for (double& v : *all) v = random_.normal();
    for (int i = 0; i < count; ++i)
      if (is_learned(table[i].kind)) disturb(i);
    value_ = loss();
    model_.backward(r_, dx_);
  }

  gradient_check input() {
    return check_gradient(x_, dx_, floor(), [this] { return loss(); });
  }
  gradient_check learned(int i) {
    std::vector<double> values(table[i].size()), stated(values.size());
    model_.read_parameter(i, values);
    model_.read_gradient(i, stated);
    auto const changed_loss = [&] { return model_.write_parameter(i, values), loss(); };
    gradient_check const found = check_gradient(values, stated, floor(), changed_loss);
    model_.write_parameter(i, values);
    return found;
  }

 private:
  static constexpr auto& table = parameters_of<Net>;
  static constexpr int count = static_cast<int>(table.size());
  static constexpr int samples = 4;
  using model = Model<Net, Policy, double>;

  // First values hide much: a bias of 0, a scale of 1.
  void disturb(int i) {
    std::vector<double> values(table[i].size());
    model_.read_parameter(i, values);
    for (double& v : values) v += 0.1 * random_.normal();
    model_.write_parameter(i, values);
  }
  double loss() {
    model_.random_state(1);
    model_.forward(x_, y_);
    double sum = 0;
    for (std::size_t i = 0; i < y_.size(); ++i) sum += r_[i] * y_[i];
    return sum;
  }
  double floor() const { return 1e-2 * std::max(1.0, std::abs(value_)); }

  model model_{1, samples};
  generator random_{2};
  std::vector<double> x_ = std::vector<double>(samples * model::in.size()), dx_ = x_;
  std::vector<double> y_ = std::vector<double>(samples * model::out.size()), r_ = y_;
  double value_ = 0;
};

namespace looking {

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

/// Prints for the input and every parameter of a network how far its gradient in training is from central
/// differences, computed in double by the given policy; true if all are right.
///   check_gradients(image<2, 5, 4> >> conv<3, 4> >> Swish{});
/// Reference knows an activation's value and slope; to check its slope_of_output as well, ask Fused. Where a
/// function has a kink, an input there (within 10⁻⁶) is called wrong.
template<class Policy = Reference, class... Words>
bool check_gradients(Network<Words...>, std::ostream& os = std::cout) {
  using Net = Network<Words...>;
  bool right = true;
  if constexpr (is_accepted<Net>) {
    looking::table rows{{"gradient of", "shape", "", "checked", "largest", "error"}};
    auto const note = [&](std::string const& name, std::string const& shape, gradient_check const& found) {
      right = right && found.passed();
      rows.push_back(looking::write_check(name, shape, found));
    };
    gradient_trial<Net, Policy> trial;
    note("input", looking::write_shape(graph_of<Net>.nodes[0].out), trial.input());
    for_each_entry<Net>([&](std::string const& name, std::vector<int> const& shape, int i) {
      if (i >= 0 && is_learned(parameters_of<Net>[i].kind)) note(name, text_of(shape), trial.learned(i));
    });
    looking::print_table(os, rows, 3);
  }
  return right;
}

/// The same for a layer, or a block, alone: `check_gradients<Swish>(image<2, 5, 4>)`.
template<class Layer, class Policy = Reference, InputWord Input>
bool check_gradients(Input, std::ostream& os = std::cout) {
  return check_gradients<Policy>(Network<Input, Layer>{}, os);
}

}  // namespace laminate
