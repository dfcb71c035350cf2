// Finds where infinity or not-a-number came into a model.
#pragma once

#include <laminate/model/access.hpp>
#include <laminate/model/non_finite.hpp>

#include <span>
#include <string>

namespace laminate {

template<class Tensors> std::string first_non_finite_of(Tensors const& tensors) {
  for (auto const& tensor : tensors)
    if (!all_finite(std::span(tensor.values))) return tensor.name;
  return {};
}

template<class T> std::string first_not_finite(training_access<T> const& model) {
  if (model.first_non_finite_layer && all_finite<T>(model.parameters))
    if (auto const name = model.first_non_finite_layer(model.model); !name.empty())
      return "the result of layer " + name;
  if (auto const name = first_non_finite_of(model.state_dict(model.model)); !name.empty()) return "parameter " + name;
  if (auto const name = first_non_finite_of(model.named_gradients(model.model)); !name.empty())
    return "gradient of " + name;
  return {};
}

/// "the result of layer 3.body.0", "parameter 3.body.0.weight", "gradient of 3.body.0.weight": the first in the order
/// of the layers that holds a number that is not finite. Learned parameters come first: they spoil every layer after
/// them. Then the results of a forward pass, then running statistics and gradients; empty where all are finite.
template<class Model> std::string first_non_finite(Model& model) { return first_not_finite(access_training(model)); }

}  // namespace laminate
