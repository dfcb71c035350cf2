// A formula as the elementary nodes of an ONNX graph.
#pragma once

#include <laminate/io/onnx/formula.hpp>
#include <laminate/io/onnx/graph_writer.hpp>
#include <laminate/support/error.hpp>

#include <string>
#include <vector>

namespace laminate::detail {

/// log(1 + u) without the digits that 1 + u loses for small u: u·log(w)/(w − 1) with w = 1 + u, where the error of w
/// cancels (W. Kahan; Goldberg, "What every computer scientist should know about floating-point arithmetic", 1991,
/// theorem 4).
inline std::string write_log1p(onnx_graph_writer& to, std::string const& layer, std::string const& u) {
  std::string const one = to.constant(layer, 1), w = to.inner_node("Add", layer, {u, one});
  std::string const log = to.inner_node("Log", layer, {w});
  std::string const ratio = to.inner_node("Div", layer, {u, to.inner_node("Sub", layer, {w, one})});
  std::string const small = to.inner_node(
      "Where", layer, {to.inner_node("Equal", layer, {w, one}), u, to.inner_node("Mul", layer, {log, ratio})});
  // From 1 on there is nothing to win, and w may be infinite.
  return to.inner_node("Where", layer, {to.inner_node("Less", layer, {u, one}), small, log});
}

/// The nodes of f at the value x, with the learned parameter a, as those of a layer; the last one's value has the name
/// `result`. Throws `error` for an operation that ONNX has not.
inline void write_formula(std::string const& file, onnx_graph_writer& to, std::string const& layer, formula const& f,
                          std::string const& x, std::string const& a, std::string const& result) {
  std::vector<std::string> values;
  for (auto const& step : f.steps()) {
    std::vector<std::string> of;
    for (int const i : step.of) of.push_back(values[static_cast<std::size_t>(i)]);
    switch (step.is) {
      case formula_step::argument: values.push_back(x); continue;
      case formula_step::parameter: values.push_back(a); continue;
      case formula_step::number: values.push_back(to.constant(layer, step.value)); continue;
      case formula_step::operation: break;
    }
    if (step.does.empty()) throw error(file, "layer " + layer + ": its formula has an operation that ONNX has not");
    if (step.does == "Log1p")
      values.push_back(write_log1p(to, layer, of[0]));
    else if (step.does == "WhereLess")
      values.push_back(to.inner_node("Where", layer, {to.inner_node("Less", layer, {of[0], of[1]}), of[2], of[3]}));
    else
      values.push_back(to.inner_node(step.does, layer, of));
  }
  if (!f.has(formula_step::argument))  // one value, or one for each channel
    to.inner_node("Expand", layer, {values.back(), to.inner_node("Shape", layer, {x})});
  else if (f.steps().back().is != formula_step::operation)
    to.inner_node("Identity", layer, {values.back()});
  to.name_last_node(layer, result);
}

}  // namespace laminate::detail
