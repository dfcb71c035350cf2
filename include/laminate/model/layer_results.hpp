// layer_results: what passed through every layer of a model, forward and back. Under Reference, which keeps
// it all.
#pragma once

#include <laminate/model/reference_model.hpp>
#include <span>
#include <string>
#include <vector>

namespace laminate {

/// One layer in the last pass. The spans show the model's memory: they are valid until its next pass.
template<class T> struct layer_result {
  std::string name;  ///< as in state_dict: "3.body.0"; a residual block's sum has the block's
  role acts_as{};
  shape out{};
  std::span<T const> output;    ///< (N, C, H, W) or (N, features)
  std::span<T const> gradient;  ///< of the loss at that output; meaningless before a backward
};

/// Every layer in the order in which they compute, a Residual's sum after its body and shortcut; the input
/// comes first and has no name. To look into a trained model of another policy:
///   Model<Net, Reference, double> glass{0, 32};
///   load_state_dict(glass, state_dict(model));
///   glass.forward(x, y), glass.backward(dy);
///   for (auto const& layer : layer_results(glass)) …
template<class Net, class T, class Arch>
std::vector<layer_result<T>> layer_results(Model<Net, Reference, T, Arch, true> const& model) {
  auto const& g = graph_of<Net>;
  std::vector<layer_result<T>> all;
  for (int i = 0; i < g.size; ++i)
    all.push_back(
        {name_of(g.nodes[i].at), g.nodes[i].acts_as, g.nodes[i].out, model.output_of(i), model.output_gradient_of(i)});
  if (!all.empty()) all.front().name.clear();
  return all;
}

}  // namespace laminate
