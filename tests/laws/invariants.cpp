// What must hold of networks whatever their numbers are: identities, equal spellings, shared
// parameters, safe statistics.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "comparison.hpp"

using namespace laminate;
using laws::dictionary;
using laws::numbers;

namespace {

numbers drawn(std::uint64_t seed, int count) {
  generator random{seed};
  numbers all = laws::normal(random, static_cast<std::size_t>(count));
  for (double& v : all) v = static_cast<float>(v);
  return all;
}

double apart(numbers const& a, numbers const& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (double const d = std::abs(a[i] - b[i]); !(d <= most)) most = d;
  return most;
}

/// Whether two graphs are the same but for where their words stand in the declaration.
template<class A, class B> constexpr bool same_graph(bool same_paths = true) {
  auto const& a = graph_of<A>;
  auto const& b = graph_of<B>;
  if (a.size != b.size) return false;
  for (int i = 0; i < a.size; ++i) {
    graph_node const &v = a.nodes[i], &w = b.nodes[i];
    if (v.acts_as != w.acts_as || !std::ranges::equal(v.inputs, w.inputs) || v.in != w.in || v.out != w.out ||
        v.how != w.how || v.bias != w.bias || v.rate != w.rate || v.epsilon != w.epsilon || v.momentum != w.momentum ||
        v.activation != w.activation || (same_paths && v.at != w.at))
      return false;
  }
  return true;
}

// Each branch ends differently: by a convolution, a normalisation, an activation, a residual block.
using ends_in_conv = Network<Image<17, 7, 5>, Residual<Conv<3, 17>, BN, ReLU, Conv<3, 17>>>;
using ends_in_bn = Network<Image<5, 7, 5>, Residual<Conv<3, 5>, BN, ReLU, Conv<3, 5>, BN>>;
using ends_in_activation = Network<Image<20, 7, 5>, Residual<BN, ReLU, Conv<3, 20, Groups<2>>, Tanh>>;
using is_nested = Network<Image<3, 7, 5>, Repeat<2, Residual<Conv<5, 3>, SiLU, Residual<Conv<1, 3>>, Conv<3, 3>>>>;
using is_dense = Network<Features<17>, Residual<Dense<33>, GELU, Dense<17>>>;

template<class Net, class Policy, class T> void check_identity() {
  auto const model = laws::make_specimen<Net, Policy, T>();
  dictionary state = model->state();
  for (auto& t : state)
    if (t.shape.size() > 1) std::ranges::fill(t.values, 0);
  model->load(state);
  numbers const x = drawn(1, 4 * model->in.size()), dy = drawn(2, 4 * model->out.size());
  CHECK(model->infer(x) == x);
  CHECK(model->forward(x) == x);
  CHECK(model->backward(dy) == dy);
}

}  // namespace

TEMPLATE_TEST_CASE("a residual block with zero weights is the identity, exactly, and so is its gradient",
                   "[laws][invariants]", ends_in_conv, ends_in_bn, ends_in_activation, is_nested, is_dense) {
  check_identity<TestType, Fused, float>();
}

TEST_CASE("without fusion as well", "[laws][invariants]") { check_identity<ends_in_bn, Unfused, float>(); }

TEST_CASE("the gradient of a residual block is its body's plus the output's, exactly", "[laws][invariants]") {
  using Block = Network<Image<17, 7, 5>, Residual<Conv<3, 17>, Tanh, Conv<3, 17>>>;
  using Body = Network<Image<17, 7, 5>, Conv<3, 17>, Tanh, Conv<3, 17>>;
  Model<Block> block{1, 4};
  Model<Body> body{1, 4};
  std::vector<float> const x = laws::to<float>(drawn(1, 4 * block.in.size())),
                           dy = laws::to<float>(drawn(2, 4 * block.out.size()));
  std::vector<float> y(dy.size()), of_block(x.size()), of_body(x.size());
  block.forward(x, std::span<float>(y));
  block.backward(dy, std::span<float>(of_block));
  body.forward(x, std::span<float>(y));
  body.backward(dy, std::span<float>(of_body));
  for (std::size_t i = 0; i < x.size(); ++i) of_body[i] += dy[i];
  CHECK(of_block == of_body);
}

TEMPLATE_TEST_CASE("the gradient at the input is right after steps that did not ask for it", "[laws][invariants]",
                   (Network<Image<3, 7, 5>, Flatten, Dense<17>, Tanh, Dense<3>>),
                   (Network<Image<17, 8, 8>, Conv<3, 33>, BN, ReLU, Conv<3, 5>>)) {
  Model<TestType> model{1, 4}, fresh{2, 4};
  std::vector<float> const x = laws::to<float>(drawn(1, 4 * model.in.size())),
                           dy = laws::to<float>(drawn(2, 4 * model.out.size()));
  std::vector<float> y(dy.size()), dx(x.size()), expected(x.size());
  for (int step = 0; step < 2; ++step) {
    model.forward(x, std::span<float>(y));
    model.backward(dy);
    for (float& p : model.parameters()) p *= 1.5f;
    model.parameters_changed();
  }
  model.forward(x, std::span<float>(y));
  model.backward(dy, std::span<float>(dx));
  load_state_dict(fresh, state_dict(model));
  fresh.forward(x, std::span<float>(y));
  fresh.backward(dy, std::span<float>(expected));
  CHECK(laws::magnitude(laws::to<double>(dx)) > 0);
  CHECK(dx == expected);
}

TEMPLATE_TEST_CASE("inference between a forward pass and its backward pass changes neither", "[laws][invariants]",
                   Fused, Unfused, Recompute, Reference) {
  using Net = Network<Image<3, 8, 8>, Conv<3, 16>, BN, ReLU, Conv<3, 16>, BN, ReLU, Dropout<0.3>, Flatten, Dense<3>>;
  auto const gradients_with = [](bool infers) {
    Model<Net, TestType> model{1, 4};
    std::vector<float> const x = laws::to<float>(drawn(1, 4 * model.in.size())),
                             other = laws::to<float>(drawn(3, 3 * model.in.size())),
                             dy = laws::to<float>(drawn(2, 4 * model.out.size()));
    std::vector<float> y(dy.size()), dx(x.size());
    model.forward(x, std::span<float>(y));
    if (infers) model.infer(other, std::span(y).first(3 * model.out.size()));
    model.backward(dy, std::span<float>(dx));
    dx.insert(dx.end(), model.gradients().begin(), model.gradients().end());
    return dx;
  };
  auto const expected = gradients_with(false);
  CHECK(laws::magnitude(laws::to<double>(expected)) > 0);
  CHECK(gradients_with(true) == expected);
}

TEST_CASE("Repeat is writing it again", "[laws][invariants]") {
  using X = Sequential<Residual<Conv<3, 5>, BN, ReLU, Conv<3, 5>, BN>, ReLU>;
  using Repeated = Network<Image<5, 6, 7>, Repeat<2, X>, GlobalAvgPool, Dense<3>>;
  using Written = Network<Image<5, 6, 7>, X, X, GlobalAvgPool, Dense<3>>;
  STATIC_REQUIRE(same_graph<Repeated, Written>());
  STATIC_REQUIRE_FALSE(same_graph<Repeated, Network<Image<5, 6, 7>, X, GlobalAvgPool, Dense<3>>>());

  using SeveralWords = Network<Image<5, 6, 7>, Repeat<3, Conv<3, 5>, BN, Tanh>, Flatten>;
  using SeveralWritten =
      Network<Image<5, 6, 7>, Conv<3, 5>, BN, Tanh, Conv<3, 5>, BN, Tanh, Conv<3, 5>, BN, Tanh, Flatten>;
  STATIC_REQUIRE(same_graph<SeveralWords, SeveralWritten>());
  using TwiceTwice = Network<Features<4>, Repeat<2, Dense<4>, Repeat<2, Residual<BN, ReLU, Dense<4>>>>>;
  using FourTimes = Network<Features<4>, Dense<4>, Residual<BN, ReLU, Dense<4>>, Residual<BN, ReLU, Dense<4>>, Dense<4>,
                            Residual<BN, ReLU, Dense<4>>, Residual<BN, ReLU, Dense<4>>>;
  STATIC_REQUIRE(same_graph<TwiceTwice, FourTimes>());

  auto const repeated = laws::make_specimen<Repeated, Fused>(), written = laws::make_specimen<Written, Fused>();
  CHECK(laws::differences(laws::observe(*repeated, {5, 2}), laws::observe(*written, {5, 2}), 0) ==
        std::vector<std::string>{});
}

TEST_CASE("a Sequential changes names, not numbers", "[laws][invariants]") {
  using Flat = Network<Image<3, 6, 7>, Conv<3, 5>, BN, ReLU, MaxPool<2>, Flatten, Dense<4>, BN, Tanh>;
  using Nested = Network<Image<3, 6, 7>, Conv<3, 5>, Sequential<Sequential<BN, ReLU>, MaxPool<2>>, Sequential<>,
                         Sequential<Flatten, Sequential<Dense<4>, Sequential<BN>>>, Tanh>;
  STATIC_REQUIRE(same_graph<Flat, Nested>(false));
  STATIC_REQUIRE_FALSE(same_graph<Flat, Nested>(true));
  auto const flat = laws::make_specimen<Flat, Fused, float>(), nested = laws::make_specimen<Nested, Fused, float>();
  auto expected = laws::observe(*flat, {5, 2}), measured = laws::observe(*nested, {5, 2});
  for (auto* seen : {&expected, &measured})
    for (auto& step : *seen)
      for (auto& t : step.tensors) t.name.clear();
  CHECK(laws::differences(measured, expected, 0) == std::vector<std::string>{});
}

TEST_CASE("where a Sequential ends does not decide whether a bias is needed", "[laws][invariants]") {
  using Flat = Network<Image<3, 6, 7>, Conv<3, 5>, BN, ReLU>;
  CHECK(same_graph<Flat, Network<Image<3, 6, 7>, Sequential<Conv<3, 5>>, BN, ReLU>>(false));
  CHECK(same_graph<Flat, Network<Image<3, 6, 7>, Sequential<Sequential<Conv<3, 5>>>, Sequential<BN, ReLU>>>(false));
}

namespace {

/// With the same kernels, direct convolutions that is, it does not matter to a single bit whether a bias and an
/// activation run before a max pool or after it, nor to its gradients.
template<class Activation, class Pool> void check_runs_after_pool() {
  using Net = Network<Image<3, 9, 7>, Conv<3, 18>, Activation, Pool, Conv<3, 5>, Activation, Pool, Flatten>;
  auto const after = laws::make_specimen<Net, FusedBy<Direct>, float>();
  auto const before = laws::make_specimen<Net, UnfusedBy<Direct>, float>();
  CHECK(laws::differences(laws::observe(*after, {3, 2}), laws::observe(*before, {3, 2}), 1e-6) ==
        std::vector<std::string>{});

  numbers x = drawn(1, 3 * after->in.size());
  x[5] = std::numeric_limits<double>::quiet_NaN(), x[70] = std::numeric_limits<double>::infinity();
  numbers const y = after->infer(x), expected = before->infer(x);
  CHECK(std::ranges::any_of(y, [](double v) { return std::isfinite(v) && v != 0; }));
  for (std::size_t i = 0; i < y.size(); ++i)
    CHECK((y[i] == expected[i] || (y[i] != y[i] && expected[i] != expected[i])));
}

}  // namespace

TEMPLATE_TEST_CASE("an activation may run after a max pool", "[laws][invariants]", ReLU, Tanh, SoftPlus, LeakyReLU) {
  check_runs_after_pool<TestType, MaxPool<2>>();
  check_runs_after_pool<TestType, MaxPool<3, Stride<1>, Padding<1>>>();
}

TEMPLATE_TEST_CASE("a max pool keeps NaN, wherever in a window it is", "[laws][invariants]", MaxPool<2>,
                   (MaxPool<3, Stride<1>, Padding<1>>)) {
  using Net = Network<Image<3, 6, 4>, TestType>;
  auto const fused = laws::make_specimen<Net, Fused, float>(), reference = laws::make_specimen<Net, Reference>();
  numbers const x = drawn(1, fused->in.size());
  for (std::size_t at = 0; at < x.size(); ++at) {
    numbers one = x;
    one[at] = std::numeric_limits<double>::quiet_NaN();
    numbers const y = fused->infer(one), expected = reference->infer(one);
    for (std::size_t i = 0; i < y.size(); ++i)
      CHECK((y[i] == expected[i] || (y[i] != y[i] && expected[i] != expected[i])));
  }
}

TEMPLATE_TEST_CASE("what says that it never falls does not fall", "[laws][invariants]", Identity, Logistic, Tanh,
                   ArcTan, ReLU, PReLU, ELU, ELUWith<0.5>, SoftPlus, LeakyReLU, LeakyReLUWith<0.2>, GELU, SiLU,
                   BinaryStep, ReLU6) {
  bool falls = false;
  double last = -std::numeric_limits<double>::infinity();
  for (double x = -9; x <= 9; x += 1.0 / 1024) {
    double const y = evaluate(mathematics<TestType>::value(), x, -0.25);
    falls = falls || y < last - 1e-12, last = y;
  }
  CHECK(TestType::about.activation.monotone == !falls);
}

TEMPLATE_TEST_CASE("training and inference share parameters", "[laws][invariants]", Fused, Unfused, Reference) {
  // Momentum 1: the running statistics are the last batch's, but for the unbiased variance.
  using Net = Network<Image<3, 7, 6>, Conv<3, 17>, BatchNorm<5, 100>, PReLU, Conv<3, 5, Stride<2>>, BatchNorm<5, 100>,
                      Tanh, Flatten, Dense<4>>;
  constexpr int images = 6;
  laws::specimen_of<Model<Net, TestType, double>> specimen{1, images};
  auto& model = specimen.model;
  numbers const x = drawn(1, images * model.in.size()), dy = drawn(2, images * model.out.size());

  auto const infer_with_batch_statistics = [&] {
    dictionary state = specimen.state();
    for (auto& t : state)
      for (double& v : t.values) {
        double const count = images * (t.name.starts_with("1.") ? 7 * 6 : 4 * 3);
        if (t.name.ends_with("running_var")) v *= (count - 1) / count;
      }
    specimen.load(state);
    return specimen.infer(x);
  };
  numbers last(dy.size());
  for (int step = 0; step < 3; ++step) {
    numbers const trained = specimen.forward(x);
    specimen.backward(dy);
    CHECK(apart(trained, last) > 1e-3);  // the parameters have moved, here and below
    CHECK(apart(infer_with_batch_statistics(), trained) < 1e-10 * laws::magnitude(trained));
    last = trained;
    for (auto const& range : model.ranges())
      for (int i = range.first; i < range.first + range.size; ++i) model.parameters()[i] -= 0.05 * model.gradients()[i];
    model.parameters_changed();
  }
}

namespace {

/// Largest relative error of running variances (momentum 1), largest error of outputs, and of
/// dx relative to its largest.
template<class Net, class Policy> void check_safe_statistics(bool raises_bias) {
  constexpr int images = 16;
  laws::specimen_of<Model<Net, Policy, float>> measured{1, images};
  laws::specimen_of<Model<Net, Reference, double>> expected{1, images};
  dictionary state = laws::disturbed(expected.state(), expected.nodes);
  for (auto& t : state) {
    if (t.name.ends_with("running_mean") || t.name.ends_with("running_var")) std::ranges::fill(t.values, 0);
    if (raises_bias && t.name == "0.bias") std::ranges::fill(t.values, 300);
  }
  measured.load(state), expected.load(state);
  numbers x = drawn(1, images * measured.in.size()), dy = drawn(2, images * measured.out.size());
  if (!raises_bias)
    for (double& v : x) v = static_cast<float>(300 + v);
  numbers const y = measured.forward(x), right = expected.forward(x);
  CHECK(apart(y, right) < 1e-3);
  numbers const dx = measured.backward(dy), right_dx = expected.backward(dy);
  CHECK(apart(dx, right_dx) < 1e-3 * laws::magnitude(right_dx));
  dictionary const after = measured.state(), right_after = expected.state();
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (!after[i].name.ends_with("running_var")) continue;
    for (std::size_t c = 0; c < after[i].values.size(); ++c) {
      INFO(after[i].name << " of channel " << c);
      CHECK(std::abs(after[i].values[c] / right_after[i].values[c] - 1) < 1e-3);
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("batch normalisation is safe where the mean is 300 deviations", "[laws][invariants]", Fused,
                   Unfused) {
  using OneBN = BatchNorm<5, 100>;
  // In a pass of its own, in the store side of a convolution and of a dense layer.
  check_safe_statistics<Network<Image<17, 9, 7>, OneBN>, TestType>(false);
  check_safe_statistics<Network<Features<20>, OneBN>, TestType>(false);
  check_safe_statistics<Network<Image<3, 9, 7>, Conv<3, 17, Bias<true>>, OneBN, Tanh>, TestType>(true);
  check_safe_statistics<Network<Features<20>, Dense<17, Bias<true>>, OneBN, Tanh>, TestType>(true);
}

namespace {

using small = Network<Image<3, 9, 7>, Conv<3, 18>, BN, PReLU, MaxPool<3, Stride<2>, Padding<1>>,
                      Residual<BN, GELU, Conv<3, 18, Groups<3>>>, Conv<5, 33, Stride<2>, Bias<false>>, ELU,
                      GlobalAvgPool, Dense<17>, BN, SiLU, Dense<3>>;

template<class T, class Arch> std::string broken_law_on(double tolerance) {
  laws::specimen_of<Model<small, Fused, T, Arch>> measured{1, laws::largest_batch};
  laws::specimen_of<Model<small, Reference, double>> expected{1, laws::largest_batch};
  dictionary const start = laws::disturbed(expected.state(), expected.nodes);
  std::vector<int> const batches{5, laws::largest_batch};
  return laws::joined(laws::differences(laws::observe_from(start, measured, batches),
                                        laws::observe_from(start, expected, batches), tolerance));
}

}  // namespace

// In double every other law is stated for the processor that is compiled for.
#if XSIMD_WITH_SSE2
TEST_CASE("SSE2 computes the same", "[laws][invariants]") {
  CHECK(broken_law_on<double, xsimd::sse2>(1e-10) == "");
  CHECK(broken_law_on<float, xsimd::sse2>(1e-4) == "");
}
#endif
#if XSIMD_WITH_SSE4_2
TEST_CASE("SSE4.2 computes the same", "[laws][invariants]") { CHECK(broken_law_on<float, xsimd::sse4_2>(1e-4) == ""); }
#endif
#if XSIMD_WITH_FMA3_AVX2
TEST_CASE("AVX2 with FMA computes the same", "[laws][invariants]") {
  CHECK(broken_law_on<float, xsimd::fma3<xsimd::avx2>>(1e-4) == "");
}
#endif
#if XSIMD_WITH_AVX512BW
TEST_CASE("AVX-512 computes the same", "[laws][invariants]") {
  CHECK(broken_law_on<float, xsimd::avx512bw>(1e-4) == "");
}
#endif
