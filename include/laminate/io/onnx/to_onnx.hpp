// A network as an ONNX model.
#pragma once

#include <laminate/io/onnx/write_network.hpp>
#include <laminate/support/version.hpp>

namespace laminate {

inline constexpr int onnx_opset = 17, onnx_ir_version = 8;

/// The model of opset 17: one input "input" (N, …) and one output "output", N any number. `file` is named in errors.
inline onnx::ModelProto to_onnx(std::string const& file, onnx_network const& network,
                                onnx_options const& options = {}) {
  onnx::ModelProto model;
  model.set_ir_version(onnx_ir_version);
  model.set_producer_name("laminate");
  model.set_producer_version(version);
  model.add_opset_import()->set_version(onnx_opset);
  auto const add = [&](std::string const& key, std::string const& text) {
    auto& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(text);
  };
  add("laminate.network", network.type);
  for (auto const& [key, text] : options.metadata) add(key, text);
  model.mutable_graph()->set_name("network");
  detail::onnx_network_writer(file, network, options, *model.mutable_graph()).write();
  return model;
}

}  // namespace laminate
