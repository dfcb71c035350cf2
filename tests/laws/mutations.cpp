// The law catches errors: each deliberately wrong reference is reported, and only where it is wrong.
#include <catch2/catch.hpp>

#include "comparison.hpp"

using namespace laminate;
using laws::dictionary;
using laws::numbers;

namespace {

// Stand-ins that are wrong in one respect; their forward values are right.
struct RightSlope : word {
  static constexpr auto value = [](auto x) { return tanh(x); };
  static constexpr facts about = mathematics<RightSlope>::about();
};
struct WrongSlope : word {
  static constexpr auto value = [](auto x) { return tanh(x); };
  static constexpr auto slope = [](auto x) { return 1 - tanh(x); };
  static constexpr facts about = mathematics<WrongSlope>::about();
};
struct Stopped : word {  // passes no gradient
  static constexpr auto value = [](auto x) { return x; };
  static constexpr auto slope = [](auto x) { return 0 * x; };
  static constexpr facts about = mathematics<Stopped>::about();
};
struct Scaled : word {  // a gradient of 1.001 times what it should be
  static constexpr auto value = [](auto x) { return x; };
  static constexpr auto slope = [](auto x) { return 1.001 + 0 * x; };
  static constexpr facts about = mathematics<Scaled>::about();
};
struct WrongOutputSlope : word {
  static constexpr auto value = [](auto x) { return 1 / (1 + exp(-x)); };
  static constexpr auto slope = [](auto x) { return 1 / (1 + exp(-x)); };
  static constexpr facts about = mathematics<WrongOutputSlope>::about();
};
struct WrongLearnedSlope : word {
  static constexpr auto value = [](auto x, auto a) { return where(x < 0, a * x, x); };
  static constexpr auto slope = [](auto x, auto a) { return where(x > 0, 1, a * a); };
  static constexpr double initial = 0.25;
  static constexpr facts about = mathematics<WrongLearnedSlope>::about();
};

// One network with places to go wrong at.
template<class Smooth = RightSlope, class Skip = Identity, class Passing = Identity, class Output = Logistic,
         class Learned = PReLU, class Normalisation = BN, class Pool = AvgPool<3, Stride<2>, Padding<1>>>
using with = Network<Image<3, 7, 6>, Conv<3, 17>, Normalisation, Smooth, Residual<Shortcut<Skip>, Conv<3, 17>, Learned>,
                     Passing, Pool, Conv<1, 5>, Output, Flatten, Dense<4>>;
using right = with<>;

struct found {
  std::vector<std::string> all;
  bool in(char const* what) const { return laws::mentions(all, what); }
};

/// What the law says of the right network, fused, against a reference that computes another.
template<class Wrong> found compare_with() {
  auto const fused = laws::make_specimen<right, Fused>(), reference = laws::make_specimen<Wrong, Reference>();
  dictionary const start = laws::disturbed(fused->state(), fused->nodes);
  auto const measured = laws::observe_from(start, *fused, {5, 2});
  return {laws::differences(measured, laws::observe_from(start, *reference, {5, 2}), 1e-10)};
}

}  // namespace

TEST_CASE("the right reference is not reported", "[laws][mutations]") {
  CHECK(compare_with<right>().all == std::vector<std::string>{});
}

TEST_CASE("a wrong slope is reported, before the activation and in the gradient only", "[laws][mutations]") {
  for (auto const& wrong : {compare_with<with<WrongSlope>>(), compare_with<with<RightSlope, Identity, Scaled>>()}) {
    CHECK(wrong.in("batch of 5: dx"));
    CHECK(wrong.in("batch of 2: dx"));
    CHECK(wrong.in("batch of 5: 0.weight"));
    CHECK(wrong.in("batch of 5: 1.weight"));
    CHECK(wrong.in("batch of 5: 1.bias"));
    CHECK_FALSE(wrong.in("9.weight"));
    CHECK_FALSE(wrong.in("forward"));
    CHECK_FALSE(wrong.in("infer"));
    CHECK_FALSE(wrong.in("state"));
  }
}

TEST_CASE("a wrong slope in terms of the output is reported", "[laws][mutations]") {
  auto const wrong = compare_with<with<RightSlope, Identity, Identity, WrongOutputSlope>>();
  CHECK(wrong.in("batch of 5: 6.weight"));
  CHECK(wrong.in("batch of 5: 6.bias"));
  CHECK_FALSE(wrong.in("9.weight"));
  CHECK_FALSE(wrong.in("forward"));
}

TEST_CASE("a wrong slope of a learned activation is reported", "[laws][mutations]") {
  auto const wrong = compare_with<with<RightSlope, Identity, Identity, Logistic, WrongLearnedSlope>>();
  CHECK(wrong.in("batch of 5: 3.body.0.weight"));
  CHECK_FALSE(wrong.in("batch of 5: 3.body.1.weight"));
  CHECK_FALSE(wrong.in("forward"));
}

TEST_CASE("a dropped skip gradient is reported", "[laws][mutations]") {
  auto const wrong = compare_with<with<RightSlope, Stopped>>();
  CHECK(wrong.in("batch of 5: dx"));
  CHECK(wrong.in("batch of 5: 0.weight"));
  CHECK(wrong.in("batch of 5: 1.bias"));
  CHECK_FALSE(wrong.in("3.body"));  // the body's gradients come before it
  CHECK_FALSE(wrong.in("forward"));
}

// Scale<Skip, …> with Skip in the branch: what the factor adds to its input's gradient.
template<class Skip, class Output = Logistic, class... Factor>
using scaled_by = Network<Image<3, 7, 6>, Conv<3, 17>, Scale<Skip, Factor..., Output>, Flatten, Dense<4>>;

template<class Right, class Wrong> found compare() {
  auto const fused = laws::make_specimen<Right, Fused>(), reference = laws::make_specimen<Wrong, Reference>();
  dictionary const start = laws::disturbed(fused->state(), fused->nodes);
  auto const measured = laws::observe_from(start, *fused, {5, 2});
  return {laws::differences(measured, laws::observe_from(start, *reference, {5, 2}), 1e-10)};
}

TEST_CASE("a dropped or wrong gradient of a Scale's factor is reported", "[laws][mutations]") {
  CHECK(compare<scaled_by<Identity>, scaled_by<Identity>>().all == std::vector<std::string>{});
  for (auto const& wrong :
       {compare<scaled_by<Identity>, scaled_by<Stopped>>(), compare<scaled_by<Identity>, scaled_by<Scaled>>(),
        compare<scaled_by<Identity, Logistic, GlobalAvgPool>, scaled_by<Stopped, Logistic, GlobalAvgPool>>(),
        compare<scaled_by<Identity, Logistic, GlobalAvgPool>, scaled_by<Scaled, Logistic, GlobalAvgPool>>()}) {
    CHECK(wrong.in("batch of 5: dx"));
    CHECK(wrong.in("batch of 5: 0.weight"));
    CHECK(wrong.in("batch of 2: 0.bias"));
    CHECK_FALSE(wrong.in("3.weight"));
    CHECK_FALSE(wrong.in("forward"));
  }
}

template<class... Options>
using enlarged = Network<Image<3, 4, 3>, Conv<3, 17>, Tanh, Upsample<2, Options...>, Conv<1, 4>>;

TEST_CASE("another way to upsample is reported", "[laws][mutations]") {
  CHECK(compare<enlarged<Bilinear>, enlarged<Bilinear>>().all == std::vector<std::string>{});
  auto const nearest = compare<enlarged<Bilinear>, enlarged<>>();
  for (char const* what : {"batch of 5: forward", "batch of 5: infer", "batch of 5: dx", "batch of 5: 0.weight"})
    CHECK(nearest.in(what));
}

template<class... Options>
using transposed_twice =
    Network<Image<3, 4, 3>, ConvTranspose<3, 17, Stride<2>, Padding<1>>, Tanh, ConvTranspose<3, 17, Options...>>;

TEST_CASE("another place of a transposed convolution's taps is reported", "[laws][mutations]") {
  CHECK(compare<transposed_twice<>, transposed_twice<>>().all == std::vector<std::string>{});
  auto const wrong = compare<transposed_twice<Dilation<1>>, transposed_twice<Dilation<2>, Padding<2>>>();
  for (char const* what : {"batch of 5: forward", "batch of 5: dx", "batch of 5: 0.weight", "batch of 5: 2.weight"})
    CHECK(wrong.in(what));
}

template<class Normal> using layer_normalised = Network<Image<3, 7, 6>, Conv<3, 17>, Tanh, Normal, Conv<1, 4>>;

TEST_CASE("another ε of a LayerNorm is reported", "[laws][mutations]") {
  CHECK(compare<layer_normalised<LayerNorm>, layer_normalised<LayerNorm>>().all == std::vector<std::string>{});
  auto const epsilon = compare<layer_normalised<LayerNorm>, layer_normalised<LayerNormWith<6>>>();
  for (char const* what : {"forward", "infer", "dx", "0.weight", "2.weight", "3.weight"})
    CHECK(epsilon.in((std::string("batch of 5: ") + what).c_str()));
}

TEST_CASE("another ε, momentum or window is reported", "[laws][mutations]") {
  auto const epsilon = compare_with<with<RightSlope, Identity, Identity, Logistic, PReLU, BatchNorm<6>>>();
  CHECK(epsilon.in("batch of 5: forward"));
  CHECK(epsilon.in("batch of 5: infer"));
  auto const momentum = compare_with<with<RightSlope, Identity, Identity, Logistic, PReLU, BatchNorm<5, 11>>>();
  CHECK(momentum.in("state: 1.running_mean"));
  CHECK(momentum.in("state: 1.running_var"));
  CHECK_FALSE(momentum.in("forward"));
  auto const pool =
      compare_with<with<RightSlope, Identity, Identity, Logistic, PReLU, BN, MaxPool<3, Stride<2>, Padding<1>>>>();
  CHECK(pool.in("batch of 5: forward"));
}

// BN's backward by hand, between a part before it and a part after it: dz = γ/σ · (g − [Σg/M] − x̂·[Σg·x̂/M]).
TEST_CASE("a dropped term of BN's gradient is reported", "[laws][mutations]") {
  using Before = Network<Image<3, 7, 6>, Conv<3, 5, Bias<false>>>;
  using After = Network<Image<5, 7, 6>, Tanh, Flatten, Dense<4>>;
  using Whole = Network<Image<3, 7, 6>, Conv<3, 5>, BN, Tanh, Flatten, Dense<4>>;
  constexpr int images = 5, channels = 5, pixels = 42;
  constexpr double count = images * pixels;

  auto const whole = laws::make_specimen<Whole, Fused>();
  dictionary const start = laws::disturbed(whole->state(), whole->nodes);
  auto const named = [&](char const* name) { return *std::ranges::find(start, name, &named_tensor<double>::name); };
  numbers const scale = named("1.weight").values, shift = named("1.bias").values;
  auto const measured = laws::observe_from(start, *whole, {images});

  auto const before = laws::make_specimen<Before, Reference>(), after = laws::make_specimen<After, Reference>();
  before->load({named("0.weight")});
  auto dense = {named("4.weight"), named("4.bias")};
  dictionary renamed = dense;
  renamed[0].name = "2.weight", renamed[1].name = "2.bias";
  after->load(renamed);

  // The same inputs as observe() draws.
  generator random{11};
  numbers x = laws::normal(random, images * 3 * pixels), dy = laws::normal(random, images * 4);
  for (auto* all : {&x, &dy})
    for (double& v : *all) v = static_cast<float>(v);

  auto const report = [&](double with_mean, double with_variance) {
    numbers const z = before->forward(x);
    auto const at = [&](int n, int c, int p) { return (n * channels + c) * pixels + p; };
    auto const sum = [&](int c, auto&& term) {
      double all = 0;
      for (int n = 0; n < images; ++n)
        for (int p = 0; p < pixels; ++p) all += term(at(n, c, p));
      return all;
    };
    numbers mean(channels), deviation(channels), normal(z.size()), y(z.size()), dz(z.size());
    for (int c = 0; c < channels; ++c) {
      mean[c] = sum(c, [&](int i) { return z[i]; }) / count;
      deviation[c] = std::sqrt(sum(c, [&](int i) { return (z[i] - mean[c]) * (z[i] - mean[c]); }) / count + 1e-5);
      sum(c,
          [&](int i) { return normal[i] = (z[i] - mean[c]) / deviation[c], y[i] = scale[c] * normal[i] + shift[c]; });
    }
    numbers const output = after->forward(y), g = after->backward(dy);
    for (int c = 0; c < channels; ++c) {
      double const of_g = sum(c, [&](int i) { return g[i]; }),
                   of_product = sum(c, [&](int i) { return g[i] * normal[i]; });
      sum(c, [&](int i) {
        double const centred = g[i] - with_mean * of_g / count - with_variance * normal[i] * of_product / count;
        return dz[i] = scale[c] / deviation[c] * centred;
      });
    }
    numbers const dx = before->backward(dz);
    laws::trace expected = measured;
    expected[1].tensors[0].values = output;
    for (auto& t : expected[2].tensors) {
      if (t.name == "dx") t.values = dx;
      if (t.name == "0.weight") t.values = before->gradients()[0].values;
    }
    return found{laws::differences(measured, expected, 1e-10)};
  };

  CHECK(report(1, 1).all == std::vector<std::string>{});
  for (auto const& wrong : {report(0, 1), report(1, 0), report(0, 0), report(1, 1 - 1e-6)}) {
    CHECK(wrong.in("dx"));
    CHECK(wrong.in("0.weight"));
    CHECK_FALSE(wrong.in("forward"));
  }
}

TEST_CASE("one wrong number, NaN or a missing tensor is reported", "[laws][mutations]") {
  auto const reference = laws::make_specimen<right, Reference>();
  laws::trace const expected = laws::observe(*reference, {2});
  for (std::size_t step = 0; step < expected.size(); ++step) {
    double overall = 0;
    for (auto const& t : expected[step].tensors) overall = std::max(overall, laws::magnitude(t.values));
    for (std::size_t t = 0; t < expected[step].tensors.size(); ++t) {
      laws::trace wrong = expected;
      numbers& values = wrong[step].tensors[t].values;
      values[values.size() / 2] += 2 * (1e-4 * laws::magnitude(values) + 1e-5 * overall);
      CHECK(laws::differences(wrong, expected, 1e-4).size() == 1);
      values[values.size() / 2] = std::nan("");
      values.back() = std::nan("");
      CHECK(laws::differences(wrong, expected, 1e-4).size() == 1);
      wrong[step].tensors.erase(wrong[step].tensors.begin() + static_cast<long>(t));
      CHECK(laws::differences(wrong, expected, 1e-4).size() >= 1);
    }
  }
}
