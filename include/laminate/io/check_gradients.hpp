// check_gradients: are the gradients of a layer, yours for example, those of what it computes?
#pragma once

#include <iostream>
#include <laminate/io/gradient_check.hpp>
#include <laminate/layers/expressions.hpp>
#include <laminate/model/reference_model.hpp>
#include <laminate/model/state_dict.hpp>
#include <laminate/support/random.hpp>
#include <limits>

namespace laminate {

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
    looking::table rows = looking::begin_checks();
    auto const note = [&](std::string const& name, std::string const& shape, gradient_check const& found) {
      right = right && found.passed();
      rows.push_back(looking::write_check(name, shape, found));
    };
    gradient_trial<Net, Policy> trial;
    note("input", looking::write_shape(graph_of<Net>.nodes[0].out), trial.input());
    for (auto const& e : entries_of<Net>())
      if (e.learned) note(e.name, text_of(e.shape), trial.learned(e.index));
    looking::print_table(os, rows, 3);
  }
  return right;
}

/// Whether an activation that states to be monotone is so from −8 to 8; prints where it falls.
template<class A> bool check_monotone(std::ostream& os) {
  double last = -std::numeric_limits<double>::infinity();
  for (double x = -8; x <= 8; x += 1.0 / 1024) {
    double const y = evaluate(mathematics<A>::value(), x, 0.0);
    if (y < last - 1e-12) return os << "wrong: says that it is monotone, but falls at " << x << '\n', false;
    last = y;
  }
  return true;
}

/// The same for a layer, or a block, alone: `check_gradients<Swish>(image<2, 5, 4>)`. It also notices an activation
/// that falls where it states that it is monotone.
template<class Layer, class Policy = Reference, InputWord Input>
bool check_gradients(Input, std::ostream& os = std::cout) {
  bool const right = check_gradients<Policy>(Network<Input, Layer>{}, os);
  if constexpr (requires { Layer::monotone; }) return (!Layer::monotone || check_monotone<Layer>(os)) && right;
  return right;
}

}  // namespace laminate
