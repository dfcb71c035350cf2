// ONNX: save_onnx(model, file) writes what ONNX Runtime and others run. With onnx/import.hpp, the one header that
// needs ONNX's library: link laminate::onnx.
#pragma once

#include <laminate/io/atomic_file.hpp>
#include <laminate/io/onnx/to_onnx.hpp>
#include <laminate/support/error.hpp>
#include <laminate/support/type_name.hpp>

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>

namespace laminate {

namespace detail {

/// ONNX's operators of networks are for float; running statistics and learned numbers are rounded to it.
template<class Model> onnx_network describe_for_onnx(std::string const& file, Model const& model) {
  using Net = typename Model::network;
  static constexpr auto& g = graph_of<Net>;
  onnx_network network{full_type_name<Net>(), g.all(), onnx_activations<Net>(), {}};
  for (auto& tensor : state_dict(model)) {
    named_tensor<float> rounded{tensor.name, std::move(tensor.shape), {}};
    for (auto const value : tensor.values) {
      if (std::isfinite(value) && std::abs(value) > std::numeric_limits<float>::max())
        throw error(file, "a number of " + tensor.name + " is too large for float");
      rounded.values.push_back(static_cast<float>(value));
    }
    network.tensors.emplace(std::move(tensor.name), std::move(rounded));
  }
  return network;
}

}  // namespace detail

/// Writes the network as it infers (running statistics, no dropout) as an ONNX model of opset 17, whole or not at all.
/// Its input is "input" (N, C, H, W) or (N, features), its output "output", N any number. Nodes have the names of their
/// layers, "3.body.0", and weights those of state_dict, "3.body.0.weight". An activation of your own is written as the
/// elementary operations of its formula. Throws `error`, which names the file and the layer, where a formula has an
/// operation ONNX has not, a number is too large for float, or the disk fails; then `path` is as it was.
template<class Model>
void save_onnx(Model const& model, std::filesystem::path const& path, onnx_options const& options = {}) {
  std::string content;
  if (!to_onnx(path.string(), detail::describe_for_onnx(path.string(), model), options).SerializeToString(&content))
    throw error(path.string(), "the model has over 2 GB, more than an ONNX file holds");
  write_atomically(path, content);
}

}  // namespace laminate
