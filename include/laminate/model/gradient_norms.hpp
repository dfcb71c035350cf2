// gradient_norms: how large the gradient of every layer is, to see where it vanishes or explodes.
#pragma once

#include <cmath>
#include <laminate/model/state_dict.hpp>
#include <string>
#include <vector>

namespace laminate {

/// Of one layer's weights.
struct gradient_norm {
  std::string name;  ///< of the layer, as in state_dict: "3.body.0"
  double norm = 0;   ///< √Σ(∂E/∂w)², summed in double
};

/// Those of all convolutions and dense layers after the last backward, from the input on.
template<class Model> std::vector<gradient_norm> gradient_norms(Model const& model) {
  auto const table = table_of(model);
  auto const nodes = nodes_of(model);
  std::vector<gradient_norm> all;
  std::vector<typename Model::scalar> values;
  for (int i = 0; i < static_cast<int>(table.size()); ++i) {
    if (table[i].kind != parameter_kind::weight) continue;
    values.resize(table[i].size());
    model.read_gradient(i, values);
    double sum = 0;
    for (double const v : values) sum += v * v;
    all.push_back({name_of(nodes[table[i].node].at), std::sqrt(sum)});
  }
  return all;
}

}  // namespace laminate
