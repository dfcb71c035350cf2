// The numbers per channel that steps read, and what is derived from parameters before a pass.
#pragma once

#include <laminate/kernels/winograd/weights.hpp>
#include <laminate/memory/plan.hpp>
#include <laminate/model/storage.hpp>
#include <laminate/support/parallel.hpp>

namespace laminate {

/// Scalars of a layer's weights as the data gradient reads them.
constexpr int transposed_weights(node const& v) {
  return has_weights(v.acts_as) ? aligned(weights_size(exchanged({v.in, v.out, v.how}))) : 0;
}

/// By which algorithms a node's kernels compute.
struct node_algorithms {
  algorithm forward = algorithm::direct;
  algorithm data_gradient = algorithm::direct;
};

/// Memory for the derived numbers of all nodes: scales and shifts of normalisations, slopes per channel, weights
/// transposed and in Winograd's domain.
template<class Net, class Policy, class T, class Arch> class derived_numbers {
 public:
  static constexpr auto& g = graph_of<Net>;

  static constexpr auto algorithms = [] {
    std::array<node_algorithms, g.size> of{};
    for (step const& s : steps_of_pass<Net, Policy, pass::training>::bound_steps) {
      if (s.code.does == work::convolve) of[s.node].forward = s.code.by;
      if (s.code.does == work::convolve_back) of[s.node].data_gradient = s.code.by;
    }
    return of;
  }();

  /// The node whose data gradient is wanted only where that of the network's input is; −1: none.
  static constexpr int first = [] {
    for (step const& s : steps_of_pass<Net, Policy, pass::training>::bound_steps)
      if (s.optional) return static_cast<int>(s.node);
    return -1;
  }();

  static constexpr long tile_weights(int in, int out, algorithm a) {
    return a == algorithm::direct ? 0 : transformed_size(in, out, a);
  }
  /// Scalars of node n's weights in Winograd's domain. Both passes have them in one place, each makes its own before it
  /// begins: training does so anyway, as weights change with every step. The data gradient has inputs and outputs
  /// exchanged, which takes another size where channels are padded.
  static constexpr long tile_weights(int n) {
    int const in = g.nodes[n].in.channels, out = g.nodes[n].out.channels;
    return std::max(tile_weights(in, out, algorithms[n].forward), tile_weights(out, in, algorithms[n].data_gradient));
  }

  struct places {
    int vectors = 0;
    int transposed = 0;
    long tile_weights = 0;
    int widest = 0;  ///< channels, padded
  };
  static constexpr places sizes = [] {
    places p;
    for (int n = 0; n < g.size; ++n) {
      node const& v = g.nodes[n];
      if (v.acts_as == role::normalisation || v.activation.learned)
        p.vectors += channel_vectors * padded(v.out.channels);
      p.widest = std::max(p.widest, padded(v.out.channels));
      p.tile_weights += tile_weights(n);
      p.transposed += transposed_weights(v);
    }
    return p;
  }();

  derived_numbers() : vectors_(sizes.vectors), transposed_(sizes.transposed), tile_weights_(sizes.tile_weights) {}

  void attach(std::span<kernels::node_memory<T>> memory) {
    T* vector = vectors_.data();
    T* transposed = transposed_.data();
    T* tiles = tile_weights_.data();
    for (int n = 0; n < g.size; ++n) {
      node const& v = g.nodes[n];
      if (v.acts_as == role::normalisation || v.activation.learned)
        for (T*& at : memory[n].vectors) at = vector, vector += padded(v.out.channels);
      if (int const size = transposed_weights(v); size > 0) memory[n].transposed = transposed, transposed += size;
      memory[n].tile_weight = tiles, tiles += tile_weights(n);
    }
  }

  /// What both passes need: an activation's parameter for every channel.
  static void spread_slopes(std::span<kernels::node_memory<T>> memory) {
    for (int n = 0; n < g.size; ++n) {
      node const& v = g.nodes[n];
      if (!v.activation.learned) continue;
      T* const to = memory[n][channel_vector::activation_parameter];
      for (int c = 0; c < v.out.channels; ++c) to[c] = memory[n].slope[v.activation.per_channel ? c : 0];
    }
  }

  /// Testing: y = scale·z + shift from the running statistics.
  static void scale_by_running_statistics(std::span<kernels::node_memory<T>> memory) {
    for (int n = 0; n < g.size; ++n) {
      if (g.nodes[n].acts_as != role::normalisation) continue;
      kernels::node_memory<T>& m = memory[n];
      for (int c = 0; c < g.nodes[n].out.channels; ++c) {
        double const inverse = 1 / std::sqrt(static_cast<double>(m.running_var[c]) + g.nodes[n].epsilon);
        m[channel_vector::running_scale][c] = static_cast<T>(m.scale[c] * inverse);
        m[channel_vector::running_shift][c] = static_cast<T>(m.shift[c] - m.running_mean[c] * m.scale[c] * inverse);
      }
    }
  }

  /// What both passes need: weights in Winograd's domain, layers in parallel.
  static void transform(std::span<kernels::node_memory<T>> memory, int threads) {
    parallel_for(g.size, worth(threads), [&](int n, int) {
      node const& v = g.nodes[n];
      kernels::transform_weights<T, Arch>(algorithms[n].forward, memory[n].weight, memory[n].tile_weight, v.in.channels,
                                          v.out.channels);
    });
  }

  /// The backward pass reads weights with inputs and outputs exchanged, those of `first` only on demand.
  static void transpose(std::span<kernels::node_memory<T>> memory, int threads) {
    parallel_for(g.size, worth(threads), [&](int n, int) {
      if (n != first) transpose(n, memory[n]);
    });
  }
  static void transpose_first(std::span<kernels::node_memory<T>> memory) {
    if constexpr (first >= 0) transpose(first, memory[first]);
  }

 private:
  static void transpose(int n, kernels::node_memory<T> const& m) {
    node const& v = g.nodes[n];
    int const in = v.in.channels, out = v.out.channels;
    if (convolves(v.acts_as)) kernels::transpose_weights({v.in, v.out, v.how}, m.weight, m.transposed);
    if (v.acts_as == role::dense) kernels::transpose_matrix(m.weight, m.transposed, in, out);
    kernels::transform_weights<T, Arch>(algorithms[n].data_gradient, m.transposed, m.tile_weight, out, in);
  }

  static constexpr double weights = [] {
    double all = 0;
    for (int n = 0; n < g.size; ++n) all += weights_in(g.nodes[n]);
    return all;
  }();
  /// Few weights are not worth a second thread: to call one takes some ten microseconds.
  static constexpr int worth(int threads) { return weights < 1 << 17 ? 1 : threads; }

  aligned_buffer<T> vectors_, transposed_, tile_weights_;
};

}  // namespace laminate
