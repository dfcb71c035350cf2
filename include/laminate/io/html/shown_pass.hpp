// One planned pass as the page shows it: the keys by which its parts find each other, their colours and their words.
#pragma once

#include <laminate/io/html/element.hpp>
#include <laminate/io/telling.hpp>

namespace laminate::looking {

/// A page's parts are layers, and the steps and tensors of its passes. The key of a part is on all that stands for it.
inline std::string layer_key(int n) { return "l" + std::to_string(n); }

/// " b" after "a", "" before anything: a list of keys.
inline void add_key(std::string& keys, std::string const& key) { keys += (keys.empty() ? "" : " ") + key; }

struct shown_pass {
  telling tells;
  std::string name;   ///< "training" or "inference": a class, and its first letter stands in keys
  table const& rows;  ///< of the layers, as in summary

  planned_pass const& p = tells.p;
  std::vector<memory::traffic> moved = [this] {
    std::vector<memory::traffic> all;
    for (int s = 0; s < steps(); ++s) all.push_back(traffic_of(p, s));
    return all;
  }();

  int steps() const { return static_cast<int>(p.steps.size()); }
  int tensors() const { return static_cast<int>(p.tensors.size()); }
  std::string step_key(int s) const { return name.substr(0, 1) + "-s" + std::to_string(s + 1); }
  std::string tensor_key(int t) const { return name.substr(0, 1) + "-t" + std::to_string(t); }

  bool is_gradient(int t) const {
    int const by = p.tensors[t].producer;
    return t == p.output_gradient || (by >= 0 && tells.is_backward(by) && !tells.runs_again(by));
  }
  /// The step that makes a tensor; −1 where the caller gives it.
  int maker(int t) const { return p.tensors[t].producer < 0 ? -1 : p.places[p.tensors[t].producer].step; }
  bool is_made_by(int t, int layer) const {
    int const by = p.tensors[t].producer;
    return by >= 0 && p.operations[by].node == layer;
  }
  /// A step writes its tensors, and the gradient at the network's input where the caller asks for it.
  bool writes(int s, int t) const { return moved[s].writes(t) || (p.steps[s].optional && p.steps[s].output == t); }

  /// The forward step whose colour a step has: a backward one that of the kernel whose gradients it computes.
  int colour_of(int s) const {
    if (s < 0) return -1;
    bool const backward = p.output_gradient >= 0 && s >= p.forward_steps;
    for (bool kernel : {true, false})
      for (std::size_t i = 0; i < p.operations.size() && backward; ++i)
        if (p.places[i].step == s && (p.places[i].on == fusion::side::kernel || !kernel))
          return step_of(p, p.operations[i].node);
    return s;
  }
  /// Neighbouring steps are a golden angle apart. Nothing for what no step makes, which is grey.
  std::string colour(int s) const {
    int const step = colour_of(s);
    return step < 0 ? "--c:0" : "--h:" + std::to_string((250 + 137 * step) % 360);
  }

  /// What operation i does, in a word or two.
  std::string work_of(int i) const {
    using fusion::work;
    fusion::operation const& o = p.operations[i];
    std::string const& layer = rows[o.node + 1][1];
    bool const backward = tells.is_backward(i);
    switch (o.does) {
      case work::add_bias: return "bias";
      case work::normalise: return "normalise";
      case work::normalise_back: return "normalise back";
      case work::slope_of_input:
      case work::slope_of_output: return "slope of " + layer;
      case work::add: return backward ? "sum of gradients" : "sum";
      case work::times: return "product";
      case work::statistics: return "mean, variance";
      case work::normalisation_sums: return "sums for its gradient";
      case work::bias_sum: return "gradient of bias";
      case work::parameter_sum: return "gradient of parameter";
      default: return backward && is_kernel(o.does) ? "gradient of " + layer : layer;
    }
  }

  std::string list_steps(std::vector<int> const& numbers) const {
    std::string text = numbers.size() == 1 ? "step" : "steps";
    for (std::size_t i = 0; i < numbers.size(); ++i) text += (i ? ", " : " ") + std::to_string(numbers[i] + 1);
    return text;
  }
  std::vector<int> readers(int t) const {
    std::vector<int> found;
    for (int s = 0; s < steps(); ++s)
      if (moved[s].reads(t)) found.push_back(s);
    return found;
  }
  std::vector<int> steps_of_layer(int n) const {
    std::vector<bool> works(steps(), false);
    for (std::size_t i = 0; i < p.operations.size(); ++i)
      if (p.operations[i].node == n) works[p.places[i].step] = true;
    std::vector<int> found;
    for (int s = 0; s < steps(); ++s)
      if (works[s]) found.push_back(s);
    return found;
  }
};

using shown_passes = std::array<shown_pass, 2>;

}  // namespace laminate::looking
