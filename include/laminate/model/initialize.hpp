// First values of parameters, from a seed: the same numbers for every policy, scalar and processor.
#pragma once

#include <cmath>
#include <laminate/graph/parameters.hpp>
#include <laminate/support/random.hpp>
#include <span>

namespace laminate {

enum class Init : unsigned char {
  automatic,  ///< He-normal (fan-in) before the ReLU family, Glorot-normal before anything else; biases 0
  torch,      ///< PyTorch's defaults: weights and biases uniform in ±1/√fan-in
};

/// The node that scales what node n gives; 0 where none does.
constexpr int product_of(std::span<graph_node const> nodes, int n) {
  for (int i = n + 1; i < static_cast<int>(nodes.size()); ++i)
    if ((nodes[i].acts_as == role::product || nodes[i].acts_as == role::channel_scale) && nodes[i].inputs[0] == n)
      return i;
  return 0;
}

/// Whether the first activation after node n is of the ReLU family. What a Scale multiplies goes on with the product,
/// not into the branch that makes the factor.
constexpr bool rectified_after(std::span<graph_node const> nodes, int n) {
  for (int i = n + 1; i < static_cast<int>(nodes.size()); ++i) {
    graph_node const& v = nodes[i];
    if (v.inputs[0] != n && v.inputs[1] != n) continue;
    if (int const product = product_of(nodes, n); i < product) {
      i = product - 1;
      continue;
    }
    if (v.acts_as == role::activation) return v.activation.rectifies;
    if (has_weights(v.acts_as)) return false;
    n = i;
  }
  return false;
}

/// The deviations of usual first values, from a layer's fan-in and fan-out.
namespace deviation {

/// √(2/fan-in) (He et al. 2015, arXiv:1502.01852).
inline constexpr auto he = [](double fan_in, double) { return std::sqrt(2 / fan_in); };
/// √(2/(fan-in + fan-out)) (Glorot & Bengio 2010).
inline constexpr auto glorot = [](double fan_in, double fan_out) { return std::sqrt(2 / (fan_in + fan_out)); };

}  // namespace deviation

/// deviation(fan_in, fan_out) for a weight. An output of a transposed convolution is reached by one tap in stride².
inline double deviation_of(std::span<graph_node const> nodes, parameter const& p, auto const& deviation) {
  double const taps = p.rank == 4 ? p.dims[2] * p.dims[3] : 1;
  window const& how = nodes[p.node].how;
  if (nodes[p.node].acts_as == role::transposed_convolution)
    return deviation(p.dims[0] * taps / how.groups / (how.stride * how.stride), p.dims[1] * taps);
  return deviation(p.dims[1] * taps, p.dims[0] * taps / nodes[p.node].how.groups);
}

/// Fills one parameter, in PyTorch's layout. `index` is its place in parameters_of<Net>.
template<class T>
void initialize(std::span<graph_node const> nodes, parameter const& p, int index, std::uint64_t seed, Init how,
                std::span<T> values) {
  graph_node const& v = nodes[p.node];
  generator random{hash_of(seed, static_cast<std::uint64_t>(index))};
  bool const weight = p.kind == parameter_kind::weight;
  if (how == Init::torch && (weight || p.kind == parameter_kind::bias)) {
    // Of a transposed convolution PyTorch counts the outputs.
    double const fan_in = (convolves(v.acts_as) ? v.how.kernel * v.how.kernel : 1) *
                          static_cast<double>((v.acts_as == role::transposed_convolution ? v.out : v.in).channels) /
                          v.how.groups;
    for (T& x : values) x = static_cast<T>(random.uniform(-1, 1) / std::sqrt(fan_in));
    return;
  }
  if (weight) {
    double const size = rectified_after(nodes, p.node) ? deviation_of(nodes, p, deviation::he)
                                                       : deviation_of(nodes, p, deviation::glorot);
    for (T& x : values) x = static_cast<T>(size * random.normal());
    return;
  }
  double const first = p.kind == parameter_kind::slope                                            ? v.activation.initial
                       : p.kind == parameter_kind::scale || p.kind == parameter_kind::running_var ? 1
                                                                                                  : 0;
  for (T& x : values) x = static_cast<T>(first);
}

}  // namespace laminate
