// Parameters for inference alone: normalisations folded into weights, and weights as the kernels read them.
#pragma once

#include <cmath>
#include <laminate/kernels/winograd/weights.hpp>
#include <laminate/memory/plan.hpp>
#include <laminate/model/storage.hpp>
#include <span>
#include <vector>

namespace laminate {

/// With y = s·(W x + b) + t and s = γ/√(σ² + ε), t = β − μ·s for each output channel, the weights become s·W and the
/// bias s·b + t. A normalisation that stands elsewhere keeps s and t.
template<class Net, class Policy, class T, class Arch> class folded_parameters {
  static constexpr auto& g = graph_of<Net>;
  static constexpr auto& table = parameters_of<Net>;
  static constexpr std::size_t nodes = g.size;

  static constexpr auto algorithms = [] {
    std::array<algorithm, nodes> of{};
    for (step const& s : planning<Net, Policy, pass::folded>::plan.steps)
      if (s.code.does == work::convolve) of[s.node] = s.code.by;
    return of;
  }();
  static constexpr long weights_of(int n) {
    node const& v = g.nodes[n];
    if (!has_weights(v.acts_as)) return 0;
    return algorithms[n] == algorithm::direct ? weights_size({v.in, v.out, v.how})
                                              : transformed_size(v.in.channels, v.out.channels, algorithms[n]);
  }
  /// A bias, a scale and a shift, or a slope.
  static constexpr int vectors_of(int n) {
    node const& v = g.nodes[n];
    bool const normalises = v.acts_as == role::normalisation;
    return (normalises && !g.folds(n) ? 2 : normalises || v.bias || v.activation.learned) * padded(v.out.channels);
  }
  static constexpr long size_of(int n) { return aligned(weights_of(n)) + vectors_of(n); }

 public:
  template<class Trained>
  explicit folded_parameters(Trained const& model)
      : values_([] {
          std::size_t all = 0;
          for (int n = 0; n < g.size; ++n) all += size_of(n);
          return all;
        }()) {
    std::vector<read_node> read(nodes);
    for (int i = 0; i < static_cast<int>(table.size()); ++i) {
      std::vector<T>& to = read[table[i].node][table[i].kind];
      to.resize(table[i].size());
      model.read_parameter(i, to);
    }
    for (int n = 0; n < g.size; ++n)
      if (g.folds(n)) fold(n, read[n], read[g.nodes[n].inputs[0]]);
    T* at = values_.data();
    for (int n = 0; n < g.size; at += size_of(n++)) prepare(n, read[n], at);
  }

  std::span<kernels::node_memory<T>> memory() { return memory_; }
  std::size_t bytes() const { return values_.size() * sizeof(T); }

 private:
  // A node's parameters in PyTorch's layout, by kind.
  struct read_node {
    std::array<std::vector<T>, 7> of;
    std::vector<T>& operator[](parameter_kind k) { return of[static_cast<std::size_t>(k)]; }
  };
  using enum parameter_kind;

  struct scale_and_shift {
    double scale, shift;
  };
  static scale_and_shift numbers_of(int n, read_node& normalisation, int c) {
    double const deviation = std::sqrt(static_cast<double>(normalisation[running_var][c]) + g.nodes[n].epsilon);
    double const by = normalisation[scale][c] / deviation;
    return {by, normalisation[shift][c] - normalisation[running_mean][c] * by};
  }

  static void fold(int n, read_node& normalisation, read_node& layer) {
    int const channels = g.nodes[n].out.channels;
    std::size_t const one = layer[weight].size() / channels;
    normalisation[bias].resize(channels);
    for (int c = 0; c < channels; ++c) {
      auto const [by, add] = numbers_of(n, normalisation, c);
      for (std::size_t i = c * one; i < (c + 1) * one; ++i) layer[weight][i] = static_cast<T>(layer[weight][i] * by);
      normalisation[bias][c] = static_cast<T>(add + (layer[bias].empty() ? 0 : layer[bias][c] * by));
    }
  }

  void prepare(int n, read_node& from, T* at) {
    node const& v = g.nodes[n];
    kernels::node_memory<T>& m = memory_[n];
    if (has_weights(v.acts_as)) place_weights(n, from[weight], at), at += aligned(weights_of(n));
    auto const vector = [&](channel_vector which) { return m[which] = at, at += padded(v.out.channels), m[which]; };
    if (!from[bias].empty()) std::ranges::copy(from[bias], vector(channel_vector::bias));
    if (v.acts_as == role::normalisation && !g.folds(n)) {
      T *const scales = vector(channel_vector::running_scale), *const shifts = vector(channel_vector::running_shift);
      for (int c = 0; c < v.out.channels; ++c) {
        auto const [by, add] = numbers_of(n, from, c);
        scales[c] = static_cast<T>(by), shifts[c] = static_cast<T>(add);
      }
    }
    if (v.activation.learned) {
      T* const slopes = vector(channel_vector::activation_parameter);
      for (int c = 0; c < v.out.channels; ++c) slopes[c] = from[slope][v.activation.per_channel ? c : 0];
    }
  }

  void place_weights(int n, std::vector<T> const& oihw, T* at) {
    node const& v = g.nodes[n];
    int const in = v.in.channels, out = v.out.channels;
    sliding const sizes{v.acts_as == role::dense ? shape{in, 1, 1} : v.in, v.out, v.how};
    if (algorithms[n] == algorithm::direct) return kernels::pack_weights(sizes, oihw.data(), memory_[n].weight = at);
    aligned_buffer<T> packed(weights_size(sizes));
    kernels::pack_weights(sizes, oihw.data(), packed.data());
    kernels::transform_weights<T, Arch>(algorithms[n], packed.data(), memory_[n].tile_weight = at, in, out);
  }

  aligned_buffer<T> values_;
  std::array<kernels::node_memory<T>, nodes> memory_{};
};

}  // namespace laminate
