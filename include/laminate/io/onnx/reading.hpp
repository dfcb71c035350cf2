// An ONNX graph while it is read: its constants, and the parts its values have become.
#pragma once

#include <laminate/graph/lower.hpp>
#include <laminate/io/onnx/node_reader.hpp>
#include <laminate/io/onnx/part.hpp>
#include <laminate/io/onnx/read_model.hpp>
#include <laminate/support/error.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace laminate::detail {

/// A value that is computed of numbers and of one learned parameter alone.
struct derived_constant {
  formula value;
  std::shared_ptr<named_tensor<float> const> parameter;
};

/// What the functions that read operators share. Values are known by their names, parts by their numbers.
class onnx_reading {
 public:
  onnx_contents contents;
  std::set<int> means;                     ///< parts that are means of channels, as images of one pixel
  std::map<std::vector<int>, int> joined;  ///< what a Concat has joined, and its part
  std::map<std::string, int> padding;      ///< of values that a Pad has put zeros around
  std::map<std::string, derived_constant> derived;

  onnx_reading(std::string const& file, onnx::GraphProto const& graph) : file_(file), graph_(graph) {
    for (auto const& tensor : graph.initializer()) constants_[tensor.name()] = &tensor;
    for (int i = 0; i < graph.node_size(); ++i) {
      for (auto const& output : graph.node(i).output())
        if (!output.empty() && !makers_.emplace(output, i).second)
          throw error(file_, "two nodes compute " + shown(output));
      note_constant(node(i));
    }
    read_input();
  }

  std::string const& file() const { return file_; }
  onnx::GraphProto const& graph() const { return graph_; }
  onnx_node_reader node(int i) const { return {file_, graph_.node(i), i}; }
  /// The number of the node that computes a value, or −1.
  int maker(std::string const& value) const {
    auto const found = makers_.find(value);
    return found == makers_.end() ? -1 : found->second;
  }

  bool is_constant(std::string const& name) const { return constants_.contains(name); }
  onnx_constant constant(onnx_node_reader const& node, int i) const {
    auto const found = constants_.find(node.input(i));
    if (found == constants_.end()) node.refuse("its input " + shown(node.input(i)) + " is not a constant");
    return read_constant(node.at() + ": its constant " + shown(node.input(i)), *found->second);
  }
  /// Whole numbers as well as others, as floats.
  std::vector<float> numbers(onnx_node_reader const& node, int i, std::vector<int>* sizes = nullptr) const {
    onnx_constant read = constant(node, i);
    if (read.values.empty()) read.values.assign(read.whole.begin(), read.whole.end());
    if (sizes) *sizes = read.shape;
    return std::move(read.values);
  }

  int add(onnx_part part) {
    shape const s = part.out;
    if (s.channels < 1 || s.height < 0 || s.width < 0 || numbers_in(s) > most_numbers)
      throw error(part.at, "its result is empty or has over 2^28 numbers");
    contents.parts.push_back(std::move(part));
    return static_cast<int>(contents.parts.size()) - 1;
  }
  onnx_part& part(int i) { return contents.parts[static_cast<std::size_t>(i)]; }
  onnx_part const& part(int i) const { return contents.parts[static_cast<std::size_t>(i)]; }

  void result(onnx_node_reader const& node, int part) { values_[node.output()] = part; }
  void result(onnx_node_reader const& node, onnx_part part) { result(node, add(std::move(part))); }
  int value(onnx_node_reader const& node, int i) const {
    if (padding.contains(node.input(i)))
      node.refuse("its input " + shown(node.input(i)) + " is padded, which only Conv and AveragePool take");
    return unpadded_value(node, i);
  }
  int unpadded_value(onnx_node_reader const& node, int i) const {
    auto const found = values_.find(node.input(i));
    if (found == values_.end())
      node.refuse("its input " + shown(node.input(i)) +
                  (is_constant(node.input(i)) ? " is a constant" : " is computed nowhere before it"));
    return found->second;
  }
  /// The graph's output.
  int output() const {
    auto const found = values_.find(graph_.output(0).name());
    if (found == values_.end()) throw error(file_, "no node computes the output " + shown(graph_.output(0).name()));
    return found->second;
  }

  shape image_of(onnx_node_reader const& node) const {
    shape const in = part(unpadded_value(node, 0)).out;
    if (!in.is_image()) node.refuse("it gets features, and wants an image (N, C, H, W)");
    return in;
  }
  shape features_of(onnx_node_reader const& node) const {
    shape const in = part(value(node, 0)).out;
    if (!in.is_features()) node.refuse("it gets an image, and wants features (N, F)");
    return in;
  }
  onnx_part layer(onnx_node_reader const& node, std::string word, std::vector<std::string> arguments, shape out) const {
    return {.is = onnx_part::layer,
            .at = node.at(),
            .inputs = {unpadded_value(node, 0)},
            .out = out,
            .word = std::move(word),
            .arguments = std::move(arguments)};
  }

 private:
  void note_constant(onnx_node_reader const& node) {
    if (node.does() == "Constant") {
      if (auto const* const tensor = node.tensor("value")) constants_[node.output()] = tensor;
    } else if (node.does() == "Identity" && node.has_input(0)) {  // weights that several nodes share
      auto const known = constants_.find(node.input(0));
      if (known != constants_.end()) constants_[node.output()] = known->second;
    }
  }

  void read_input() {
    onnx::ValueInfoProto const* found = nullptr;
    for (auto const& input : graph_.input()) {
      if (is_constant(input.name())) continue;  // with a value given it is no input
      if (found)
        throw error(file_, "expected one input, found " + shown(found->name()) + " and " + shown(input.name()));
      found = &input;
    }
    if (!found) throw error(file_, "it has no input");
    std::string const at = "the input " + shown(found->name());
    auto const& type = found->type().tensor_type();
    if (type.elem_type() != onnx::TensorProto::FLOAT && type.elem_type() != onnx::TensorProto::DOUBLE)
      throw error(file_, at + " is no tensor of FLOAT or DOUBLE");
    std::vector<int> sizes;
    for (int i = 1; i < type.shape().dim_size(); ++i) {
      std::int64_t const size = type.shape().dim(i).dim_value();
      if (size < 1 || size > 1 << 28)
        throw error(file_, at + " has no size of 1..2^28 in its dimension " + std::to_string(i));
      sizes.push_back(static_cast<int>(size));
    }
    if (sizes.size() != 1 && sizes.size() != 3)
      throw error(file_, at + " has " + std::to_string(type.shape().dim_size()) +
                             " dimensions; expected (N, C, H, W) or (N, features)");
    onnx_part input{.is = onnx_part::input, .at = file_ + ": " + at};
    input.out = sizes.size() == 3 ? shape{sizes[0], sizes[1], sizes[2]} : shape{sizes[0]};
    values_[found->name()] = add(std::move(input));
  }

  std::string file_;
  onnx::GraphProto const& graph_;
  std::map<std::string, onnx::TensorProto const*> constants_;
  std::map<std::string, int> makers_;
  std::map<std::string, int> values_;
};

}  // namespace laminate::detail
