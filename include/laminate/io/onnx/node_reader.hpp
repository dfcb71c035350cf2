// One node of an ONNX graph, and what it says: attributes and names of operands.
#pragma once

#include <laminate/io/onnx/read_model.hpp>
#include <laminate/support/error.hpp>

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace laminate::detail {

/// Every refusal names file, node and reason.
class onnx_node_reader {
 public:
  onnx_node_reader(std::string const& file, onnx::NodeProto const& node, int number) : node_(&node) {
    name_ = "node " + (node.name().empty() ? std::to_string(number) : shown(node.name())) + " (" +
            shown(node.op_type()) + ")";
    at_ = file + ": " + name_;
  }

  std::string const& name() const { return name_; }
  /// With the file.
  std::string const& at() const { return at_; }
  [[noreturn]] void refuse(std::string const& why) const { throw error(at_, why); }

  std::string_view does() const { return node_->op_type(); }
  bool is_standard() const { return node_->domain().empty() || node_->domain() == "ai.onnx"; }
  std::string const& domain() const { return node_->domain(); }
  int inputs() const { return node_->input_size(); }
  bool has_input(int i) const { return i < node_->input_size() && !node_->input(i).empty(); }
  std::string const& input(int i) const {
    if (!has_input(i)) refuse("its input " + std::to_string(i) + " is missing");
    return node_->input(i);
  }
  /// The first one, which is all that networks need of any operator.
  std::string const& output() const {
    if (node_->output_size() == 0) refuse("it has no output");
    return node_->output(0);
  }

  bool has(std::string_view name) const {
    return std::ranges::any_of(node_->attribute(), [&](auto const& a) { return a.name() == name; });
  }
  std::int64_t integer(std::string_view name, std::int64_t otherwise) const {
    auto const* const found = attribute(name, onnx::AttributeProto::INT);
    return found ? found->i() : otherwise;
  }
  double number(std::string_view name, double otherwise) const {
    auto const* const found = attribute(name, onnx::AttributeProto::FLOAT);
    return found ? found->f() : otherwise;
  }
  std::string text(std::string_view name, std::string const& otherwise) const {
    auto const* const found = attribute(name, onnx::AttributeProto::STRING);
    return found ? found->s() : otherwise;
  }
  std::vector<std::int64_t> integers(std::string_view name) const {
    auto const* const found = attribute(name, onnx::AttributeProto::INTS);
    return found ? std::vector<std::int64_t>(found->ints().begin(), found->ints().end()) : std::vector<std::int64_t>{};
  }
  std::vector<float> reals(std::string_view name) const {
    auto const* const found = attribute(name, onnx::AttributeProto::FLOATS);
    return found ? std::vector<float>(found->floats().begin(), found->floats().end()) : std::vector<float>{};
  }
  onnx::TensorProto const* tensor(std::string_view name) const {
    auto const* const found = attribute(name, onnx::AttributeProto::TENSOR);
    return found ? &found->t() : nullptr;
  }

  /// A list whose entries are all the same, as it has to be where windows are square.
  int square(std::string_view name, int otherwise) const {
    auto const sizes = integers(name);
    for (std::int64_t const size : sizes)
      if (size != sizes[0] || size < 0 || size > 65535)
        refuse("its " + std::string(name) + " are not equal along both axes and on all sides, or no sizes");
    return sizes.empty() ? otherwise : static_cast<int>(sizes[0]);
  }

 private:
  onnx::AttributeProto const* attribute(std::string_view name, onnx::AttributeProto::AttributeType type) const {
    for (auto const& attribute : node_->attribute()) {
      if (attribute.name() != name) continue;
      if (attribute.type() != type) refuse("its attribute " + std::string(name) + " is of another type than ONNX says");
      return &attribute;
    }
    return nullptr;
  }

  onnx::NodeProto const* node_;
  std::string name_, at_;
};

}  // namespace laminate::detail
