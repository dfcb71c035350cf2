// An optimiser's buffers as tensors of a file, in the shapes and under the names of the parameters they
// belong to.
#pragma once

#include <laminate/io/checkpoint/tensors.hpp>
#include <laminate/io/safetensors.hpp>
#include <laminate/support/error.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace laminate {

// A buffer is ordered as model.parameters(), which is the kernels' business and may change; a file must
// outlive that. So buffers pass through the model, which knows how to give and take its parameters in
// PyTorch's layout.

/// Lets others use a model's parameters for a while, and then puts them back.
template<class Model> class borrowed_parameters {
 public:
  explicit borrowed_parameters(Model& model)
      : model_(model), kept_(model.parameters().begin(), model.parameters().end()) {}
  borrowed_parameters(borrowed_parameters const&) = delete;
  ~borrowed_parameters() {
    std::ranges::copy(kept_, model_.parameters().begin());
    model_.parameters_changed();
  }

 private:
  Model& model_;
  std::vector<typename Model::scalar> kept_;
};

inline std::string buffer_prefix(std::string const& buffer) { return std::string(optimizer_prefix) + buffer + "."; }

template<class Model> std::set<std::string> names_of_learned(Model const& model) {
  std::set<std::string> names;
  for (auto const& tensor : gradients(model)) names.insert(tensor.name);
  return names;
}

/// Adds "optimizer.exp_avg.0.weight" and so on, one tensor for each parameter.
template<class Model>
void add_buffer(safetensors& content, Model& model, std::string const& name,
                std::vector<typename Model::scalar> const& values) {
  if (values.size() != model.parameters().size())
    throw error("checkpoint", "the optimiser's " + name + " belongs to another model");
  borrowed_parameters const until_the_end(model);
  std::ranges::copy(values, model.parameters().begin());
  auto const learned = names_of_learned(model);
  for (auto const& tensor : state_dict(model))
    if (learned.contains(tensor.name))
      content.tensors.push_back(
          store_tensor<typename Model::scalar>(buffer_prefix(name) + tensor.name, tensor.shape, tensor.values));
}

/// The buffer in the order of model.parameters(). Throws `error` where a parameter's tensor is missing, or of
/// another shape. The model is unchanged either way.
template<class Model>
auto read_buffer(std::string const& file, safetensors const& content, Model& model, std::string const& name) {
  using T = typename Model::scalar;
  auto const learned = names_of_learned(model);
  auto dictionary = state_dict(model);
  for (auto& tensor : dictionary) {
    if (!learned.contains(tensor.name)) continue;
    std::string const stored = buffer_prefix(name) + tensor.name;
    auto const found = std::ranges::find(content.tensors, stored, &stored_tensor::name);
    if (found == content.tensors.end()) throw error(file, "tensor \"" + stored + "\" is missing");
    if (found->shape != tensor.shape) throw error(file, "tensor \"" + stored + "\" is not of its parameter's shape");
    tensor.values = numbers_of<T>(*found);
  }
  borrowed_parameters const until_the_end(model);
  load_state_dict(model, dictionary);
  std::vector<T> values(model.parameters().size());
  for (auto const& range : model.ranges())
    std::ranges::copy(
        model.parameters().subspan(static_cast<std::size_t>(range.first), static_cast<std::size_t>(range.size)),
        values.begin() + range.first);
  return values;
}

}  // namespace laminate
