// Adds nodes, constants and weights to an ONNX graph.
#pragma once

#include <laminate/describe/shape.hpp>

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace laminate {

/// Values are known by their names. A layer's value has the layer's name, "3.body.0"; what stands between the nodes of
/// one layer is "3.body.0/Mul_1", a constant of its own "3.body.0/constant_0", and no two names are equal.
class onnx_graph_writer {
 public:
  explicit onnx_graph_writer(onnx::GraphProto& graph) : graph_(graph) {}

  /// The node stays valid until the next one is added.
  onnx::NodeProto& node(std::string_view does, std::string const& name, std::vector<std::string> const& inputs,
                        std::string const& output) {
    onnx::NodeProto& made = *graph_.add_node();
    made.set_op_type(std::string(does));
    made.set_name(name);
    for (auto const& input : inputs) made.add_input(input);
    made.add_output(output);
    return made;
  }

  /// One of several nodes of a layer; answers with the name of its value.
  std::string inner_node(std::string_view does, std::string const& layer, std::vector<std::string> const& inputs) {
    std::string const name = layer + "/" + std::string(does) + "_" + std::to_string(inner_++);
    node(does, name, inputs, name);
    return name;
  }

  /// The node added last is what the layer ends with.
  void name_last_node(std::string const& layer, std::string const& output) {
    onnx::NodeProto& last = *graph_.mutable_node(graph_.node_size() - 1);
    last.set_name(layer);
    last.set_output(0, output);
  }

  std::string weights(std::string const& name, std::vector<int> const& shape, std::span<float const> values) {
    onnx::TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (int const size : shape) tensor.add_dims(size);
    tensor.set_raw_data(values.data(), values.size_bytes());  // little-endian, as the format wants it
    return name;
  }

  std::string constant(std::string const& layer, std::initializer_list<std::int64_t> values) {
    onnx::TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(layer + "/constant_" + std::to_string(inner_++));
    tensor.set_data_type(onnx::TensorProto::INT64);
    tensor.add_dims(static_cast<std::int64_t>(values.size()));
    for (std::int64_t const value : values) tensor.add_int64_data(value);
    return tensor.name();
  }

  std::string constant(std::string const& layer, double value) {
    float const rounded = static_cast<float>(value);
    return weights(layer + "/constant_" + std::to_string(inner_++), {}, {&rounded, 1});
  }

  /// A value of the whole graph: samples of `of`, any number of them.
  static void declare(onnx::ValueInfoProto& value, std::string const& name, shape of) {
    value.set_name(name);
    auto& type = *value.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    type.mutable_shape()->add_dim()->set_dim_param("N");
    type.mutable_shape()->add_dim()->set_dim_value(of.channels);
    if (of.is_features()) return;
    type.mutable_shape()->add_dim()->set_dim_value(of.height);
    type.mutable_shape()->add_dim()->set_dim_value(of.width);
  }

  static void attribute(onnx::NodeProto& node, char const* name, std::initializer_list<std::int64_t> values) {
    onnx::AttributeProto& made = *node.add_attribute();
    made.set_name(name);
    made.set_type(onnx::AttributeProto::INTS);
    for (std::int64_t const value : values) made.add_ints(value);
  }
  static void attribute(onnx::NodeProto& node, char const* name, int value) {
    onnx::AttributeProto& made = *node.add_attribute();
    made.set_name(name);
    made.set_type(onnx::AttributeProto::INT);
    made.set_i(value);
  }
  static void attribute(onnx::NodeProto& node, char const* name, char const* text) {
    onnx::AttributeProto& made = *node.add_attribute();
    made.set_name(name);
    made.set_type(onnx::AttributeProto::STRING);
    made.set_s(text);
  }
  static void attribute(onnx::NodeProto& node, char const* name, double value) {
    onnx::AttributeProto& made = *node.add_attribute();
    made.set_name(name);
    made.set_type(onnx::AttributeProto::FLOAT);
    made.set_f(static_cast<float>(value));
  }

 private:
  onnx::GraphProto& graph_;
  int inner_ = 0;
};

}  // namespace laminate
