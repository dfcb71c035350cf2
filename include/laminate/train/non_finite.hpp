// Finds where infinity or not-a-number came into a model.
#pragma once

#include <algorithm>
#include <cmath>
#include <laminate/model/state_dict.hpp>
#include <span>
#include <string>

namespace laminate {

template<class T> bool all_finite(std::span<T const> values) {
  return std::ranges::all_of(values, [](T value) { return std::isfinite(value); });
}

template<class Tensors> std::string first_non_finite_of(Tensors const& tensors) {
  for (auto const& tensor : tensors)
    if (!all_finite(std::span(tensor.values))) return tensor.name;
  return {};
}

/// "parameter 3.body.0.weight", "gradient of 3.body.0.weight": the first in the order of the layers that
/// holds a number that is not finite, parameters and running statistics before gradients; empty where all are
/// finite.
template<class Model> std::string first_non_finite(Model const& model) {
  if (auto const name = first_non_finite_of(state_dict(model)); !name.empty()) return "parameter " + name;
  if (auto const name = first_non_finite_of(gradients(model)); !name.empty()) return "gradient of " + name;
  return {};
}

}  // namespace laminate
