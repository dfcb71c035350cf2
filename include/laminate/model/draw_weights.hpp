// draw_weights: first values of another size than Init's, for experiments with them.
#pragma once

#include <concepts>
#include <cstdint>
#include <laminate/model/initialize.hpp>
#include <vector>

namespace laminate {

/// Draws the weights of all convolutions and dense layers from a normal distribution around 0, of
/// deviation(fan_in, fan_out) for each layer; everything else stays as it is. The same seed gives the same
/// numbers, times the deviation.
///   draw_weights(model, 1, deviation::he);
///   draw_weights(model, 1, [](double, double) { return 0.01; });
template<class Model, std::invocable<double, double> Deviation>
void draw_weights(Model& model, std::uint64_t seed, Deviation deviation) {
  using T = typename Model::scalar;
  auto const nodes = graph_of<typename Model::network>.all();
  auto const& table = parameters_of<typename Model::network>;
  std::vector<T> values;
  for (int i = 0; i < static_cast<int>(table.size()); ++i) {
    parameter const& p = table[i];
    if (p.kind != parameter_kind::weight) continue;
    double const size = deviation_of(nodes, p, deviation);
    generator random{hash_of(seed, static_cast<std::uint64_t>(i))};
    values.resize(p.size());
    for (T& v : values) v = static_cast<T>(size * random.normal());
    model.write_parameter(i, values);
  }
}

}  // namespace laminate
