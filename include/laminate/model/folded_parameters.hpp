// Parameters for inference alone: normalisations folded into weights, and weights as the kernels read them.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
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
  using codes = kernels::step_code<T> const* const*;

  /// `nodes` and `pass` are constants: they are kept by address. `pass`, whose code is `of` (null where none
  /// of it runs), reads them; `model` has the parameters.
  folded_parameters(std::span<graph_node const> nodes, running_plan const& pass, codes of,
                    tensor_access<T> const& model)
      : nodes_(nodes), algorithms_(nodes.size()), memory_(nodes.size()) {
    note_algorithms(pass.all(), {algorithms_.data(), algorithms_.size()});
    std::vector<read_node> read(nodes.size());
    for (int i = 0; i < static_cast<int>(model.table.size()); ++i) {
      parameter const& p = model.table[i];
      std::vector<T>& to = read[p.node][p.kind];
      to.resize(p.size());
      model.read(model.model, i, to);
      if (p.kind == weight) read[p.node].pack(p, nodes[p.node]);
    }
    std::size_t all = 0;
    for (int n = 0; n < count(); ++n) {
      if (folds(nodes, n)) fold(n, read[n], read[nodes[n].inputs[0]]);
      all += size_of(n);
    }
    values_ = aligned_buffer<T>(all);
    T* at = values_.data();
    for (int n = 0; n < count(); at += size_of(n++)) prepare(n, read[n], at);
    for (int i = 0; of && i < pass.size; ++i) {
      fusion::step const& s = pass.steps.steps[i];
      kernels::node_memory<T>& m = memory_[s.node];
      if (!of[i]->prepare_weights) continue;
      m.weight = read[s.node].packed.data();
      of[i]->prepare_weights(s, m);
      m.weight = nullptr;
    }
  }

  std::span<kernels::node_memory<T>> memory() { return memory_; }
  std::size_t bytes() const { return values_.size() * sizeof(T); }

 private:
  int count() const { return static_cast<int>(nodes_.size()); }
  algorithm algorithm_of(int n) const { return algorithms_[n].forward; }

  long weights_of(int n) const {
    graph_node const& v = nodes_[n];
    if (!has_weights(v.acts_as)) return 0;
    return algorithm_of(n) == algorithm::direct ? weights_size({v.in, v.out, v.how})
                                                : transformed_size({v.in, v.out, v.how}, algorithm_of(n));
  }
  /// A bias, a scale and a shift, or a slope.
  int vectors_of(int n) const {
    graph_node const& v = nodes_[n];
    bool const folded = v.acts_as == role::normalisation && folds(nodes_, n);
    bool const scales = v.acts_as == role::layer_normalisation || v.acts_as == role::normalisation;
    return (scales && !folded ? 2 : folded || v.bias || v.activation.learned) * padded(v.out.channels);
  }
  long size_of(int n) const { return aligned(weights_of(n)) + vectors_of(n); }

  using enum parameter_kind;

  // A node's parameters as they were read, by kind; those that it has not are empty.
  struct read_node {
    std::array<std::vector<T>, 7> of;
    aligned_buffer<T> packed;  ///< the weights in the kernels' layout, instead of PyTorch's

    std::vector<T>& operator[](parameter_kind k) { return of[static_cast<std::size_t>(k)]; }

    void pack(parameter const& p, graph_node const& v) {
      packed = aligned_buffer<T>(p.stored(v));
      pack_parameter(p, v, (*this)[weight].data(), packed.data());
      (*this)[weight] = {};
    }
    /// Multiplies the weights of each output, which are a lane of its block's.
    void scale_outputs(int outputs, std::span<double const> by) {
      std::size_t const of_block = packed.size() / blocks_of(outputs);
      for (std::size_t i = 0; i < packed.size(); ++i)
        packed[i] = static_cast<T>(packed[i] * by[i / of_block * channel_block + i % channel_block]);
    }
  };

  struct scale_and_shift {
    double scale, shift;
  };
  scale_and_shift numbers_of(int n, read_node& normalisation, int c) const {
    double const deviation = std::sqrt(static_cast<double>(normalisation[running_var][c]) + nodes_[n].epsilon);
    double const by = normalisation[scale][c] / deviation;
    return {by, normalisation[shift][c] - normalisation[running_mean][c] * by};
  }

  void fold(int n, read_node& normalisation, read_node& layer) const {
    int const channels = nodes_[n].out.channels;
    std::vector<double> scales(padded(channels));
    normalisation[bias].resize(channels);
    for (int c = 0; c < channels; ++c) {
      auto const [by, add] = numbers_of(n, normalisation, c);
      scales[c] = by;
      normalisation[bias][c] = static_cast<T>(add + (layer[bias].empty() ? 0 : layer[bias][c] * by));
    }
    layer.scale_outputs(channels, scales);
  }

  void prepare(int n, read_node& from, T* at) {
    using fusion::channel_vector;
    graph_node const& v = nodes_[n];
    kernels::node_memory<T>& m = memory_[n];
    if (has_weights(v.acts_as)) {
      if (algorithm_of(n) == algorithm::direct)
        std::ranges::copy(from.packed.all(), m.weight = at);
      else
        m.tile_weight = at;
      at += aligned(weights_of(n));
    }
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

  std::span<graph_node const> nodes_;
  std::vector<node_algorithms> algorithms_;
  aligned_buffer<T> values_;
  std::vector<kernels::node_memory<T>> memory_;
};

}  // namespace laminate
