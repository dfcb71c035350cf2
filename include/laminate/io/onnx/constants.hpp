// What an ONNX graph is given besides its input: initializers, Constant nodes, and either of them turned or reshaped.
#pragma once

#include <laminate/io/onnx/node_reader.hpp>
#include <laminate/io/onnx/read_model.hpp>

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace laminate::detail {

/// `values` of this shape with axis k being what axis perm[k] was.
template<class Number>
std::vector<Number> transposed(std::vector<Number> const& values, std::vector<int> const& shape,
                               std::vector<std::int64_t> const& perm) {
  std::vector<std::size_t> strides(shape.size(), 1), index(shape.size(), 0);
  for (std::size_t a = shape.size(); a-- > 1;) strides[a - 1] = strides[a] * static_cast<std::size_t>(shape[a]);
  std::vector<Number> result;
  result.reserve(values.size());
  while (result.size() < values.size()) {
    std::size_t from = 0;
    for (std::size_t a = 0; a < index.size(); ++a) from += index[a] * strides[static_cast<std::size_t>(perm[a])];
    result.push_back(values[from]);
    for (std::size_t a = index.size(); a-- > 0;) {
      if (++index[a] < static_cast<std::size_t>(shape[static_cast<std::size_t>(perm[a])])) break;
      index[a] = 0;
    }
  }
  return result;
}

/// Constants by name. Their numbers are read when they are asked for.
class onnx_constants {
 public:
  explicit onnx_constants(onnx::GraphProto const& graph) {
    for (auto const& tensor : graph.initializer()) known_[tensor.name()] = {&tensor, {}};
  }

  bool contains(std::string const& name) const { return known_.contains(name); }

  /// A node that comes after those whose values it reads.
  void note(onnx_node_reader const& node) {
    if (!node.is_standard()) return;
    if (node.does() == "Constant") {
      if (auto const* const tensor = tensor_of(node)) known_[node.output()] = {tensor, {}};
      return;
    }
    bool const same = node.does() == "Identity" || node.does() == "Cast";
    if (!node.has_input(0) || !contains(node.input(0)) || (!same && !reshapes(node))) return;
    constant made = known_.at(node.input(0));
    if (node.does() == "Cast" && !keeps_numbers(*made.tensor, node.integer("to", 0))) return;
    if (!same) {
      made.nodes.push_back(node);
      made.depth = 1 + std::max(made.depth, node.has_input(1) ? known_.at(node.input(1)).depth : 0);
    }
    if (made.depth <= most_nodes) known_[node.output()] = std::move(made);
  }

  /// Operand i of a node, which is one.
  onnx_constant read(onnx_node_reader const& node, int i) const {
    auto const found = known_.find(node.input(i));
    if (found == known_.end()) node.refuse("its input " + shown(node.input(i)) + " is not a constant");
    onnx_constant result = read_constant(node.at() + ": its constant " + shown(node.input(i)), *found->second.tensor);
    for (auto const& how : found->second.nodes) change(how, result);
    return result;
  }

 private:
  static constexpr int most_nodes = 8;  // in a row: a thousand would read their numbers as often

  struct constant {
    onnx::TensorProto const* tensor = nullptr;
    std::vector<onnx_node_reader> nodes;  ///< that change its shape
    int depth = 0;                        ///< of nodes that have to be read for it
  };

  bool reshapes(onnx_node_reader const& node) const {
    if (node.does() == "Transpose") return !node.has_input(1);
    bool const has_shape = node.does() == "Reshape" || node.does() == "Squeeze" || node.does() == "Unsqueeze";
    return has_shape && (!node.has_input(1) || contains(node.input(1)));
  }
  static bool is_whole(std::int64_t type) {
    return type == onnx::TensorProto::INT32 || type == onnx::TensorProto::INT64;
  }
  static bool is_real(std::int64_t type) {
    return type == onnx::TensorProto::FLOAT || type == onnx::TensorProto::DOUBLE;
  }
  static bool keeps_numbers(onnx::TensorProto const& from, std::int64_t to) {
    return is_real(to) || (is_whole(to) && is_whole(from.data_type()));
  }

  /// Of a Constant with one of the attributes that hold numbers.
  onnx::TensorProto const* tensor_of(onnx_node_reader const& node) {
    if (auto const* const tensor = node.tensor("value")) return tensor;
    onnx::TensorProto made;
    if (node.has("value_float")) made.add_float_data(static_cast<float>(node.number("value_float", 0)));
    if (node.has("value_int")) made.add_int64_data(node.integer("value_int", 0));
    bool const is_one = made.float_data_size() + made.int64_data_size() == 1;
    for (float const value : node.reals("value_floats")) made.add_float_data(value);
    for (std::int64_t const value : node.integers("value_ints")) made.add_int64_data(value);
    if (made.float_data_size() + made.int64_data_size() == 0) return nullptr;
    made.set_data_type(made.float_data_size() > 0 ? onnx::TensorProto::FLOAT : onnx::TensorProto::INT64);
    if (!is_one) made.add_dims(std::max(made.float_data_size(), made.int64_data_size()));
    own_.push_back(std::move(made));
    return &own_.back();
  }

  void change(onnx_node_reader const& node, onnx_constant& value) const {
    if (node.does() != "Transpose") return reshape(node, value.shape);
    auto perm = node.integers("perm");
    if (perm.empty())
      for (std::size_t a = value.shape.size(); a-- > 0;) perm.push_back(static_cast<std::int64_t>(a));
    auto sorted = perm;
    std::ranges::sort(sorted);
    bool fits = sorted.size() == value.shape.size();
    for (std::size_t a = 0; fits && a < sorted.size(); ++a) fits = sorted[a] == static_cast<std::int64_t>(a);
    if (!fits) node.refuse("its perm is none of the axes of its input");
    value.values = transposed(value.values, value.shape, perm);
    value.whole = transposed(value.whole, value.shape, perm);
    std::vector<int> shape;
    for (std::int64_t const a : perm) shape.push_back(value.shape[static_cast<std::size_t>(a)]);
    value.shape = std::move(shape);
  }

  void reshape(onnx_node_reader const& node, std::vector<int>& shape) const {
    auto given = node.has_input(1) ? read(node, 1).whole : node.integers("axes");
    if (node.does() == "Reshape") {
      shape = sizes_for(node, given, shape);
      return;
    }
    bool const removes = node.does() == "Squeeze";
    if (removes && given.empty())
      for (std::size_t a = 0; a < shape.size(); ++a)
        if (shape[a] == 1) given.push_back(static_cast<std::int64_t>(a));
    auto const rank = static_cast<std::int64_t>(shape.size() + (removes ? 0 : given.size()));
    for (auto& axis : given) axis += axis < 0 ? rank : 0;
    std::ranges::sort(given, [&](auto a, auto b) { return removes ? a > b : a < b; });
    for (std::int64_t const axis : given) {
      bool const fits = axis >= 0 && axis < std::ssize(shape) + (removes ? 0 : 1);
      if (!fits || (removes && shape[static_cast<std::size_t>(axis)] != 1))
        node.refuse("its axes are not those of its input");
      if (removes)
        shape.erase(shape.begin() + axis);
      else
        shape.insert(shape.begin() + axis, 1);
    }
  }

  static std::vector<int> sizes_for(onnx_node_reader const& node, std::vector<std::int64_t> to,
                                    std::vector<int> const& from) {
    std::int64_t count = 1, known = 1, *rest = nullptr;
    for (int const size : from) count *= size;
    for (std::size_t a = 0; a < to.size(); ++a) {
      if (to[a] == 0 && a < from.size()) to[a] = from[a];
      if (to[a] == -1 && !rest)
        rest = &to[a];
      else if (to[a] < 1 || __builtin_mul_overflow(known, to[a], &known))
        node.refuse("its shape has no sound sizes");
    }
    if (rest && count % known == 0) *rest = count / known, known = count;
    if (known != count) node.refuse("its shape has another number of elements than its input");
    return {to.begin(), to.end()};
  }

  std::map<std::string, constant> known_;
  std::deque<onnx::TensorProto> own_;
};

}  // namespace laminate::detail
