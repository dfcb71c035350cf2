// Results do not depend on the number of threads, nor on the capacity: they are equal bit by bit.
#include <catch2/catch.hpp>

#include <laminate/model/inference_model.hpp>
#include <laminate/train/optimizer/adam_w.hpp>
#include <laminate/train/optimizer/sgd.hpp>

#include "laws/comparison.hpp"

using namespace laminate;
using laws::same_bits;

namespace {

using Net = Network<Image<3, 9, 7>, Conv<3, 20>, BN, PReLUPerChannel, MaxPool<3, Stride<2>, Padding<1>>,
                    Residual<Conv<3, 20, Groups<4>>, BN, GELU, Conv<1, 20>>, PReLU,
                    Concat<Sequential<Conv<1, 5>, Tanh>, AvgPool<3, Stride<1>, Padding<1>>>, Dropout<0.2>, Flatten,
                    Dense<17>, BN, SiLU, Dense<5>>;

/// Everything that four steps of training compute, in order.
template<class Policy, class T, class Trained = Net> std::vector<T> train(int threads, int capacity) {
  Model<Trained, Policy, T> model{3, capacity};
  model.threads(threads);
  REQUIRE(model.threads() == threads);
  std::vector<T> seen;
  auto const note = [&](std::span<T const> values) { seen.insert(seen.end(), values.begin(), values.end()); };
  generator random{5};
  for (int const n : {37, 16, 37, 3}) {
    std::vector<T> x(n * model.in.size()), y(n * model.out.size()), dy(y.size()), dx(x.size());
    for (T& v : x) v = static_cast<T>(random.normal());
    for (T& v : dy) v = static_cast<T>(random.normal() / n);
    model.forward(x, std::span<T>(y));
    note(y);
    model.backward(dy, std::span<T>(dx));
    note(dx);
    note(model.gradients());
    for (std::size_t i = 0; i < model.parameters().size(); ++i)
      model.parameters()[i] -= static_cast<T>(0.01) * model.gradients()[i];
    model.parameters_changed();
    note(model.parameters());
    model.infer(x, std::span<T>(y));
    note(y);
  }
  for (auto const& t : state_dict(model)) note(t.values);
  return seen;
}

}  // namespace

TEMPLATE_TEST_CASE("four steps of training are the same bits with 1, 2, 3 and 4 threads", "[laws][threads]", Fused,
                   Unfused) {
  auto const alone = train<TestType, float>(1, 37);
  CHECK(std::ranges::all_of(alone, [](float v) { return std::isfinite(v); }));
  for (int threads : {2, 3, 4}) {
    INFO(threads << " threads");
    for (int again = 0; again < 3; ++again) CHECK(same_bits(train<TestType, float>(threads, 37), alone));
  }
}

// Its first layer's weight gradient is cut by inputs.
TEST_CASE("a wide dense layer trains to the same bits with 1, 2, 3 and 4 threads", "[laws][threads]") {
  constexpr int inputs = 500, outputs = 400;
  using Wide = Network<Features<inputs>, Dense<outputs>, ReLU, Dense<8>>;
  static_assert(2 * kernels::inputs_of_a_piece<float, kernels::default_arch>(37, outputs) < inputs);
  auto const alone = train<Fused, float, Wide>(1, 37);
  for (int threads : {2, 3, 4}) {
    INFO(threads << " threads");
    CHECK(same_bits(train<Fused, float, Wide>(threads, 37), alone));
  }
}

namespace {
// One chain sums up three layers' weights and biases; with Winograd's tiles four samples go together, else one.
using Thin = Network<Image<1, 28, 26>, Conv<5, 6>, ReLU, MaxPool<2>, Conv<3, 16>, GELU, Conv<3, 12>, ReLU, MaxPool<2>,
                     Flatten, Dense<9>>;
template<class Policy>
constexpr fusion::chain_of_steps back = [] {
  auto const& chains = memory::planning<Thin, Policy, pass::training>::chained.chains;
  return chains[chains.size - 1];
}();
static_assert(back<Fused>.reductions == 3 && back<Fused>.part_size > 0);
static_assert(back<Fused>.samples == 4 && back<FusedBy<Direct>>.samples == 1);
}  // namespace

TEMPLATE_TEST_CASE("depth first, training is the same bits with 1, 2, 3 and 4 threads, and any capacity",
                   "[laws][threads]", Fused, FusedBy<Direct>) {
  auto const alone = train<TestType, float, Thin>(1, 37);
  for (int threads : {2, 3, 4}) {
    INFO(threads << " threads");
    CHECK(same_bits(train<TestType, float, Thin>(threads, 36 + threads), alone));
  }
}

#ifdef _OPENMP
TEST_CASE("a model takes as many threads as OpenMP is told to", "[threads]") {
  int const before = omp_get_max_threads();
  omp_set_num_threads(3);
  CHECK(Model<Net>{1, 4}.threads() == 3);
  omp_set_num_threads(before);
  CHECK(Model<Net>{1, 4}.threads() == before);
}
#endif

TEST_CASE("training is the same bits with any capacity", "[laws][threads]") {
  CHECK(same_bits(train<Fused, float>(2, 64), train<Fused, float>(1, 37)));
}

namespace {

// One image is enough for several threads: each convolution is cut into rows, rows of tiles, or blocks of channels.
using Large = Network<Image<3, 96, 90>, Conv<5, 32, Stride<2>>, BN, ReLU, Conv<3, 128>, BN, ReLU,
                      Conv<5, 128, Groups<128>>, Residual<Conv<3, 128>, BN>, ReLU, MaxPool<2>, Conv<3, 208>,
                      Conv<1, 48, Stride<2>>, GlobalAvgPool, Dense<5>>;

template<class Policy>
constexpr int cut_steps = [] {
  int found = 0;
  for (fusion::step const& s : memory::planning<Large, Policy, pass::inference>::plan.steps)
    found += kernels::pieces_of(s, 1, 3) > 1;
  return found;
}();
static_assert(cut_steps<Fused> == 6 && cut_steps<FusedBy<Direct>> == 6);
constexpr fusion::signature tiled{
    .does = fusion::work::convolve, .sizes = {{208, 14, 14}, {208, 14, 14}, {3, 1, 1}}, .by = algorithm::winograd_4};
static_assert(kernels::piece_of(tiled, 1, 0, 3).blocks.end == 4 &&
                  kernels::piece_of(tiled, 1, 1, 3).blocks.begin == 4 &&
                  kernels::piece_of(tiled, 1, 2, 3).blocks.end == 13,
              "pairs of blocks, and the odd one to the last");
static_assert(kernels::piece_of({.does = fusion::work::convolve, .sizes = {{3, 9, 9}, {16, 9, 9}, {3, 1, 1}}}, 1, 2, 4)
                  .rows.begin == 4);

template<class Policy, class Net = Large> std::vector<float> infer(int threads, int samples) {
  Model<Net, Policy> model{3, 4};
  auto frozen = freeze(model);
  model.threads(threads), frozen.threads(threads);
  generator random{5};
  std::vector<float> x(samples * model.in.size()), y(samples * model.out.size()), z(y.size());
  for (float& v : x) v = static_cast<float>(random.normal());
  model.infer(x, std::span<float>(y));
  frozen.infer(x, std::span<float>(z));
  y.insert(y.end(), z.begin(), z.end());
  return y;
}

}  // namespace

TEMPLATE_TEST_CASE("one image on several threads gives the same bits", "[laws][threads]", Fused, FusedBy<Direct>,
                   Unfused) {
  for (int samples : {1, 2}) {
    auto const alone = infer<TestType>(1, samples);
    CHECK(std::ranges::all_of(alone, [](float v) { return std::isfinite(v); }));
    for (int threads : {2, 3, 4, 5}) {
      INFO(threads << " threads");
      CHECK(same_bits(infer<TestType>(threads, samples), alone));
    }
  }
}

// Tiles of two samples are worked on together here, and threads share their rows.
TEST_CASE("two images in one unit on several threads give the same bits", "[laws][threads]") {
  using Tiled = Network<Image<112, 16, 12>, Conv<3, 112>, ReLU>;
  using By4 = FusedBy<Winograd<4>>;
  static constexpr auto& convolution = memory::planning<Tiled, By4, pass::inference>::plan.steps[0];
  static_assert(samples_per_unit(convolution.code) == 2 && kernels::pieces_of(convolution, 1, 2) == 2);
  static_assert(kernels::piece_of(convolution.code, 2, 1, 2).rows.end == 8, "four rows of tiles each");
  for (int samples : {1, 2, 3}) {
    INFO(samples << " samples");
    auto const alone = infer<By4, Tiled>(1, samples);
    for (int threads : {2, 4}) CHECK(same_bits(infer<By4, Tiled>(threads, samples), alone));
  }
}

namespace {

/// Parameters after three steps; a range ends within a part of a thread, and only the first decays.
template<class Rule> std::vector<float> step_many(Rule rule, int threads) {
  constexpr int size = 700'003, decaying = 300'001;
  parameter_range const ranges[]{{0, decaying, true, 0}, {decaying, size - decaying, false, 1}};
  std::vector<float> parameters(size), gradients(size);
  generator random{7};
  for (float& v : parameters) v = static_cast<float>(random.normal());
  optimizer<Rule, float> rules{rule, parameters.size()};
  for (int step = 0; step < 3; ++step) {
    for (float& v : gradients) v = static_cast<float>(random.normal());
    rules.step(parameters, gradients, ranges, 1, threads);
  }
  return parameters;
}

}  // namespace

TEMPLATE_TEST_CASE("an optimiser steps to the same bits with 1, 2, 3 and 4 threads", "[threads]", SGD, AdamW) {
  TestType const rule{.lr = 0.1, .weight_decay = 0.01};
  auto const alone = step_many(rule, 1);
  for (int threads : {2, 3, 4}) CHECK(laws::same_bits(step_many(rule, threads), alone));
  // Each parameter has moved, and decay, of the first range alone, makes the difference that it should.
  TestType without = rule;
  without.weight_decay = 0;
  auto const kept = step_many(without, 2);
  CHECK(!laws::same_bits(std::span(alone).first(300'001), std::span(kept).first(300'001)));
  CHECK(laws::same_bits(std::span(alone).subspan(300'001), std::span(kept).subspan(300'001)));
}
