// A linear classifier by plain loops, with everything that training, saving and resuming ask of a model.
#pragma once

#include <laminate/describe/shape.hpp>
#include <laminate/model/parameter_range.hpp>
#include <laminate/model/state_dict.hpp>
#include <laminate/support/error.hpp>
#include <laminate/support/random.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tests {

using laminate::named_tensor, laminate::parameter_range;

/// y = W x + b on inputs that training scales by random numbers (as a dropout would), and whose mean it
/// tracks. In parameters(), W is transposed, and gaps of zeros follow W and b: order and padding are the
/// model's own business.
template<class T, int Inputs = 3, int Classes = 2> class linear_model {
 public:
  using scalar = T;

  static constexpr laminate::shape in{Inputs, 0, 0}, out{Classes, 0, 0};
  static constexpr int bias = Inputs * Classes + 3, count = bias + Classes + 1;

  explicit linear_model(std::uint64_t seed = 0, int capacity = 8) : capacity_(capacity), random_(seed) {
    laminate::generator random(seed);
    for (parameter_range const& r : ranges_)
      for (int i = 0; i < r.size; ++i) values_[r.first + i] = static_cast<T>(random.uniform(-0.5, 0.5));
  }

  int capacity() const { return capacity_; }
  std::span<T> parameters() { return values_; }
  std::span<T const> gradients() const { return gradients_; }
  std::span<T> gradients_to_set() { return gradients_; }
  std::span<parameter_range const> ranges() const { return ranges_; }
  void parameters_changed() { ++changes; }
  std::uint64_t random_state() const { return random_; }
  void random_state(std::uint64_t state) { random_ = state; }

  void infer(std::span<T const> x, std::span<T> y) { multiply(x, y); }
  void forward(std::span<T const> x, std::span<T> y) {
    seen_.assign(x.begin(), x.end());
    std::uint64_t const key = laminate::hash_of(random_++, 0);
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      mean[i % Inputs] += T(0.1) * (seen_[i] - mean[i % Inputs]);
      seen_[i] *= T(1) + T(noise) * static_cast<T>(static_cast<int>(laminate::hash_of(key, i) % 3) - 1);
    }
    ++batches;
    multiply(seen_, y);
  }
  void backward(std::span<T const> dy) {
    std::ranges::fill(gradients_, T(0));
    for (std::size_t n = 0; n < dy.size() / Classes; ++n)
      for (int c = 0; c < Classes; ++c) {
        T const d = dy[n * Classes + static_cast<std::size_t>(c)];
        gradients_[bias + c] += d;
        for (int i = 0; i < Inputs; ++i)
          gradients_[i * Classes + c] += d * seen_[n * Inputs + static_cast<std::size_t>(i)];
      }
  }

  std::array<T, Inputs> mean{};
  long batches = 0;
  int changes = 0;
  double noise = 0;

 private:
  void multiply(std::span<T const> x, std::span<T> y) const {
    for (std::size_t n = 0; n < x.size() / Inputs; ++n)
      for (int c = 0; c < Classes; ++c) {
        T sum = values_[bias + c];
        for (int i = 0; i < Inputs; ++i) sum += values_[i * Classes + c] * x[n * Inputs + static_cast<std::size_t>(i)];
        y[n * Classes + static_cast<std::size_t>(c)] = sum;
      }
  }

  // The second index counts the running mean in between, as a table of all parameters does.
  static constexpr std::array<parameter_range, 2> ranges_{{{0, Inputs* Classes, true, 0}, {bias, Classes, false, 2}}};
  int capacity_;
  std::uint64_t random_;
  std::array<T, count> values_{}, gradients_{};
  std::vector<T> seen_;
};

template<class T, int I, int C> std::vector<named_tensor<T>> name_tensors(std::span<T const> flat) {
  std::vector<named_tensor<T>> all{{"0.weight", {C, I}, std::vector<T>(I * C)}, {"0.bias", {C}, std::vector<T>(C)}};
  for (int c = 0; c < C; ++c) {
    for (int i = 0; i < I; ++i) all[0].values[c * I + i] = flat[i * C + c];
    all[1].values[c] = flat[linear_model<T, I, C>::bias + c];
  }
  return all;
}

template<class T, int I, int C> std::vector<named_tensor<T>> state_dict(linear_model<T, I, C> const& model) {
  auto all = name_tensors<T, I, C>(const_cast<linear_model<T, I, C>&>(model).parameters());
  all.insert(all.begin() + 1, {"1.running_mean", {I}, {model.mean.begin(), model.mean.end()}});
  all.push_back({"1.num_batches_tracked", {}, {static_cast<T>(model.batches)}});
  return all;
}

template<class T, int I, int C> std::vector<named_tensor<T>> gradients(linear_model<T, I, C> const& model) {
  return name_tensors<T, I, C>(model.gradients());
}

template<class T, int I, int C, class Tensor>
void load_state_dict(linear_model<T, I, C>& model, std::vector<Tensor> const& dictionary) {
  std::array<Tensor const*, 4> found{};
  auto const expected = state_dict(model);
  for (auto const& tensor : dictionary) {
    auto const at = std::ranges::find(expected, tensor.name, &named_tensor<T>::name);
    if (at == expected.end()) throw laminate::error("load_state_dict", "unexpected: " + tensor.name);
    if (at->shape != tensor.shape) throw laminate::error("load_state_dict", "wrong shape: " + tensor.name);
    found[static_cast<std::size_t>(at - expected.begin())] = &tensor;
  }
  for (std::size_t i = 0; i < 4; ++i)
    if (!found[i]) throw laminate::error("load_state_dict", "missing: " + expected[i].name);
  for (int c = 0; c < C; ++c) {
    for (int i = 0; i < I; ++i) model.parameters()[i * C + c] = found[0]->values[c * I + i];
    model.parameters()[model.bias + c] = found[2]->values[c];
  }
  std::ranges::copy(found[1]->values, model.mean.begin());
  model.batches = static_cast<long>(found[3]->values[0]);
  model.parameters_changed();
}

}  // namespace tests
