// An optimiser's buffers as tensors of a file, in the shapes and under the names of the parameters they
// belong to.
#pragma once

#include <laminate/io/checkpoint/tensors.hpp>
#include <laminate/io/safetensors.hpp>
#include <laminate/model/access.hpp>
#include <laminate/support/error.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace laminate {

// A buffer is ordered as model.parameters(), which is the kernels' business and may change; a file must
// outlive that. So buffers pass through the model, which knows how to give and take its parameters in
// PyTorch's layout.

/// Lets others use a model's parameters for a while, and then puts them back.
template<class T> class borrowed_parameters {
 public:
  explicit borrowed_parameters(stored_access<T> const& model)
      : model_(model), kept_(model.parameters.begin(), model.parameters.end()) {}
  borrowed_parameters(borrowed_parameters const&) = delete;
  ~borrowed_parameters() {
    std::copy(kept_.begin(), kept_.end(), model_.parameters.begin());
    model_.parameters_changed(model_.model);
  }

 private:
  stored_access<T> const& model_;
  std::vector<T> kept_;
};

inline std::string buffer_prefix(std::string const& buffer) { return std::string(optimizer_prefix) + buffer + "."; }

template<class T> std::vector<std::string> names_of_learned(stored_access<T> const& model) {
  std::vector<std::string> names;
  for (auto const& tensor : model.named_gradients(model.model)) names.push_back(tensor.name);
  return names;
}
inline bool is_one_of(std::vector<std::string> const& names, std::string const& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Adds "optimizer.exp_avg.0.weight" and so on, one tensor for each parameter.
template<class T>
void add_buffer(safetensors& content, stored_access<T> const& model, std::string const& name,
                std::vector<T> const& values) {
  if (values.size() != model.parameters.size())
    throw error("checkpoint", "the optimiser's " + name + " belongs to another model");
  borrowed_parameters<T> const until_the_end(model);
  std::copy(values.begin(), values.end(), model.parameters.begin());
  auto const learned = names_of_learned<T>(model);
  for (auto const& tensor : model.state_dict(model.model))
    if (is_one_of(learned, tensor.name))
      content.tensors.push_back(store_tensor<T>(buffer_prefix(name) + tensor.name, tensor.shape, tensor.values));
}

/// The buffer in the order of model.parameters(). Throws `error` where a parameter's tensor is missing, or of
/// another shape. The model is unchanged either way.
template<class T>
std::vector<T> read_buffer(std::string const& file, safetensors const& content, loading_access<T> const& model,
                           std::string const& name) {
  auto const learned = names_of_learned<T>(model);
  auto tensors = model.state_dict(model.model);
  std::vector<tensor_view<T>> dictionary;
  for (auto& tensor : tensors) {
    if (is_one_of(learned, tensor.name)) {
      std::string const stored = buffer_prefix(name) + tensor.name;
      auto const found = std::find_if(content.tensors.begin(), content.tensors.end(),
                                      [&](stored_tensor const& in_file) { return in_file.name == stored; });
      if (found == content.tensors.end()) throw error(file, "tensor \"" + stored + "\" is missing");
      if (found->shape != tensor.shape) throw error(file, "tensor \"" + stored + "\" is not of its parameter's shape");
      tensor.values = numbers_of<T>(file, *found);
    }
    dictionary.push_back({tensor.name, tensor.shape, tensor.values});
  }
  borrowed_parameters<T> const until_the_end(model);
  model.load_state_dict(model.model, dictionary);
  std::vector<T> values(model.parameters.size());
  for (auto const& range : model.ranges)
    std::copy_n(model.parameters.data() + range.first, range.size, values.data() + range.first);
  return values;
}

}  // namespace laminate
