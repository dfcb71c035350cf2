// The numbers per channel that steps read, and what is derived from parameters before a pass.
#pragma once

#include <algorithm>
#include <cmath>
#include <laminate/kernels/winograd/weights.hpp>
#include <laminate/memory/plan.hpp>
#include <laminate/model/storage.hpp>
#include <laminate/support/parallel.hpp>
#include <span>
#include <vector>

namespace laminate {

/// By which algorithms a node's kernels compute.
struct node_algorithms {
  algorithm forward = algorithm::direct;
  algorithm data_gradient = algorithm::direct;
  int forward_runs = 0;  ///< of a pass; more than one where the backward pass runs the forward kernel again

  constexpr bool share_memory() const { return forward_runs < 2; }
};

/// Scalars of a layer's weights as the data gradient reads them; 0 where it reads them in Winograd's domain.
constexpr int transposed_weights(graph_node const& v, node_algorithms const& by) {
  bool const has = has_weights(v.acts_as) && by.data_gradient == algorithm::direct;
  return has ? aligned(weights_size(exchanged({v.in, v.out, v.how}))) : 0;
}

/// Those of all nodes, by the steps of a pass.
constexpr void note_algorithms(std::span<fusion::step const> steps, std::span<node_algorithms> of) {
  for (fusion::step const& s : steps) {
    if (s.code.does == fusion::work::convolve) of[s.node].forward = s.code.by, ++of[s.node].forward_runs;
    if (s.code.does == fusion::work::convolve_back) of[s.node].data_gradient = s.code.by;
  }
}

/// Scalars of weights in Winograd's domain; 0 where an algorithm reads them otherwise.
constexpr long tile_weights(int in, int out, algorithm a) {
  return a == algorithm::direct ? 0 : transformed_size(in, out, a);
}

/// Those of a node. Both passes have them in one place, each makes its own before it begins: training does so anyway,
/// as weights change with every step. Where the backward pass runs the forward kernel again, each has its own place.
/// The data gradient has inputs and outputs exchanged, which takes another size where channels are padded.
constexpr long tile_weights(graph_node const& v, node_algorithms const& by) {
  int const in = v.in.channels, out = v.out.channels;
  long const forward = tile_weights(in, out, by.forward), back = tile_weights(out, in, by.data_gradient);
  return by.share_memory() ? std::max(forward, back) : forward + back;
}

/// Whether a node has numbers per channel that are derived from others.
constexpr bool derives_vectors(graph_node const& v) { return v.acts_as == role::normalisation || v.activation.learned; }

/// Scalars of what is derived from a network's parameters.
struct derived_sizes {
  int vectors = 0;
  int transposed = 0;
  long tile_weights = 0;
  int widest = 0;  ///< channels, padded
};
constexpr derived_sizes sizes_of_derived(std::span<graph_node const> nodes, std::span<node_algorithms const> by) {
  derived_sizes all;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    graph_node const& v = nodes[n];
    if (derives_vectors(v)) all.vectors += fusion::channel_vectors * padded(v.out.channels);
    all.widest = std::max(all.widest, padded(v.out.channels));
    all.tile_weights += tile_weights(v, by[n]);
    all.transposed += transposed_weights(v, by[n]);
  }
  return all;
}

/// Memory for them, of as many scalars; `transposed` is null where nothing goes back.
template<class T> struct derived_memory {
  T* vectors;
  T* transposed;
  T* tile_weights;
};

/// Tells every node where its derived numbers lie, one after the other.
template<class T>
void attach_derived(std::span<graph_node const> nodes, std::span<node_algorithms const> by, derived_memory<T> at,
                    std::span<kernels::node_memory<T>> memory) {
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    graph_node const& v = nodes[n];
    if (derives_vectors(v))
      for (T*& vector : memory[n].vectors) vector = at.vectors, at.vectors += padded(v.out.channels);
    if (int const size = transposed_weights(v, by[n]); size > 0 && at.transposed != nullptr)
      memory[n].transposed = at.transposed, at.transposed += size;
    long const own = by[n].share_memory() ? 0 : tile_weights(v.in.channels, v.out.channels, by[n].forward);
    memory[n].tile_weight = at.tile_weights, memory[n].transposed_tile_weight = at.tile_weights + own;
    at.tile_weights += tile_weights(v, by[n]);
  }
}

/// What both passes need: an activation's parameter for every channel.
template<class T> void spread_slopes(std::span<graph_node const> nodes, std::span<kernels::node_memory<T>> memory) {
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    graph_node const& v = nodes[n];
    if (!v.activation.learned) continue;
    T* const to = memory[n][fusion::channel_vector::activation_parameter];
    for (int c = 0; c < v.out.channels; ++c) to[c] = memory[n].slope[v.activation.per_channel ? c : 0];
  }
}

/// Testing: y = scale·z + shift from the running statistics.
template<class T>
void scale_by_running_statistics(std::span<graph_node const> nodes, std::span<kernels::node_memory<T>> memory) {
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    graph_node const& v = nodes[n];
    if (v.acts_as != role::normalisation) continue;
    kernels::node_memory<T>& m = memory[n];
    for (int c = 0; c < v.out.channels; ++c) {
      double const inverse = 1 / std::sqrt(static_cast<double>(m.running_var[c]) + v.epsilon);
      m[fusion::channel_vector::running_scale][c] = static_cast<T>(m.scale[c] * inverse);
      m[fusion::channel_vector::running_shift][c] =
          static_cast<T>(m.shift[c] - m.running_mean[c] * m.scale[c] * inverse);
    }
  }
}

/// What both passes need: a node's weights in Winograd's domain.
template<class T, class Arch>
void transform_weights_of(graph_node const& v, algorithm by, kernels::node_memory<T> const& m) {
  kernels::transform_weights<T, Arch>(by, m.weight, m.tile_weight, v.in.channels, v.out.channels);
}

/// The derived numbers of all nodes: scales and shifts of normalisations, slopes per channel, weights transposed and in
/// Winograd's domain.
template<class T, class Arch> class derived_numbers {
 public:
  using memory_of_nodes = std::span<kernels::node_memory<T>>;

  /// `nodes` are constants: they are kept by address. `steps`: of training.
  derived_numbers(std::span<graph_node const> nodes, std::span<fusion::step const> steps)
      : nodes_(nodes), algorithms_(nodes.size()) {
    note_algorithms(steps, {algorithms_.data(), algorithms_.size()});
    sizes_ = sizes_of_derived(nodes, {algorithms_.data(), algorithms_.size()});
    vectors_ = aligned_buffer<T>(sizes_.vectors);
    transposed_ = aligned_buffer<T>(sizes_.transposed);
    tile_weights_ = aligned_buffer<T>(sizes_.tile_weights);
    for (fusion::step const& s : steps)
      if (s.optional && first_ < 0) first_ = s.node;
    for (graph_node const& v : nodes) weights_ += weights_in(v);
  }

  /// Channels of the widest layer, padded.
  int widest() const { return sizes_.widest; }

  void attach(memory_of_nodes memory) {
    attach_derived<T>(nodes_, algorithms_, {vectors_.data(), transposed_.data(), tile_weights_.data()}, memory);
  }

  /// For the forward pass and inference, layers in parallel.
  void transform(memory_of_nodes memory, int threads) const {
    parallel_for(static_cast<int>(nodes_.size()), worth(threads),
                 [&](int n, int) { transform_weights_of<T, Arch>(nodes_[n], algorithms_[n].forward, memory[n]); });
  }

  /// The backward pass reads weights with inputs and outputs exchanged; those of the node whose data gradient is wanted
  /// only where that of the network's input is, only on demand.
  void transpose(memory_of_nodes memory, int threads) const {
    parallel_for(static_cast<int>(nodes_.size()), worth(threads), [&](int n, int) {
      if (n != first_) transpose_node(n, memory[n]);
    });
  }
  void transpose_first(memory_of_nodes memory) const {
    if (first_ >= 0) transpose_node(first_, memory[first_]);
  }

 private:
  void transpose_node(int n, kernels::node_memory<T> const& m) const {
    graph_node const& v = nodes_[n];
    int const in = v.in.channels, out = v.out.channels;
    algorithm const by = algorithms_[n].data_gradient;
    if (by != algorithm::direct)
      kernels::transform_transposed_weights<T, Arch>(by, m.weight, m.transposed_tile_weight, in, out);
    else if (convolves(v.acts_as))
      kernels::transpose_weights({v.in, v.out, v.how}, m.weight, m.transposed);
    else if (v.acts_as == role::dense)
      kernels::transpose_matrix(m.weight, m.transposed, in, out);
  }

  /// Few weights are not worth a second thread: what it writes others fetch from its cache.
  int worth(int threads) const { return weights_ < 1 << 17 ? 1 : threads; }

  std::span<graph_node const> nodes_;
  std::vector<node_algorithms> algorithms_;
  derived_sizes sizes_;
  int first_ = -1;
  double weights_ = 0;
  aligned_buffer<T> vectors_, transposed_, tile_weights_;
};

}  // namespace laminate
