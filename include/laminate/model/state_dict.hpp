// state_dict, gradients and load_state_dict: parameters by PyTorch's names, in PyTorch's layouts.
#pragma once

#include <laminate/graph/parameters.hpp>
#include <laminate/support/error.hpp>
#include <span>
#include <type_traits>
#include <vector>

namespace laminate {

/// A tensor by name: row-major, a weight OIHW.
template<class T> struct named_tensor {
  std::string name;
  std::vector<int> shape;
  std::vector<T> values;
};

/// A tensor whose numbers are elsewhere.
template<class T> struct tensor_view {
  std::string name;
  std::vector<int> shape;
  std::span<T const> values;
};

inline std::string text_of(std::vector<int> const& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + ")";
}

/// "3.body.0.weight": the name of entry i of parameters_of<Net>, as in the equivalent torch.nn.Sequential. A Repeat's
/// words stand one after the other; a residual block's parts are `body` and `shortcut`, a Concat's `branches`.
template<class Net> std::string parameter_name(int i) {
  parameter const& p = parameters_of<Net>[i];
  return name_of(graph_of<Net>.nodes[p.node].at) + "." + torch_name(p.kind);
}

// Calls at(name, shape, index); index −1 stands for num_batches_tracked, which follows a normalisation's running_var.
template<class Net> void for_each_entry(auto&& at) {
  auto const& table = parameters_of<Net>;
  for (int i = 0; i < static_cast<int>(table.size()); ++i) {
    at(parameter_name<Net>(i), std::vector<int>(table[i].dims.begin(), table[i].dims.begin() + table[i].rank), i);
    if (table[i].kind == parameter_kind::running_var)
      at(name_of(graph_of<Net>.nodes[table[i].node].at) + ".num_batches_tracked", std::vector<int>{}, -1);
  }
}

/// All parameters and buffers, in order. The tensors are copies.
template<class Model, class T = typename Model::scalar> std::vector<named_tensor<T>> state_dict(Model const& model) {
  std::vector<named_tensor<T>> all;
  for_each_entry<typename Model::network>([&](std::string name, std::vector<int> shape, int i) {
    std::size_t size = 1;
    for (int d : shape) size *= d;
    std::vector<T> values(size, static_cast<T>(model.batches_tracked()));
    if (i >= 0) model.read_parameter(i, values);
    all.push_back({std::move(name), std::move(shape), std::move(values)});
  });
  return all;
}

/// The gradients of all learned parameters after backward, by the same names.
template<class Model, class T = typename Model::scalar> std::vector<named_tensor<T>> gradients(Model const& model) {
  auto const& table = parameters_of<typename Model::network>;
  std::vector<named_tensor<T>> all;
  for_each_entry<typename Model::network>([&](std::string name, std::vector<int> shape, int i) {
    if (i < 0 || !is_learned(table[i].kind)) return;
    std::vector<T> values(table[i].size());
    model.read_gradient(i, values);
    all.push_back({std::move(name), std::move(shape), std::move(values)});
  });
  return all;
}

/// Sets all parameters and buffers. Missing, unexpected and wrongly shaped entries, and a number of batches that is
/// none, are named in one exception, and then nothing is changed. num_batches_tracked may be missing. The tensors are
/// named_tensor or tensor_view, and numbers of the model's own type are copied from where they lie.
template<class Model, class Tensor> void load_state_dict(Model& model, std::vector<Tensor> const& dict) {
  std::string missing, wrong, unexpected;
  using T = typename Model::scalar;
  std::vector<std::pair<int, Tensor const*>> matched;
  std::vector<bool> used(dict.size(), false);
  for_each_entry<typename Model::network>([&](std::string const& name, std::vector<int> const& shape, int i) {
    for (std::size_t k = 0; k < dict.size(); ++k) {
      if (dict[k].name != name) continue;
      used[k] = true;
      std::size_t size = 1;
      for (int d : shape) size *= d;
      if (dict[k].shape != shape || dict[k].values.size() != size)
        wrong += "\n  wrong shape: " + name + " is " + text_of(dict[k].shape) + ", expected " + text_of(shape);
      else if (i < 0 && !(dict[k].values[0] >= 0 && dict[k].values[0] < 0x1p62))
        wrong += "\n  wrong number: " + name + " is " + std::to_string(dict[k].values[0]) + ", expected a count";
      else
        matched.push_back({i, &dict[k]});
      return;
    }
    if (i >= 0) missing += "\n  missing: " + name;
  });
  for (std::size_t k = 0; k < dict.size(); ++k)
    if (!used[k]) unexpected += "\n  unexpected: " + dict[k].name;
  if (std::string const all = missing + unexpected + wrong; !all.empty())
    throw error("load_state_dict: the tensors do not fit the network; nothing was changed" + all);
  for (auto const& [i, t] : matched) {
    if (i < 0) {
      model.batches_tracked(static_cast<long>(t->values[0]));
      continue;
    }
    if constexpr (std::is_convertible_v<decltype((t->values)), std::span<T const>>)
      model.write_parameter(i, t->values);
    else
      model.write_parameter(i, std::vector<T>(t->values.begin(), t->values.end()));
  }
}

}  // namespace laminate
