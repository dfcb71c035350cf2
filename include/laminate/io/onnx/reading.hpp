// An ONNX graph while it is read: its constants, and the parts its values have become.
#pragma once

#include <laminate/graph/lower.hpp>
#include <laminate/io/onnx/constants.hpp>
#include <laminate/io/onnx/node_reader.hpp>
#include <laminate/io/onnx/part.hpp>
#include <laminate/io/onnx/value.hpp>
#include <laminate/support/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
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

/// (x − mean) / √(variance + ε), node by node.
struct normalisation_steps {
  int difference = 0;     ///< the node that computes x − mean
  std::int64_t axis = 0;  ///< of x, over which the mean is
  double epsilon = 0;
};

/// What the functions that read operators share. Values are known by their names, parts by their numbers.
class onnx_reading {
 public:
  onnx_contents contents;
  std::map<std::vector<int>, int> joined;  ///< what a Concat has joined, and its part
  std::map<std::string, derived_constant> derived;
  std::map<std::string, normalisation_steps> normalised;  ///< values that are computed in the steps of a LayerNorm

  onnx_reading(std::string const& file, onnx::GraphProto const& graph) : file_(file), graph_(graph), constants_(graph) {
    for (int i = 0; i < graph.node_size(); ++i) {
      for (auto const& output : graph.node(i).output())
        if (!output.empty() && !makers_.emplace(output, i).second)
          throw error(file_, "two nodes compute " + shown(output));
      for (auto const& input : graph.node(i).input()) ++reads_[input];
      constants_.note(node(i));
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
  onnx_constant constant(onnx_node_reader const& node, int i) const { return constants_.read(node, i); }
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

  void result(onnx_node_reader const& node, onnx_value value) {
    names_[value.part].push_back(node.output());
    values_[node.output()] = std::move(value);
  }
  void result(onnx_node_reader const& node, int part) { result(node, onnx_value{part}); }
  void result(onnx_node_reader const& node, onnx_part part) { result(node, add(std::move(part))); }
  /// The part is seen as `like` is.
  void result(onnx_node_reader const& node, onnx_part part, onnx_value const& like) {
    result(node, onnx_value{.part = add(std::move(part)), .order = like.order});
  }

  bool is_known(std::string const& name) const { return values_.contains(name); }
  /// A value however it is seen, for who understands that.
  onnx_value const& seen(onnx_node_reader const& node, int i) const {
    auto const found = values_.find(node.input(i));
    if (found == values_.end())
      node.refuse("its input " + shown(node.input(i)) +
                  (is_constant(node.input(i)) ? " is a constant" : " is computed nowhere before it"));
    return found->second;
  }
  /// A value that is seen as it is, but for the order of its axes.
  onnx_value const& turned(onnx_node_reader const& node, int i) const {
    onnx_value const& found = seen(node, i);
    std::string const at = "its input " + shown(node.input(i));
    if (found.padding > 0) node.refuse(at + " is padded, which only Conv and AveragePool take");
    if (found.is_expanded()) node.refuse(at + " is expanded, which only Mul takes");
    if (found.is_column) node.refuse(at + " is of shape (N, C, 1)");
    return found;
  }
  /// A value as it is.
  int value(onnx_node_reader const& node, int i) const {
    onnx_value const& found = turned(node, i);
    if (!found.order.empty())
      node.refuse("its input " + shown(node.input(i)) + " is transposed, and it wants (N, C, H, W)");
    return found.part;
  }
  /// A value as it is, or with zeros around.
  int padded_value(onnx_node_reader const& node, int i) const {
    onnx_value const& found = seen(node, i);
    return found.padding > 0 && found.order.empty() ? found.part : value(node, i);
  }
  /// How often the value of a part is read. What a later node will only show in another way counts as well.
  std::ptrdiff_t reads_of(int part) const {
    std::ptrdiff_t reads = 1;  // each of its names but the first comes from a node that reads another one
    for (auto const& name : names_.at(part))
      if (auto const found = reads_.find(name); found != reads_.end())
        reads += found->second - 1;
      else
        --reads;
    return reads;
  }

  /// The graph's output.
  int output() {
    std::string const& name = graph_.output(0).name();
    auto const found = values_.find(name);
    if (found == values_.end()) throw error(file_, "no node computes the output " + shown(name));
    onnx_value const& value = found->second;
    if (value.padding > 0 || value.is_expanded() || value.is_column)
      throw error(file_, "the output " + shown(name) + " is padded, expanded or of shape (N, C, 1)");
    if (value.order == channels_last)
      contents.remarks.push_back("the output is (N, H, W, C) there, and (N, C, H, W) here");
    else if (!value.order.empty())
      throw error(file_, "the output " + shown(name) + " is transposed");
    return value.part;
  }

  shape image_of(onnx_node_reader const& node) const {
    shape const in = part(padded_value(node, 0)).out;
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
            .inputs = {seen(node, 0).part},
            .out = out,
            .word = std::move(word),
            .arguments = std::move(arguments)};
  }

 private:
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
    onnx_value value;
    if (sizes.size() == 1)
      input.out = shape{sizes[0]};
    else if (!is_turned_at_once(found->name()))
      input.out = shape{sizes[0], sizes[1], sizes[2]};
    else {
      input.out = shape{sizes[2], sizes[0], sizes[1]};
      value.order = channels_last;
      contents.remarks.push_back("the input is (N, H, W, C) there, and (N, C, H, W) here");
    }
    value.part = add(std::move(input));
    values_[found->name()] = std::move(value);
  }

  /// Whether all that read a value want its last axis to be the channels.
  bool is_turned_at_once(std::string const& name) const {
    bool read = false;
    for (int i = 0; i < graph_.node_size(); ++i) {
      if (std::ranges::count(graph_.node(i).input(), name) == 0) continue;
      if (node(i).does() != "Transpose" || node(i).integers("perm") != std::vector<std::int64_t>{0, 3, 1, 2})
        return false;
      read = true;
    }
    return read;
  }

  std::string file_;
  onnx::GraphProto const& graph_;
  onnx_constants constants_;
  std::map<std::string, int> makers_;
  std::map<std::string, std::ptrdiff_t> reads_;  // of names, by nodes
  std::map<std::string, onnx_value> values_;
  std::map<int, std::vector<std::string>> names_;  // of parts
};

}  // namespace laminate::detail
