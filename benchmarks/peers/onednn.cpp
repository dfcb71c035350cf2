// oneDNN's primitives chained by hand for the training of a residual network, as a program would call them that knows
// the network: each convolution by the faster of its direct and its Winograd kernel, measured on the spot, each tensor
// in the layout that the kernels ask for, ReLU inside normalisations and sums.
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <dnnl.hpp>
#include <laminate/graph/parameters.hpp>
#include <laminate/support/error.hpp>
#include <laminate/train/loss/softmax_cross_entropy.hpp>
#include <limits>
#include <unordered_map>

#include "peer.hpp"

namespace bench {
namespace {

using dnnl::memory;
using laminate::graph_node;
using laminate::role;
using tag = memory::format_tag;

struct call {
  dnnl::primitive what;
  std::unordered_map<int, memory> with;
};
using calls = std::vector<call>;

/// A learned tensor in the layout of the forward pass, its gradient in the same, and the rule's memory.
struct learned {
  memory value, gradient;
  std::vector<float> velocity;
};

struct normalisation {
  learned scale_shift;
  memory mean, variance, running_mean, running_variance;
  float momentum = 0, unbiased = 1;
};

float* numbers(memory const& of) { return static_cast<float*>(of.get_data_handle()); }
std::size_t count(memory const& of) { return of.get_desc().get_size() / sizeof(float); }
std::span<float> all(memory const& of) { return {numbers(of), count(of)}; }
memory::desc plain(memory::dims const& sizes, tag layout) { return {sizes, memory::data_type::f32, layout}; }
memory::desc any(memory::dims const& sizes) { return plain(sizes, tag::any); }

bool is_known(graph_node const& v, std::string_view function) {
  switch (v.acts_as) {
    case role::convolution: return !v.bias && v.how.groups == 1 && v.how.dilation == 1;
    case role::activation: return function == "relu";
    case role::input:
    case role::normalisation:
    case role::sum:
    case role::global_average_pool:
    case role::dense: return true;
    default: return false;
  }
}

/// A residual network's training. Its inference is there to be compared: normalisations are not folded into weights.
class chained : public peer {
 public:
  chained(peer_network const& network, int threads)
      : nodes_(network.nodes.begin(), network.nodes.end()), state_(network.state) {
    omp_set_num_threads(threads);
  }

  void take(std::span<float const> x, std::span<int const> labels) override {
    batch_ = static_cast<int>(labels.size());
    labels_.assign(labels.begin(), labels.end());
    auto const& in = nodes_[0].out;
    x_ = made(plain({batch_, in.channels, in.height, in.width}, tag::nchw));
    std::copy(x.begin(), x.end(), numbers(x_));
    training_ = forward(true), testing_ = forward(false);
    backward_ = backward();
  }

  std::vector<float> infer() override {
    run(testing_.chain);
    std::span<float const> const y = all(testing_.values.back());
    return {y.begin(), y.end()};
  }

  double learn() override {
    run(training_.chain);
    for (auto& [n, v] : normalisations_) {
      move(v.running_mean, v.mean, v.momentum, 1);
      move(v.running_variance, v.variance, v.momentum, v.unbiased);
    }
    double const loss = laminate::SoftmaxCrossEntropy{}(std::span<float const>(all(training_.values.back())),
                                                        std::span<int const>(labels_), all(gradients_.back()))
                            .mean;
    run(backward_);
    for (auto& [n, w] : weights_) step(w);
    for (auto& [n, b] : biases_) step(b);
    for (auto& [n, v] : normalisations_) step(v.scale_shift);
    return loss;
  }

 private:
  struct pass {
    calls chain;
    std::vector<memory> values;                 ///< of the nodes
    std::unordered_map<int, memory> workspace;  ///< of the normalisations with ReLU
  };

  memory made(memory::desc const& of) {
    memory m(of, engine_);
    std::fill_n(static_cast<char*>(m.get_data_handle()), of.get_size(), char(0));
    return m;
  }
  memory in_layout(memory const& from, memory::desc const& wanted, calls& chain) {
    if (from.get_desc() == wanted) return from;
    memory const to = made(wanted);
    chain.push_back({dnnl::reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}}});
    return to;
  }
  void run(calls const& chain) {
    for (call const& c : chain) c.what.execute(stream_, c.with);
    stream_.wait();
  }

  /// What prepare(algorithm, calls) answers with for the faster algorithm, whose calls are added to `chain`.
  template<class Prepare> memory faster(calls& chain, Prepare&& prepare) {
    calls best;
    memory result;
    double least = std::numeric_limits<double>::infinity();
    for (auto by : {dnnl::algorithm::convolution_direct, dnnl::algorithm::convolution_winograd}) {
      calls its;
      memory made;
      try {
        made = prepare(by, its);
      } catch (dnnl::error const&) {
        continue;  // it has no such primitive for this processor and these sizes
      }
      double took = std::numeric_limits<double>::infinity();
      for (int i = 0; i < 4; ++i) {
        auto const start = std::chrono::steady_clock::now();
        run(its);
        took = std::min(took, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
      }
      if (took < least) least = took, best = its, result = made;
    }
    if (!result) throw laminate::error("networks benchmark: oneDNN has no kernel for a convolution");
    chain.insert(chain.end(), best.begin(), best.end());
    return result;
  }

  std::vector<double> const& state(graph_node const& v, char const* which) const {
    std::string const name = laminate::name_of(v.at) + "." + which;
    for (peer_tensor const& t : state_)
      if (t.name == name) return t.values;
    throw laminate::error("networks benchmark: the network has no " + name);
  }
  learned learned_from(memory::desc const& given, std::vector<double> const& values, memory::desc const& wanted) {
    memory const from = made(given);
    std::copy(values.begin(), values.end(), numbers(from));
    calls chain;
    learned l{in_layout(from, wanted, chain), made(wanted), {}};
    run(chain);
    l.velocity.resize(count(l.value));
    return l;
  }

  // The node's only reader if that is a ReLU, which is then computed together with it; −1: none.
  int relu_after(int n) const {
    int readers = 0, last = -1;
    for (int i = n + 1; i < size(); ++i)
      for (int const from : nodes_[i].inputs)
        if (from == n) ++readers, last = i;
    return readers == 1 && nodes_[last].acts_as == role::activation ? last : -1;
  }
  int size() const { return static_cast<int>(nodes_.size()); }

  struct convolution {
    dnnl::algorithm by;
    memory::desc x, w, z;
    memory::dims stride, before, after;

    dnnl::convolution_forward::primitive_desc forward(dnnl::engine const& on) const {
      return {{dnnl::prop_kind::forward_training, by, x, w, z, stride, before, after}, on};
    }
  };
  convolution convolution_of(graph_node const& v, dnnl::algorithm by, memory::desc const& x,
                             memory::desc const& z) const {
    int const k = v.how.kernel, s = v.how.stride, p = v.how.padding;
    return {by,
            x,
            any({v.out.channels, v.in.channels, k, k}),
            z,
            {s, s},
            {p, p},
            {(v.out.height - 1) * s + k - v.in.height - p, (v.out.width - 1) * s + k - v.in.width - p}};
  }
  memory::dims image(laminate::shape const& of) const { return {batch_, of.channels, of.height, of.width}; }

  pass forward(bool trains) {
    pass made_so_far;
    made_so_far.values.resize(nodes_.size());
    made_so_far.values[0] = x_;
    for (int n = 1; n < size(); ++n)
      if (!made_so_far.values[n]) forward(n, trains, made_so_far);
    return made_so_far;
  }

  void forward(int n, bool trains, pass& p) {
    graph_node const& v = nodes_[n];
    memory const x = p.values[v.inputs[0]];
    int const relu = relu_after(n);
    switch (v.acts_as) {
      case role::convolution:
        if (!weights_.contains(n)) {
          auto const kept = convolution_of(v, dnnl::algorithm::convolution_direct, x.get_desc(), any(image(v.out)))
                                .forward(engine_)
                                .weights_desc();
          weights_[n] = learned_from(plain(kept.dims(), tag::oihw), state(v, "weight"), kept);
        }
        p.values[n] = faster(p.chain, [&](dnnl::algorithm by, calls& its) {
          auto const made_for = convolution_of(v, by, x.get_desc(), any(image(v.out))).forward(engine_);
          memory const w = in_layout(weights_[n].value, made_for.weights_desc(), its), z = made(made_for.dst_desc());
          its.push_back(
              {dnnl::convolution_forward(made_for), {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DST, z}}});
          return z;
        });
        return;
      case role::normalisation: {
        auto const kind = normalisation_of(v, x, relu >= 0, trains);
        if (!normalisations_.contains(n)) add_normalisation(n);
        normalisation const& own = normalisations_[n];
        memory const y = made(kind.dst_desc());
        call now{dnnl::batch_normalization_forward(kind),
                 {{DNNL_ARG_SRC, x},
                  {DNNL_ARG_MEAN, trains ? own.mean : own.running_mean},
                  {DNNL_ARG_VARIANCE, trains ? own.variance : own.running_variance},
                  {DNNL_ARG_SCALE_SHIFT, own.scale_shift.value},
                  {DNNL_ARG_DST, y}}};
        if (trains && relu >= 0) now.with[DNNL_ARG_WORKSPACE] = p.workspace[n] = made(kind.workspace_desc());
        p.chain.push_back(now);
        p.values[n] = y;
        if (relu >= 0) p.values[relu] = y;
        return;
      }
      case role::sum: {
        memory const y = made(x.get_desc());
        p.chain.push_back(sum_of(x, p.values[v.inputs[1]], y, relu >= 0));
        p.values[n] = y;
        if (relu >= 0) p.values[relu] = y;
        return;
      }
      case role::activation: throw laminate::error("networks benchmark: oneDNN is not told of a ReLU by itself");
      case role::global_average_pool: {
        auto const kind = pool_of(v, x.get_desc());
        p.values[n] = made(kind.dst_desc());
        p.chain.push_back({dnnl::pooling_forward(kind), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, p.values[n]}}});
        return;
      }
      default: {
        auto const kind = dense_of(v, x.get_desc());
        if (!weights_.contains(n)) {
          auto const kept = kind.weights_desc();
          weights_[n] = learned_from(plain(kept.dims(), tag::oihw), state(v, "weight"), kept);
          biases_[n] = learned_from(plain({v.out.channels}, tag::x), state(v, "bias"), kind.bias_desc());
        }
        p.values[n] = made(kind.dst_desc());
        p.chain.push_back({dnnl::inner_product_forward(kind),
                           {{DNNL_ARG_SRC, x},
                            {DNNL_ARG_WEIGHTS, weights_[n].value},
                            {DNNL_ARG_BIAS, biases_[n].value},
                            {DNNL_ARG_DST, p.values[n]}}});
      }
    }
  }

  static dnnl::normalization_flags flags_of(bool relu, bool trains) {
    auto flags = dnnl::normalization_flags::use_scale_shift;
    if (relu) flags |= dnnl::normalization_flags::fuse_norm_relu;
    if (!trains) flags |= dnnl::normalization_flags::use_global_stats;
    return flags;
  }
  dnnl::batch_normalization_forward::primitive_desc normalisation_of(graph_node const& v, memory const& x, bool relu,
                                                                     bool trains) const {
    auto const kind = trains ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    return {{kind, x.get_desc(), static_cast<float>(v.epsilon), flags_of(relu, trains)}, engine_};
  }
  void add_normalisation(int n) {
    graph_node const& v = nodes_[n];
    normalisation& own = normalisations_[n];
    auto values = state(v, "weight");
    auto const& shift = state(v, "bias");
    values.insert(values.end(), shift.begin(), shift.end());
    auto const both = plain({2, v.out.channels}, tag::nc), one = plain({v.out.channels}, tag::x);
    own.scale_shift = learned_from(both, values, both);
    own.mean = made(one), own.variance = made(one);
    own.running_mean = learned_from(one, state(v, "running_mean"), one).value;
    own.running_variance = learned_from(one, state(v, "running_var"), one).value;
    float const seen = static_cast<float>(batch_) * static_cast<float>(v.out.pixels());
    own.momentum = static_cast<float>(v.momentum), own.unbiased = seen / (seen - 1);
  }

  call sum_of(memory const& a, memory const& b, memory const& to, bool relu) {
    dnnl::primitive_attr then;
    if (relu) {
      dnnl::post_ops after;
      after.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
      then.set_post_ops(after);
    }
    dnnl::binary::primitive_desc const kind({dnnl::algorithm::binary_add, a.get_desc(), b.get_desc(), to.get_desc()},
                                            then, engine_);
    return {dnnl::binary(kind), {{DNNL_ARG_SRC_0, a}, {DNNL_ARG_SRC_1, b}, {DNNL_ARG_DST, to}}};
  }

  dnnl::pooling_forward::primitive_desc pool_of(graph_node const& v, memory::desc const& x) const {
    memory::dims const window{v.in.height, v.in.width}, none{0, 0};
    return {{dnnl::prop_kind::forward_training, dnnl::algorithm::pooling_avg_exclude_padding, x,
             any({batch_, v.in.channels, 1, 1}), window, window, none, none},
            engine_};
  }
  dnnl::inner_product_forward::primitive_desc dense_of(graph_node const& v, memory::desc const& x) const {
    return {{dnnl::prop_kind::forward_training, x, any({v.out.channels, v.in.channels, 1, 1}), any({v.out.channels}),
             plain({batch_, v.out.channels}, tag::nc)},
            engine_};
  }

  calls backward() {
    calls chain;
    gradients_.assign(nodes_.size(), memory());
    gradients_.back() = made(training_.values.back().get_desc());
    for (int n = size() - 1; n > 0; --n) backward(n, chain);
    return chain;
  }

  void contribute(int to, memory const& gradient, calls& chain) {
    if (!gradients_[to]) return void(gradients_[to] = gradient);
    memory const sum = made(gradient.get_desc());
    chain.push_back(sum_of(gradients_[to], gradient, sum, false));
    gradients_[to] = sum;
  }

  void backward(int n, calls& chain) {
    graph_node const& v = nodes_[n];
    int const from = v.inputs[0];
    memory const d = gradients_[n], x = training_.values[from];
    switch (v.acts_as) {
      case role::convolution: {
        if (from > 0) {
          memory const dx = faster(chain, [&](dnnl::algorithm by, calls& its) {
            auto const c = convolution_of(v, by, x.get_desc(), d.get_desc());
            dnnl::convolution_backward_data::primitive_desc const kind({by, c.x, c.w, c.z, c.stride, c.before, c.after},
                                                                       engine_, c.forward(engine_));
            memory const w = in_layout(weights_[n].value, kind.weights_desc(), its), to = made(kind.diff_src_desc());
            its.push_back({dnnl::convolution_backward_data(kind),
                           {{DNNL_ARG_DIFF_DST, d}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DIFF_SRC, to}}});
            return to;
          });
          contribute(from, dx, chain);
        }
        faster(chain, [&](dnnl::algorithm by, calls& its) {
          auto const c = convolution_of(v, by, x.get_desc(), d.get_desc());
          dnnl::convolution_backward_weights::primitive_desc const kind(
              {by, c.x, c.w, c.z, c.stride, c.before, c.after}, engine_, c.forward(engine_));
          memory const to = weights_[n].gradient;
          bool const as_kept = kind.diff_weights_desc() == to.get_desc();
          memory const dw = as_kept ? to : made(kind.diff_weights_desc());
          its.push_back({dnnl::convolution_backward_weights(kind),
                         {{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, d}, {DNNL_ARG_DIFF_WEIGHTS, dw}}});
          if (!as_kept) its.push_back({dnnl::reorder(dw, to), {{DNNL_ARG_FROM, dw}, {DNNL_ARG_TO, to}}});
          return to;
        });
        return;
      }
      case role::normalisation: {
        bool const relu = relu_after(n) >= 0;
        dnnl::batch_normalization_backward::primitive_desc const kind(
            {dnnl::prop_kind::backward, d.get_desc(), x.get_desc(), static_cast<float>(v.epsilon),
             flags_of(relu, true)},
            engine_, normalisation_of(v, x, relu, true));
        memory const dx = made(x.get_desc());
        normalisation const& own = normalisations_[n];
        call now{dnnl::batch_normalization_backward(kind),
                 {{DNNL_ARG_SRC, x},
                  {DNNL_ARG_MEAN, own.mean},
                  {DNNL_ARG_VARIANCE, own.variance},
                  {DNNL_ARG_SCALE_SHIFT, own.scale_shift.value},
                  {DNNL_ARG_DIFF_DST, d},
                  {DNNL_ARG_DIFF_SRC, dx},
                  {DNNL_ARG_DIFF_SCALE_SHIFT, own.scale_shift.gradient}}};
        if (relu) now.with[DNNL_ARG_WORKSPACE] = training_.workspace[n];
        chain.push_back(now);
        return contribute(from, dx, chain);
      }
      case role::activation: {
        if (nodes_[from].acts_as == role::normalisation) return contribute(from, d, chain);  // which does it
        memory const y = training_.values[n], dx = made(d.get_desc());
        auto const by = dnnl::algorithm::eltwise_relu_use_dst_for_bwd;
        dnnl::eltwise_forward::primitive_desc const hint({dnnl::prop_kind::forward_training, by, y.get_desc(), 0, 0},
                                                         engine_);
        dnnl::eltwise_backward::primitive_desc const kind({by, d.get_desc(), y.get_desc(), 0, 0}, engine_, hint);
        chain.push_back(
            {dnnl::eltwise_backward(kind), {{DNNL_ARG_DST, y}, {DNNL_ARG_DIFF_DST, d}, {DNNL_ARG_DIFF_SRC, dx}}});
        return contribute(from, dx, chain);
      }
      case role::sum: return contribute(from, d, chain), contribute(v.inputs[1], d, chain);
      case role::global_average_pool: {
        auto const hint = pool_of(v, x.get_desc());
        memory::dims const window{v.in.height, v.in.width}, none{0, 0};
        dnnl::pooling_backward::primitive_desc const kind(
            {dnnl::algorithm::pooling_avg_exclude_padding, x.get_desc(), d.get_desc(), window, window, none, none},
            engine_, hint);
        memory const dx = made(x.get_desc());
        chain.push_back({dnnl::pooling_backward(kind), {{DNNL_ARG_DIFF_DST, d}, {DNNL_ARG_DIFF_SRC, dx}}});
        return contribute(from, dx, chain);
      }
      default: {
        auto const hint = dense_of(v, x.get_desc());
        auto const w = weights_[n].value.get_desc(), b = biases_[n].value.get_desc();
        memory const dx = made(x.get_desc());
        dnnl::inner_product_backward_data::primitive_desc const data({x.get_desc(), w, d.get_desc()}, engine_, hint);
        chain.push_back({dnnl::inner_product_backward_data(data),
                         {{DNNL_ARG_DIFF_DST, d}, {DNNL_ARG_WEIGHTS, weights_[n].value}, {DNNL_ARG_DIFF_SRC, dx}}});
        dnnl::inner_product_backward_weights::primitive_desc const weights({x.get_desc(), w, b, d.get_desc()}, engine_,
                                                                           hint);
        chain.push_back({dnnl::inner_product_backward_weights(weights),
                         {{DNNL_ARG_SRC, x},
                          {DNNL_ARG_DIFF_DST, d},
                          {DNNL_ARG_DIFF_WEIGHTS, weights_[n].gradient},
                          {DNNL_ARG_DIFF_BIAS, biases_[n].gradient}}});
        return contribute(from, dx, chain);
      }
    }
  }

  static void move(memory const& running, memory const& batch, float momentum, float factor) {
    float *const to = numbers(running), *const from = numbers(batch);
    for (std::size_t i = 0; i < count(running); ++i) to[i] += momentum * (factor * from[i] - to[i]);
  }

  static void step(learned& l) {
    float *const w = numbers(l.value), *const v = l.velocity.data();
    float const* const g = numbers(l.gradient);
    for (std::size_t i = 0; i < l.velocity.size(); ++i) {
      v[i] = static_cast<float>(momentum) * v[i] + g[i];
      w[i] -= static_cast<float>(learning_rate) * v[i];
    }
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::vector<graph_node> nodes_;
  std::vector<peer_tensor> state_;
  int batch_ = 0;
  std::vector<int> labels_;
  memory x_;
  std::unordered_map<int, learned> weights_, biases_;  // by node
  std::unordered_map<int, normalisation> normalisations_;
  pass training_, testing_;
  std::vector<memory> gradients_;
  calls backward_;
};

}  // namespace

std::unique_ptr<peer> make_onednn(peer_network const& network, int threads) {
  for (std::size_t n = 0; n < network.nodes.size(); ++n)
    if (!is_known(network.nodes[n], network.functions[n].name)) return nullptr;
  bool const is_residual =
      std::ranges::any_of(network.nodes, [](graph_node const& v) { return v.acts_as == role::sum; });
  return is_residual ? std::make_unique<chained>(network, threads) : nullptr;
}

std::string onednn_version() {
  dnnl_version_t const& v = *dnnl::version();
  return "oneDNN " + std::to_string(v.major) + "." + std::to_string(v.minor);
}

}  // namespace bench
