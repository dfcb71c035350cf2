// Parameters for inference alone: normalisations folded into weights, and weights as the kernels read them.
#pragma once

#include <cmath>
#include <laminate/kernels/winograd/weights.hpp>
#include <laminate/model/numbers.hpp>
#include <laminate/model/state_dict.hpp>
#include <laminate/support/aligned_buffer.hpp>
#include <span>
#include <vector>

namespace laminate {

/// With y = s·(W x + b) + t and s = γ/√(σ² + ε), t = β − μ·s for each output channel, the weights become s·W and the
/// bias s·b + t. A normalisation that stands elsewhere keeps s and t.
template<class T, class Arch> class folded_parameters {
 public:
  /// `nodes` are constants: they are kept by address. `steps`: of the pass that reads them; `model` has the parameters.
  folded_parameters(std::span<node const> nodes, std::span<step const> steps, tensor_access<T> const& model)
      : nodes_(nodes), algorithms_(nodes.size()), memory_(nodes.size()) {
    note_algorithms(steps, algorithms_);
    std::vector<read_node> read(nodes.size());
    for (int i = 0; i < static_cast<int>(model.table.size()); ++i) {
      parameter const& p = model.table[i];
      std::vector<T>& to = read[p.node][p.kind];
      to.resize(p.size());
      model.read(model.model, i, to);
    }
    std::size_t all = 0;
    for (int n = 0; n < count(); ++n) {
      if (folds(nodes, n)) fold(n, read[n], read[nodes[n].inputs[0]]);
      all += size_of(n);
    }
    values_ = aligned_buffer<T>(all);
    T* at = values_.data();
    for (int n = 0; n < count(); at += size_of(n++)) prepare(n, read[n], at);
  }

  std::span<kernels::node_memory<T>> memory() { return memory_; }
  std::size_t bytes() const { return values_.size() * sizeof(T); }

 private:
  int count() const { return static_cast<int>(nodes_.size()); }
  algorithm algorithm_of(int n) const { return algorithms_[n].forward; }

  long weights_of(int n) const {
    node const& v = nodes_[n];
    if (!has_weights(v.acts_as)) return 0;
    return algorithm_of(n) == algorithm::direct ? weights_size({v.in, v.out, v.how})
                                                : transformed_size(v.in.channels, v.out.channels, algorithm_of(n));
  }
  /// A bias, a scale and a shift, or a slope.
  int vectors_of(int n) const {
    node const& v = nodes_[n];
    bool const folded = v.acts_as == role::normalisation && folds(nodes_, n);
    bool const scales = v.acts_as == role::layer_normalisation || v.acts_as == role::normalisation;
    return (scales && !folded ? 2 : folded || v.bias || v.activation.learned) * padded(v.out.channels);
  }
  long size_of(int n) const { return aligned(weights_of(n)) + vectors_of(n); }

  // A node's parameters in PyTorch's layout, by kind; those that it has not are empty.
  struct read_node {
    std::array<std::vector<T>, 7> of;
    std::vector<T>& operator[](parameter_kind k) { return of[static_cast<std::size_t>(k)]; }
  };
  using enum parameter_kind;

  struct scale_and_shift {
    double scale, shift;
  };
  scale_and_shift numbers_of(int n, read_node& normalisation, int c) const {
    double const deviation = std::sqrt(static_cast<double>(normalisation[running_var][c]) + nodes_[n].epsilon);
    double const by = normalisation[scale][c] / deviation;
    return {by, normalisation[shift][c] - normalisation[running_mean][c] * by};
  }

  /// The output that weight i of `all` belongs to. They are (out, in / groups, K, K), those of a transposed convolution
  /// (in, out / groups, K, K).
  static std::size_t output_of(node const& layer, std::size_t i, std::size_t all) {
    std::size_t const outputs = layer.out.channels, groups = layer.how.groups;
    if (layer.acts_as != role::transposed_convolution) return i / (all / outputs);
    std::size_t const of_input = all / layer.in.channels, of_group = all / groups, one = of_input / (outputs / groups);
    return i / of_group * (outputs / groups) + i % of_input / one;
  }

  void fold(int n, read_node& normalisation, read_node& layer) const {
    int const channels = nodes_[n].out.channels;
    node const& before = nodes_[nodes_[n].inputs[0]];
    std::vector<double> scales(channels);
    normalisation[bias].resize(channels);
    for (int c = 0; c < channels; ++c) {
      auto const [by, add] = numbers_of(n, normalisation, c);
      scales[c] = by;
      normalisation[bias][c] = static_cast<T>(add + (layer[bias].empty() ? 0 : layer[bias][c] * by));
    }
    std::vector<T>& weights = layer[weight];
    for (std::size_t i = 0; i < weights.size(); ++i)
      weights[i] = static_cast<T>(weights[i] * scales[output_of(before, i, weights.size())]);
  }

  void prepare(int n, read_node& from, T* at) {
    node const& v = nodes_[n];
    kernels::node_memory<T>& m = memory_[n];
    if (has_weights(v.acts_as)) place_weights(n, from[weight], at), at += aligned(weights_of(n));
    auto const vector = [&](channel_vector which) { return m[which] = at, at += padded(v.out.channels), m[which]; };
    if (!from[bias].empty()) std::ranges::copy(from[bias], vector(channel_vector::bias));
    if (v.acts_as == role::normalisation && !folds(nodes_, n)) {
      T *const scales = vector(channel_vector::running_scale), *const shifts = vector(channel_vector::running_shift);
      for (int c = 0; c < v.out.channels; ++c) {
        auto const [by, add] = numbers_of(n, from, c);
        scales[c] = static_cast<T>(by), shifts[c] = static_cast<T>(add);
      }
    }
    if (v.acts_as == role::layer_normalisation) {
      m.scale = at, m.shift = at + padded(v.out.channels);
      std::ranges::copy(from[scale], m.scale), std::ranges::copy(from[shift], m.shift);
    }
    if (v.activation.learned) {
      T* const slopes = vector(channel_vector::activation_parameter);
      for (int c = 0; c < v.out.channels; ++c) slopes[c] = from[slope][v.activation.per_channel ? c : 0];
    }
  }

  void place_weights(int n, std::vector<T> const& oihw, T* at) {
    node const& v = nodes_[n];
    int const in = v.in.channels, out = v.out.channels;
    sliding const sizes{v.acts_as == role::dense ? shape{in, 1, 1} : v.in, v.out, v.how};
    if (v.acts_as == role::transposed_convolution)
      return kernels::pack_transposed_weights(sizes, oihw.data(), memory_[n].weight = at);
    if (algorithm_of(n) == algorithm::direct) return kernels::pack_weights(sizes, oihw.data(), memory_[n].weight = at);
    aligned_buffer<T> packed(weights_size(sizes));
    kernels::pack_weights(sizes, oihw.data(), packed.data());
    kernels::transform_weights<T, Arch>(algorithm_of(n), packed.data(), memory_[n].tile_weight = at, in, out);
  }

  std::span<node const> nodes_;
  std::vector<node_algorithms> algorithms_;
  aligned_buffer<T> values_;
  std::vector<kernels::node_memory<T>> memory_;
};

}  // namespace laminate
