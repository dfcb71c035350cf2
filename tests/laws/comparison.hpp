// Two models run the same script; what they compute must be the same numbers, and what differs is named.
#pragma once

#include <laminate/layers.hpp>
#include <laminate/model/model.hpp>
#include <laminate/model/reference_model.hpp>
#include <laminate/model/state_dict.hpp>
#include <laminate/support/random.hpp>

#include "same_bits.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace laminate::kernels::reference {
extern template void compute(stage<double> const&);  // in tests/reference_loops.cpp
extern template void add_gradients(stage<double> const&);
}  // namespace laminate::kernels::reference

namespace laws {

using namespace laminate;

using numbers = std::vector<double>;
using dictionary = std::vector<named_tensor<double>>;

template<class Scalar, class From> std::vector<Scalar> to(From const& from) { return {from.begin(), from.end()}; }

template<class T> dictionary to_double(std::vector<named_tensor<T>> const& from) {
  dictionary all;
  for (auto const& t : from) all.push_back({t.name, t.shape, to<double>(t.values)});
  return all;
}

/// Any model, seen in double: the laws are compiled once, not once for each network.
struct specimen {
  shape in, out;
  std::span<graph_node const> nodes;

  virtual ~specimen() = default;
  virtual numbers infer(numbers const& x) = 0;
  virtual numbers forward(numbers const& x) = 0;
  virtual numbers backward(numbers const& dy) = 0;
  virtual dictionary state() const = 0;
  virtual dictionary gradients() const = 0;
  virtual void load(dictionary const& state) = 0;

  bool normalises() const {
    return std::ranges::any_of(nodes, [](graph_node const& v) { return v.acts_as == role::normalisation; });
  }
  /// Whether one sample is enough to train on: a normalisation wants two values per channel.
  bool takes_one_sample() const {
    return std::ranges::none_of(
        nodes, [](graph_node const& v) { return v.acts_as == role::normalisation && v.out.pixels() < 2; });
  }
};

/// A model of some scalar, seen in double.
template<class T> struct specimen_in : specimen {
  numbers infer(numbers const& x) override {
    return run(x, in, out, [this](auto from, auto to) { infer_in_t(from, to); });
  }
  numbers forward(numbers const& x) override {
    return run(x, in, out, [this](auto from, auto to) { forward_in_t(from, to); });
  }
  numbers backward(numbers const& dy) override {
    return run(dy, out, in, [this](auto from, auto to) { backward_in_t(from, to); });
  }

 private:
  virtual void infer_in_t(std::span<T const> x, std::span<T> y) = 0;
  virtual void forward_in_t(std::span<T const> x, std::span<T> y) = 0;
  virtual void backward_in_t(std::span<T const> dy, std::span<T> dx) = 0;

  static numbers run(numbers const& given, shape from, shape to, auto const& work) {
    std::vector<T> const read = laws::to<T>(given);
    std::vector<T> written(given.size() / from.size() * to.size());
    work(std::span<T const>(read), std::span<T>(written));
    return laws::to<double>(written);
  }
};

/// A model that somebody else owns.
template<class Model> struct specimen_around : specimen_in<typename Model::scalar> {
  using T = typename Model::scalar;
  Model& model;

  explicit specimen_around(Model& model) : model(model) {
    this->in = Model::in, this->out = Model::out;
    auto const& g = graph_of<typename Model::network>;
    this->nodes = {g.nodes, static_cast<std::size_t>(g.size)};
  }

  dictionary state() const override { return to_double(state_dict(model)); }
  dictionary gradients() const override { return to_double(laminate::gradients(model)); }
  void load(dictionary const& state) override { load_state_dict(model, state); }

 private:
  void infer_in_t(std::span<T const> x, std::span<T> y) override { model.infer(x, y); }
  void forward_in_t(std::span<T const> x, std::span<T> y) override { model.forward(x, y); }
  void backward_in_t(std::span<T const> dy, std::span<T> dx) override { model.backward(dy, dx); }
};

template<class Model> struct owner { Model owned; };

template<class Model> struct specimen_of : private owner<Model>, specimen_around<Model> {
  specimen_of(std::uint64_t seed, int capacity)
      : owner<Model>{Model(seed, capacity)}, specimen_around<Model>(this->owned) {}
};

inline constexpr int largest_batch = 19;  // more samples than a step works on at a time, and no multiple of it

template<class Net, class Policy, class T = double> std::unique_ptr<specimen> make_specimen() {
  return std::unique_ptr<specimen>(new specimen_of<Model<Net, Policy, T>>(1, largest_batch));  // not another type of it
}

inline numbers normal(generator& random, std::size_t count) {
  numbers drawn(count);
  for (double& d : drawn) d = random.normal();
  return drawn;
}

/// Values at which nothing hides: no bias is 0, no scale is 1. Weights are left as they are. Rounded to float, so
/// that models in float and in double start from the same.
inline dictionary disturbed(dictionary state, std::span<graph_node const>) {
  generator random{7};
  for (auto& t : state) {
    auto const ends_with = [&](char const* end) { return t.name.ends_with(end); };
    bool const is_weight = t.shape.size() > 1 || ends_with("num_batches_tracked");
    bool const positive = ends_with("running_var") || ends_with(".weight");
    for (double& v : t.values) {
      if (!is_weight) v = positive ? random.uniform(0.2, 1.2) : random.uniform(-0.5, 0.5);
      v = static_cast<float>(v);
    }
  }
  return state;
}

/// What one step of the script computed, by name.
struct observation {
  std::string when;
  dictionary tensors;
};
using trace = std::vector<observation>;

/// Inference, forward and backward for each batch size in turn, with one model; the state at the end.
inline trace observe(specimen& model, std::vector<int> const& batches) {
  trace seen;
  generator random{11};
  auto const note = [&](std::string const& when, char const* what, numbers values) {
    seen.push_back({when, {{what, {}, std::move(values)}}});
  };
  for (int const n : batches) {
    std::string const when = "batch of " + std::to_string(n) + ": ";
    auto const samples = static_cast<std::size_t>(n);
    numbers x = normal(random, samples * model.in.size());
    numbers dy = normal(random, samples * model.out.size());
    for (auto* all : {&x, &dy})
      for (double& v : *all) v = static_cast<float>(v);
    note(when, "infer", model.infer(x));
    note(when, "forward", model.forward(x));
    numbers dx = model.backward(dy);
    dictionary gradients = model.gradients();
    gradients.push_back({"dx", {}, std::move(dx)});
    seen.push_back({when, std::move(gradients)});
  }
  seen.push_back({"state: ", model.state()});
  return seen;
}

inline double magnitude(numbers const& v) {
  double most = 0;
  for (double d : v) most = std::max(most, std::abs(d));
  return most;
}

/// The tensors that are not equal: apart by more than `tolerance` of the expected tensor's largest number, plus a
/// tenth of `tolerance` of the largest number computed with it. (A bias before a normalisation has gradient 0; what
/// is computed is rounding, as large as its terms.) NaN is equal to nothing.
inline std::vector<std::string> differences(trace const& measured, trace const& expected, double tolerance) {
  std::vector<std::string> all;
  if (measured.size() != expected.size()) return {"the scripts differ"};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    dictionary const &m = measured[i].tensors, &e = expected[i].tensors;
    double overall = 0;
    for (auto const& t : e) overall = std::max(overall, magnitude(t.values));
    if (m.size() != e.size()) all.push_back(expected[i].when + "other tensors");
    for (std::size_t k = 0; k < std::min(m.size(), e.size()); ++k) {
      std::string const name = expected[i].when + e[k].name;
      if (m[k].name != e[k].name || m[k].shape != e[k].shape || m[k].values.size() != e[k].values.size()) {
        all.push_back(name + " is " + m[k].name + " or of another shape");
        continue;
      }
      double const limit = tolerance * magnitude(e[k].values) + tolerance / 10 * overall;
      double worst = 0;
      for (std::size_t j = 0; j < e[k].values.size(); ++j) {
        double const apart = std::abs(m[k].values[j] - e[k].values[j]);
        if (!(apart <= worst)) worst = apart;
      }
      if (worst <= limit) continue;
      char text[80];
      std::snprintf(text, sizeof text, " differs by %.2g (limit %.2g)", worst, limit);
      all.push_back(name + text);
    }
  }
  return all;
}

inline bool mentions(std::vector<std::string> const& all, std::string const& text) {
  return std::ranges::any_of(all, [&](std::string const& s) { return s.find(text) != s.npos; });
}

inline std::string joined(std::vector<std::string> const& all) {
  std::string text;
  for (auto const& s : all) text += "\n  " + s;
  return text;
}

/// Values loaded, script run.
inline trace observe_from(dictionary const& state, specimen& model, std::vector<int> const& batches) {
  model.load(state);
  return observe(model, batches);
}

/// What differs from the reference, in double, under some policies in T.
template<class Net, class T, class... Policies>
std::string broken(double tolerance, std::vector<int> const& batch_sizes) {
  auto const reference = make_specimen<Net, Reference>();
  dictionary const start = disturbed(reference->state(), reference->nodes);
  auto const expected = observe_from(start, *reference, batch_sizes);
  std::string all;
  for (auto const& model : {make_specimen<Net, Policies, T>()...})
    all += joined(differences(observe_from(start, *model, batch_sizes), expected, tolerance));
  return all;
}

}  // namespace laws
