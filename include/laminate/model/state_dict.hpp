// state_dict, gradients and load_state_dict: parameters by PyTorch's names, in PyTorch's layouts.
#pragma once

#include <algorithm>
#include <laminate/graph/parameters.hpp>
#include <laminate/support/error.hpp>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
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

/// What state_dict says of a parameter or buffer. Its name, "3.body.0.weight", is the one in the equivalent
/// torch.nn.Sequential: a Repeat's words stand one after the other; a residual block's parts are `body` and `shortcut`,
/// a Concat's `branches`.
struct dictionary_entry {
  std::string name;
  std::vector<int> shape;
  int index;  ///< in parameters_of<Net>; −1: num_batches_tracked, which follows a normalisation's running_var
  bool learned;
};

/// All entries, in order.
inline std::vector<dictionary_entry> entries_of(std::span<parameter const> table, std::span<graph_node const> nodes) {
  std::vector<dictionary_entry> all;
  for (parameter const& p : table) {
    std::string const layer = name_of(nodes[p.node].at) + ".";
    std::vector<int> const shape(p.dims.begin(), p.dims.begin() + p.rank);
    int const index = static_cast<int>(&p - table.data());
    all.push_back(dictionary_entry{layer + torch_name(p.kind), shape, index, is_learned(p.kind)});
    if (p.kind == parameter_kind::running_var)
      all.push_back(dictionary_entry{layer + "num_batches_tracked", {}, -1, false});
  }
  return all;
}
template<class Net> std::vector<dictionary_entry> entries_of() {
  return entries_of(parameters_of<Net>, graph_of<Net>.all());
}

inline std::size_t size_of(std::vector<int> const& shape) {
  std::size_t size = 1;
  for (int d : shape) size *= d;
  return size;
}

/// A model's tensors as an address and functions that know the model: what reads and writes them is compiled once for a
/// scalar, not once for a model.
template<class T> struct tensor_access {
  void* model;
  std::span<parameter const> table;
  std::span<graph_node const> nodes;
  void (*read)(void const* model, int, std::span<T>);
  void (*read_gradient)(void const* model, int, std::span<T>);
  long (*batches_tracked)(void const* model);
  // Not for models that are const.
  void (*write)(void* model, int, std::span<T const>) = nullptr;
  void (*track)(void* model, long batches) = nullptr;
};

/// What model.network is made of; for models that choose their network at run time there are overloads.
template<class Model, class Net = typename Model::network> std::span<parameter const> table_of(Model const&) {
  return parameters_of<Net>;
}
template<class Model, class Net = typename Model::network> std::span<graph_node const> nodes_of(Model const&) {
  return graph_of<Net>.all();
}

template<class Model> consteval bool ask_for_parameters() {
  constexpr bool has = requires(Model & model) { model.parameters(); };
  static_assert(has, "a frozen model only infers: save, load and state_dict take the Model that it was made of");
  return has;
}

/// True, or one compiler error for what `freeze` makes, whose parameters have another form.
template<class Model> inline constexpr bool has_parameters = ask_for_parameters<Model>();

template<class Model, class T = typename Model::scalar> tensor_access<T> access_tensors(Model const& model) {
  tensor_access<T> access{};
  if constexpr (has_parameters<Model>)
    access = {
        .model = const_cast<Model*>(&model),
        .table = table_of(model),
        .nodes = nodes_of(model),
        .read = [](void const* m, int i, std::span<T> to) { static_cast<Model const*>(m)->read_parameter(i, to); },
        .read_gradient = [](void const* m, int i,
                            std::span<T> to) { static_cast<Model const*>(m)->read_gradient(i, to); },
        .batches_tracked = [](void const* m) { return static_cast<Model const*>(m)->batches_tracked(); }};
  return access;
}
template<class Model, class T = typename Model::scalar> tensor_access<T> access_tensors(Model& model) {
  auto access = access_tensors(std::as_const(model));
  if constexpr (has_parameters<Model>) {
    access.write = [](void* m, int i, std::span<T const> from) { static_cast<Model*>(m)->write_parameter(i, from); };
    access.track = [](void* m, long batches) { static_cast<Model*>(m)->batches_tracked(batches); };
  }
  return access;
}

template<class T> std::vector<named_tensor<T>> state_dict(tensor_access<T> const& of) {
  std::vector<named_tensor<T>> all;
  for (auto& e : entries_of(of.table, of.nodes)) {
    std::vector<T> values(size_of(e.shape), static_cast<T>(of.batches_tracked(of.model)));
    if (e.index >= 0) of.read(of.model, e.index, values);
    all.push_back({std::move(e.name), std::move(e.shape), std::move(values)});
  }
  return all;
}

template<class T> std::vector<named_tensor<T>> gradients(tensor_access<T> const& of) {
  std::vector<named_tensor<T>> all;
  for (auto& e : entries_of(of.table, of.nodes)) {
    if (!e.learned) continue;
    std::vector<T> values(size_of(e.shape));
    of.read_gradient(of.model, e.index, values);
    all.push_back({std::move(e.name), std::move(e.shape), std::move(values)});
  }
  return all;
}

/// All parameters and buffers, in order. The tensors are copies.
template<class Model, class T = typename Model::scalar> std::vector<named_tensor<T>> state_dict(Model const& model) {
  return state_dict(access_tensors(model));
}

/// The gradients of all learned parameters after backward, by the same names.
template<class Model, class T = typename Model::scalar> std::vector<named_tensor<T>> gradients(Model const& model) {
  return gradients(access_tensors(model));
}

/// The tensor for each entry that has one; throws as load_state_dict does.
template<class Tensor>
std::vector<std::pair<int, Tensor const*>> matched_tensors(std::vector<dictionary_entry> const& entries,
                                                           std::vector<Tensor> const& dict) {
  std::string missing, wrong, unexpected;
  std::vector<std::pair<int, Tensor const*>> matched;
  std::vector<bool> used(dict.size(), false);
  for (auto const& [name, shape, i, learned] : entries) {
    auto const found = std::find_if(dict.begin(), dict.end(), [&](Tensor const& t) { return t.name == name; });
    if (found == dict.end()) {
      if (i >= 0) missing += "\n  missing: " + name;
      continue;
    }
    used[found - dict.begin()] = true;
    if (found->shape != shape)
      wrong += "\n  wrong shape: " + name + " is " + text_of(found->shape) + ", expected " + text_of(shape);
    else if (std::size_t const count = found->values.size(); count != size_of(shape))
      wrong += "\n  wrong count: " + name + " " + text_of(shape) + " has " + std::to_string(count) +
               " numbers, expected " + std::to_string(size_of(shape));
    else if (i < 0 && !(found->values[0] >= 0 && found->values[0] < 0x1p62))
      wrong += "\n  wrong number: " + name + " is " + std::to_string(found->values[0]) + ", expected a count";
    else
      matched.push_back({i, &*found});
  }
  for (std::size_t k = 0; k < dict.size(); ++k)
    if (!used[k]) unexpected += "\n  unexpected: " + dict[k].name;
  if (std::string const all = missing + unexpected + wrong; !all.empty())
    throw error("load_state_dict: the tensors do not fit the network; nothing was changed" + all);
  return matched;
}

template<class T, class Tensor> void load_state_dict(tensor_access<T> const& into, std::vector<Tensor> const& dict) {
  for (auto const& [i, t] : matched_tensors(entries_of(into.table, into.nodes), dict)) {
    if (i < 0)
      into.track(into.model, static_cast<long>(t->values[0]));
    else if constexpr (std::is_convertible_v<decltype((t->values)), std::span<T const>>)
      into.write(into.model, i, t->values);
    else
      into.write(into.model, i, std::vector<T>(t->values.begin(), t->values.end()));
  }
}

/// Sets all parameters and buffers. Missing, unexpected and wrongly shaped entries, and a number of batches that is
/// none, are named in one exception, and then nothing is changed. num_batches_tracked may be missing. The tensors are
/// named_tensor or tensor_view, and numbers of the model's own type are copied from where they lie.
template<class Model, class Tensor, class T = typename Model::scalar>
void load_state_dict(Model& model, std::vector<Tensor> const& dict) {
  load_state_dict(access_tensors(model), dict);
}

}  // namespace laminate
