// draw_weights: first values of another size than Init's, for experiments with them.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <laminate/graph/parameters.hpp>
#include <laminate/support/random.hpp>
#include <vector>

namespace laminate {

/// The deviations of usual first values, from a layer's fan-in and fan-out.
namespace deviation {

/// √(2/fan-in) (He et al. 2015, arXiv:1502.01852).
inline constexpr auto he = [](double fan_in, double) { return std::sqrt(2 / fan_in); };
/// √(2/(fan-in + fan-out)) (Glorot & Bengio 2010).
inline constexpr auto glorot = [](double fan_in, double fan_out) {
  return std::sqrt(2 / (fan_in + fan_out));
};

}  // namespace deviation

/// Draws the weights of all convolutions and dense layers from a normal distribution around 0, of
/// deviation(fan_in, fan_out) for each layer; everything else stays as it is. The same seed gives the same
/// numbers, times the deviation.
///   draw_weights(model, 1, deviation::he);
///   draw_weights(model, 1, [](double, double) { return 0.01; });
template<class Model, std::invocable<double, double> Deviation>
void draw_weights(Model& model, std::uint64_t seed, Deviation deviation) {
  using T = typename Model::scalar;
  auto const& g = graph_of<typename Model::network>;
  auto const& table = parameters_of<typename Model::network>;
  std::vector<T> values;
  for (int i = 0; i < static_cast<int>(table.size()); ++i) {
    parameter const& p = table[i];
    if (p.kind != parameter_kind::weight) continue;
    double const taps = p.rank == 4 ? p.dims[2] * p.dims[3] : 1;
    double const size = deviation(p.dims[1] * taps, p.dims[0] * taps / g.nodes[p.node].how.groups);
    generator random{hash(seed, static_cast<std::uint64_t>(i))};
    values.resize(p.size());
    for (T& v : values) v = static_cast<T>(size * random.normal());
    model.write_parameter(i, values);
  }
}

}  // namespace laminate
