// The numbers per channel that steps read, and what is derived from parameters before a pass.
#pragma once

#include <algorithm>
#include <cmath>
#include <laminate/memory/plan.hpp>
#include <laminate/model/running_plan.hpp>
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
constexpr long tile_weights(sliding const& g, algorithm a) {
  return a == algorithm::direct ? 0 : transformed_size(g, a);
}
constexpr long forward_tile_weights(graph_node const& v, node_algorithms const& by) {
  return tile_weights({v.in, v.out, v.how}, by.forward);
}

/// Those of a node. Both passes have them in one place, each makes its own before it begins: training does so anyway,
/// as weights change with every step. Where the backward pass runs the forward kernel again, each has its own place.
/// The data gradient has inputs and outputs exchanged, which takes another size where channels are padded.
constexpr long tile_weights(graph_node const& v, node_algorithms const& by) {
  long const forward = forward_tile_weights(v, by), back = tile_weights({v.out, v.in, v.how}, by.data_gradient);
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
    long const own = by[n].share_memory() ? 0 : forward_tile_weights(v, by[n]);
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

/// Which steps read weights: of the forward pass, again or not; of the backward pass, the one among them whose data
/// gradient is wanted only where that of the network's input is.
enum class weights_for : unsigned char { forward, backward, input_gradient };

/// The derived numbers of all nodes: scales and shifts of normalisations, slopes per channel, weights transposed and in
/// Winograd's domain.
template<class T> class derived_numbers {
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
    for (graph_node const& v : nodes) weights_ += weights_in(v);
  }

  /// Channels of the widest layer, padded.
  int widest() const { return sizes_.widest; }

  void attach(memory_of_nodes memory) {
    attach_derived<T>(nodes_, algorithms_, {vectors_.data(), transposed_.data(), tile_weights_.data()}, memory);
  }

  /// Before a pass: the weights that its steps read otherwise than the model keeps them, layers in parallel.
  void prepare(running_plan const& pass, kernels::step_code<T> const* const* codes, weights_for which,
               memory_of_nodes memory, int threads) const {
    parallel_for(pass.size, weights_ < few_weights ? 1 : threads, [&](int i, int) {
      fusion::step const& s = pass.steps.steps[i];
      bool const goes_back = i >= pass.numbers.forward_steps,
                 runs_again = goes_back && s.code.does == fusion::work::convolve;
      auto const reader = !goes_back   ? weights_for::forward
                          : s.optional ? weights_for::input_gradient
                                       : weights_for::backward;
      if (reader == which && !runs_again && codes[i]->prepare_weights) codes[i]->prepare_weights(s, memory[s.node]);
    });
  }

 private:
  /// They are not worth a second thread: what it writes others fetch from its cache.
  static constexpr double few_weights = 1 << 17;

  std::span<graph_node const> nodes_;
  std::vector<node_algorithms> algorithms_;
  derived_sizes sizes_;
  double weights_ = 0;
  aligned_buffer<T> vectors_, transposed_, tile_weights_;
};

}  // namespace laminate
