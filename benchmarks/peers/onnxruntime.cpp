// ONNX Runtime's model of a network, as save_onnx writes it. It only infers.
#include <laminate/io/onnx/to_onnx.hpp>
#include <laminate/support/error.hpp>
#include <utility>

#include "onnxruntime_c.hpp"
#include "peer.hpp"

namespace bench {
namespace {

/// Calls a function of the library that may fail.
template<auto function, class... Arguments> void call(Arguments... arguments) {
  if (void* const status = ort::call<function>(arguments...)) {
    std::string const text = ort::call<ort::get_error_message>(status);
    ort::call<ort::release_status>(status);
    throw laminate::error("networks benchmark: ONNX Runtime: " + text);
  }
}

std::string onnx_of(peer_network const& network) {
  laminate::onnx_network told{"network", network.nodes, network.activations, {}};
  for (peer_tensor const& t : network.state)
    told.tensors[t.name] = {t.name, t.shape, {t.values.begin(), t.values.end()}};
  return laminate::to_onnx("networks benchmark", told).SerializeAsString();
}

class onnxruntime : public peer {
 public:
  onnxruntime(peer_network const& network, int threads) : in_(network.nodes.front().out) {
    std::string const model = onnx_of(network);
    call<ort::create_env>(ort::log_warnings, "laminate", &environment_);
    call<ort::create_session_options>(&options_);
    call<ort::set_intra_op_threads>(options_, threads);
    call<ort::set_inter_op_threads>(options_, 1);
    call<ort::create_session>(environment_, static_cast<void const*>(model.data()), model.size(), options_, &session_);
    call<ort::create_cpu_memory_info>(ort::arena_allocator, ort::default_memory, &memory_);
  }
  onnxruntime(onnxruntime const&) = delete;
  onnxruntime& operator=(onnxruntime const&) = delete;
  ~onnxruntime() override {
    release<ort::release_value>(y_), release<ort::release_value>(x_);
    release<ort::release_memory_info>(memory_);
    release<ort::release_session>(session_), release<ort::release_session_options>(options_);
    release<ort::release_env>(environment_);
  }

  void take(std::span<float const> x, std::span<int const> labels) override {
    values_.assign(x.begin(), x.end());
    std::vector<std::int64_t> shape{static_cast<std::int64_t>(labels.size()), in_.channels};
    if (in_.is_image()) shape.insert(shape.end(), {in_.height, in_.width});
    release<ort::release_value>(x_);
    call<ort::create_tensor>(memory_, static_cast<void*>(values_.data()), values_.size() * sizeof(float), shape.data(),
                             shape.size(), ort::tensor_of_floats, &x_);
  }
  void run() override {
    char const *const input = "input", *const output = "output";
    void const* const x = x_;
    release<ort::release_value>(y_);
    call<ort::run>(session_, nullptr, &input, &x, std::size_t{1}, &output, std::size_t{1}, &y_);
  }
  std::vector<float> infer() override {
    run();
    void *numbers = nullptr, *shape = nullptr;
    std::size_t count = 0;
    call<ort::get_tensor_data>(y_, &numbers);
    call<ort::get_tensor_shape>(y_, &shape);
    call<ort::get_element_count>(static_cast<void const*>(shape), &count);
    ort::call<ort::release_tensor_shape>(shape);
    auto const* const y = static_cast<float const*>(numbers);
    return {y, y + count};
  }
  double learn() override { throw laminate::error("networks benchmark: ONNX Runtime does not train"); }

 private:
  template<auto function> static void release(void*& what) {
    if (what) ort::call<function>(std::exchange(what, nullptr));
  }

  laminate::shape in_;
  void *environment_ = nullptr, *options_ = nullptr, *session_ = nullptr, *memory_ = nullptr;
  void *x_ = nullptr, *y_ = nullptr;
  std::vector<float> values_;
};

}  // namespace

std::unique_ptr<peer> make_onnxruntime(peer_network const& network, int threads) {
  return std::make_unique<onnxruntime>(network, threads);
}

std::string onnxruntime_version() { return std::string("ONNX Runtime ") + ort::version(); }

}  // namespace bench
