// Another library's model of the same network, behind plain numbers.
#pragma once

#include <laminate/graph/node.hpp>
#include <laminate/io/onnx/activation.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/torch_names.hpp"

namespace bench {

struct peer {
  virtual ~peer() = default;
  /// The batch all that follows works on.
  virtual void take(std::span<float const> x, std::span<int const> labels) = 0;
  virtual std::vector<float> infer() = 0;
  /// The same, to be timed: the results may stay where they are.
  virtual void run() { infer(); }
  /// Forward, loss, backward and a step of SGD with momentum; answers with the loss before it, softmax cross-entropy
  /// or, of a single output that is to be 1, mean squared error.
  virtual double learn() = 0;
};

/// A parameter or buffer by its name in a state_dict.
struct peer_tensor {
  std::string name;
  std::vector<int> shape;
  std::vector<double> values;
};

/// What the peer is told about a network: its graph, what each node's activation is called in torch, what each leaf's
/// is in ONNX, and its weights.
struct peer_network {
  std::span<laminate::graph_node const> nodes;
  std::vector<conformance::torch_function> functions;
  std::vector<laminate::onnx_activation> activations;
  std::vector<peer_tensor> state;
};

/// Null where the benchmarks were built without libtorch. `tuned`: channels last; run() sets its allocator.
std::unique_ptr<peer> make_libtorch(peer_network const& network, bool tuned, int threads);

/// "libtorch 1.13.1", or "" where there is none.
std::string libtorch_version();

/// Null where the benchmarks were built without dlib, and for networks that are not declared for it.
std::unique_ptr<peer> make_dlib(std::string_view name, peer_network const& network);

/// "dlib 19.24", or "" where there is none.
std::string dlib_version();

/// Null where the benchmarks were built without RTNeural, and for networks that are not declared for it. It only
/// infers.
std::unique_ptr<peer> make_rtneural(std::string_view name, peer_network const& network);
bool has_rtneural();

/// Null where the benchmarks were built without ONNX Runtime. It only infers.
std::unique_ptr<peer> make_onnxruntime(peer_network const& network, int threads);

/// "ONNX Runtime 1.30.0", or "" where there is none.
std::string onnxruntime_version();

/// Null where the benchmarks were built without oneDNN, and for what is not a residual network of convolutions.
std::unique_ptr<peer> make_onednn(peer_network const& network, int threads);

/// "oneDNN 2.6", or "" where there is none.
std::string onednn_version();

inline constexpr double learning_rate = 0.01, momentum = 0.9;

}  // namespace bench
