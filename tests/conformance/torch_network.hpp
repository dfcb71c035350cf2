// A network built from libtorch's modules, behind plain numbers: torch's headers are compiled in one file
// only.
#pragma once

#include "torch_names.hpp"

#include <laminate/graph/node.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

/// A tensor by name, seen in double.
struct torch_tensor {
  std::string name;
  std::vector<int> shape;
  std::vector<double> values;
};

/// An optimiser of torch::optim. `decays_all`: torch's way, one group of all parameters; otherwise weights of
/// convolutions and dense layers are a group of their own, and only that one decays.
struct torch_rule {
  std::string_view name;
  double lr = 0, momentum = 0, weight_decay = 0, eps = 0;
  std::array<double, 2> betas{};
  bool nesterov = false, decays_all = false;
};

/// What torch::optim sets where nothing is said. (Its SGD has no default rate.)
torch_rule torch_defaults(std::string_view name);
/// Makes torch's own first values repeatable.
void torch_seed(std::uint64_t seed);

/// One torch::nn module for each node of a graph, each in a module for its block, so that named_parameters()
/// has torch's own idea of the names. Autograd does the rest.
class torch_network {
 public:
  /// `functions[n]` belongs to node n. `precise`: in double instead of float.
  torch_network(std::span<laminate::graph_node const> nodes, std::span<torch_function const> functions, bool precise);
  ~torch_network();

  std::vector<double> infer(std::vector<double> const& x);
  /// Dropout's mask follows from the key, as Laminate draws it.
  std::vector<double> forward(std::vector<double> const& x, std::uint64_t dropout_key);
  /// Gradients of the last forward's Σ dy·y; answers with that by x.
  std::vector<double> backward(std::vector<double> const& dy);
  /// torch::nn::functional::cross_entropy of the last forward, and its gradients.
  double backward_from_loss(std::vector<int> const& labels);

  /// Parameters and buffers in the order of Python's state_dict(); learned parameters' gradients in the same.
  std::vector<torch_tensor> state() const;
  std::vector<torch_tensor> gradients() const;
  /// Throws where a name is missing, unexpected, or of another shape.
  void load(std::vector<torch_tensor> const& state);

  void optimise(torch_rule const& rule);
  void step();

 private:
  struct implementation;
  std::unique_ptr<implementation> own_;
};

}  // namespace conformance
