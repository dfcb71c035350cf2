// Whether a network learns: steps against the gradient, on a batch that stays the same, make its loss smaller.
#pragma once

#include "comparison.hpp"

namespace laws {

/// What is wrong with the way a network's loss ½Σ(y − t)² went in 20 steps of gradient descent; "" where nothing.
/// Targets are random, and none is negative: some networks end in a ReLU. Each step changes the parameters by a part of
/// their own length; dropout makes the loss waver.
inline std::string broken_learning(specimen& model) {
  constexpr int images = 6, steps = 20;
  generator random{13};
  numbers const x = normal(random, static_cast<std::size_t>(images) * model.in.size());
  numbers target = normal(random, static_cast<std::size_t>(images) * model.out.size());
  for (double& t : target) t = std::abs(t);
  std::vector<double> losses;
  for (int step = 0; step < steps; ++step) {
    numbers dy = model.forward(x);
    double loss = 0;
    for (std::size_t i = 0; i < dy.size(); ++i) dy[i] -= target[i], loss += dy[i] * dy[i] / 2;
    losses.push_back(loss);
    model.backward(dy);
    dictionary state = model.state();
    dictionary const gradients = model.gradients();
    auto const for_each_learned = [&](auto use) {
      for (auto& t : state)
        for (auto const& g : gradients)
          if (g.name == t.name)
            for (std::size_t i = 0; i < t.values.size(); ++i) use(t.values[i], g.values[i]);
    };
    double length = 0, slope = 0;  // squared
    for_each_learned([&](double v, double g) { length += v * v, slope += g * g; });
    double const rate = slope > 0 ? 0.05 * std::sqrt(length / slope) : 0;  // dropout may stop all of it, once
    for_each_learned([&](double& v, double g) { v -= rate * g; });
    model.load(state);
  }
  auto const mean = [&](int first) { return (losses[first] + losses[first + 1] + losses[first + 2]) / 3; };
  if (mean(steps - 3) < 0.9 * mean(0)) return "";
  return "\nit does not learn: its loss went from " + std::to_string(mean(0)) + " to " +
         std::to_string(mean(steps - 3));
}

}  // namespace laws
