// Everything that must hold of any network, for one that was drawn at random.
#pragma once

#include <laminate/laminate.hpp>

#include "laws/custom_layers.hpp"
#include "laws/frozen.hpp"

#include <functional>
#include <random>
#include <sstream>

namespace laws {

// Activations of a user.

struct piecewise_formula {
  constexpr auto operator()(auto x) const {
    return where(x > 0.3, min(x, 1.7) - 0.3, max(x, -1.1) * erf(x) * 0.5) + 0.1 * atan(x) + cos(x);
  }
};
using Piecewise = Activation<piecewise_formula{}>;

struct Squareplus : word {
  static constexpr auto value = [](auto x) { return (x + sqrt(x * x + 4)) / 2; };
  static constexpr auto slope = [](auto x) { return value(x) / sqrt(x * x + 4); };
  static constexpr bool rectifies = true, monotone = true;
  static constexpr facts about = mathematics<Squareplus>::about();
};

struct LearnedSwish : word {
  static constexpr auto value = [](auto x, auto a) { return x / (1 + exp(-(a * x))); };
  static constexpr double initial = 1;
  static constexpr bool per_channel = true, rectifies = true;
  static constexpr facts about = mathematics<LearnedSwish>::about();
};

/// Models of one network and one policy, made anew for each law: dropout's random numbers go on within a model.
struct subject {
  std::string policy;
  int capacity;
  double tolerance;
  bool exact_zeros;  // a NaN stays where the reference has one: not so within tiles and groups
  std::function<std::unique_ptr<specimen>(int threads)> make;
  /// What is wrong with a model by itself, and what updates make of it.
  std::function<std::string()> broken_alone;
  std::function<dictionary(dictionary const& start, int threads)> trained;
};

/// More samples than a step works on at a time.
template<class Net> constexpr int capacity_of = Model<Net>::in.is_features() ? 67 : largest_batch;

/// Two updates by each of two rules, of gradients that are of size 1 at most, then other statistics; the state after
/// each.
template<class Model, class T = typename Model::scalar> dictionary trained(dictionary const& start, int threads) {
  dictionary seen;
  Model model{1, largest_batch};
  model.threads(threads);
  auto const note = [&] {
    for (auto& t : to_double(state_dict(model))) seen.push_back(std::move(t));
  };
  auto const train = [&](auto const& rule) {
    load_state_dict(model, start);
    optimizer<std::remove_cvref_t<decltype(rule)>, T> update{rule, model.parameters().size()};
    generator random{31};
    for (int const n : {16, 7}) {
      std::vector<T> const x = to<T>(normal(random, n * Model::in.size()));
      std::vector<T> dy = to<T>(normal(random, n * Model::out.size())), y(dy.size());
      model.forward(x, std::span<T>(y));
      model.backward(dy);
      std::vector<T> gradients(model.gradients().begin(), model.gradients().end());
      T const most = static_cast<T>(magnitude(to<double>(gradients)));
      for (T& g : gradients) g /= std::max(T(1), most);
      update.step(model.parameters(), gradients, model.ranges(), 1);
      model.parameters_changed();
      note();
    }
  };
  train(SGD{.lr = 0.01, .momentum = 0.9, .weight_decay = 1e-2, .nesterov = true});
  train(AdamW{.lr = 1e-2, .eps = 1.0});
  generator random{41};
  dataset const data{Model::in, 1, to<float>(normal(random, 11 * Model::in.size())), std::vector<int>(11)};
  recalibrate_batch_norm(model, data, 4), note();
  return seen;
}

/// Memory is what was planned, and the gradients' gaps hold zeros.
template<class Net, class Policy, class T> std::string broken_alone() {
  std::string broken;
  Model<Net, Policy, T> model{1, largest_batch};
  if constexpr (!std::is_same_v<Policy, Reference>) {
    if (model.arena_bytes() != plan<Net, Policy>.arena_bytes(largest_batch, sizeof(T), model.threads()))
      broken += "\n  arena_bytes() is not what plan says";
  }
  generator random{3};
  std::vector<T> const x = to<T>(normal(random, 7 * model.in.size())), dy = to<T>(normal(random, 7 * model.out.size()));
  std::vector<T> y(dy.size());
  model.forward(x, std::span<T>(y));
  model.backward(dy);
  double stored = 0, named = 0;
  for (T g : model.gradients()) stored += static_cast<double>(g) * g;
  for (auto const& t : gradients(model))
    for (T g : t.values) named += static_cast<double>(g) * g;
  if (!(std::abs(stored - named) <= 1e-9 * named) && std::isfinite(named))
    broken += "\n  gaps of gradients are not zero";
  return broken;
}

template<class Net, class Policy, class T>
subject subject_of(std::string policy, double tolerance, bool exact_zeros = true) {
  using subject_model = Model<Net, Policy, T>;
  auto const make = [](int threads) {
    auto* const one = new specimen_of<subject_model>(1, capacity_of<Net>);
    one->model.threads(threads);
    return std::unique_ptr<specimen>(one);
  };
  return {std::move(policy),     capacity_of<Net>, tolerance, exact_zeros, make, broken_alone<Net, Policy, T>,
          trained<subject_model>};
}

/// Whether text and pictures of it can be made.
template<class Net> std::string broken_text() {
  std::ostringstream text;
  explain<Net>(text), explain<Net, Unfused>(text), to_dot<Net>(text), summary(text, Model<Net>{1, 6});
  text << to_html<Net>("network");
  return text.str().find("nan") == std::string::npos ? "" : "\ntext about it says nan";
}

/// What differs from the first subject, the reference; "" where nothing does.
std::string broken(std::vector<subject> const& all);

}  // namespace laws
