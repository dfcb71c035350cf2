// The numbers per channel that steps read, and what is derived from parameters before a pass.
#pragma once

#include <laminate/model/storage.hpp>

namespace laminate {

/// Scalars of a layer's weights as the data gradient reads them: inputs and outputs exchanged.
constexpr int transposed_weights(node const& v) {
  int const out = v.out.channels, taps = v.how.kernel * v.how.kernel;
  return has_weights(v.acts_as) ? aligned(blocks_of(out) * weight_channels(out) * taps * padded(v.in.channels)) : 0;
}
constexpr int stored_weights(node const& v) {
  int const in = v.in.channels, taps = v.how.kernel * v.how.kernel;
  return has_weights(v.acts_as) ? aligned(blocks_of(in) * weight_channels(in) * taps * padded(v.out.channels)) : 0;
}

/// Memory for the derived numbers of all nodes: scales and shifts of normalisations, slopes per channel, transposed weights.
template<class Net, class T>
class derived_numbers {
 public:
  static constexpr auto& g = graph_of<Net>;

  struct places {
    int vectors = 0;
    int transposed = 0;
    int widest = 0;     ///< channels, padded
    long weights = 0;   ///< of the largest layer
  };
  static constexpr places sizes = [] {
    places p;
    for (int n = 0; n < g.size; ++n) {
      node const& v = g.nodes[n];
      if (v.acts_as == role::normalisation || v.activation.learned) p.vectors += channel_vectors * padded(v.out.channels);
      p.widest = std::max(p.widest, padded(v.out.channels));
      p.weights = std::max<long>(p.weights, stored_weights(v));
      p.transposed += transposed_weights(v);
    }
    return p;
  }();

  derived_numbers() : vectors_(sizes.vectors), transposed_(sizes.transposed) {}

  void attach(std::span<kernels::node_memory<T>> memory) {
    T* vector = vectors_.data();
    T* transposed = transposed_.data();
    for (int n = 0; n < g.size; ++n) {
      node const& v = g.nodes[n];
      if (v.acts_as == role::normalisation || v.activation.learned)
        for (T*& at : memory[n].vectors) at = vector, vector += padded(v.out.channels);
      if (int const size = transposed_weights(v); size > 0) memory[n].transposed = transposed, transposed += size;
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

  /// The backward pass reads weights with inputs and outputs exchanged.
  static void transpose(std::span<kernels::node_memory<T>> memory) {
    for (int n = 0; n < g.size; ++n) {
      node const& v = g.nodes[n];
      if (v.acts_as == role::convolution)
        kernels::transpose_weights(memory[n].weight, memory[n].transposed, v.in.channels, v.out.channels, v.how.kernel);
      if (v.acts_as == role::dense)
        kernels::transpose_matrix(memory[n].weight, memory[n].transposed, v.in.channels, v.out.channels);
    }
  }

 private:
  aligned_buffer<T> vectors_, transposed_;
};

}  // namespace laminate
