// The reference loops: gradients are finite differences of the loss, conventions are checked by hand.
#include <laminate/kernels/reference/executor.hpp>
#include <laminate/layers.hpp>
#include <laminate/support/random.hpp>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <vector>

using namespace laminate;

namespace {

using numbers = std::vector<double>;

numbers uniform(generator& random, int count, double low, double high) {
  numbers drawn(count);
  for (double& d : drawn) d = random.uniform(low, high);
  return drawn;
}

bool all_zero(std::span<double const> v) {
  return std::ranges::all_of(v, [](double d) { return d == 0; });
}

/// Which of the stated gradients differ from central finite differences of the loss by 1e-6 relatively.
/// Gradients below 1e-2 are compared absolutely, as the loss is about 1 to 10 and rounded.
std::vector<int> wrong_gradients(std::span<double> variables, std::span<double const> stated,
                                 std::function<double()> const& loss) {
  constexpr double h = 0x1p-16;  // about 1.5e-5; a power of two, so that v ± h is exact even at v = 300
  std::vector<int> wrong;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    double const at = variables[i];
    variables[i] = at + h;
    double const above = loss();
    variables[i] = at - h;
    double const below = loss();
    variables[i] = at;
    double const measured = (above - below) / (2 * h);
    double const scale = std::max({std::abs(measured), std::abs(stated[i]), 1e-2});
    if (!(std::abs(measured - stated[i]) < 1e-6 * scale)) wrong.push_back(static_cast<int>(i));
  }
  return wrong;
}

/// A network with random parameters, input and loss Σ r·y, after one forward and backward pass in training.
template<class Net> struct trial {
  static constexpr int images = 3;
  static constexpr auto& table = parameters_of<Net>;
  static constexpr int input_size = graph_of<Net>.nodes[0].out.size();
  static constexpr int output_size = graph_of<Net>.output().out.size();

  reference_executor<Net, double> executor{images};
  numbers x, y, r, dx;
  numbers gradients;  // a copy of the executor's

  explicit trial(std::uint64_t seed = 1) : y(images * output_size), dx(images * input_size) {
    generator random{seed};
    for (std::size_t i = 0; i < table.size(); ++i) std::ranges::copy(start_of(table[i], random), values(i).begin());
    x = uniform(random, images * input_size, -1, 1);
    r = uniform(random, images * output_size, -1, 1);
    executor.dropout_key = random();
    executor.run(x.data(), images, y.data(), true);
    executor.backward(r.data(), dx.data());
    gradients.assign(executor.gradients().begin(), executor.gradients().end());
  }

  static numbers start_of(parameter const& p, generator& random) {
    double const width = 1.5 / std::sqrt(p.size() / p.dims[0]);
    switch (p.kind) {
      case parameter_kind::weight: return uniform(random, p.size(), -width, width);
      case parameter_kind::scale:
      case parameter_kind::running_var: return uniform(random, p.size(), 0.5, 1.5);
      case parameter_kind::slope: return uniform(random, p.size(), 0.1, 0.4);
      default: return uniform(random, p.size(), -0.5, 0.5);
    }
  }

  std::span<double> values(int i) { return part(executor.values(), i); }
  std::span<double> gradient(int i) { return part(gradients, i); }
  std::span<double> part(std::span<double> all, int i) { return all.subspan(executor.offset(i), table[i].size()); }
  std::string name(int i) const {
    return name_of(graph_of<Net>.nodes[table[i].node].at) + "." + torch_name(table[i].kind);
  }

  double loss() {
    executor.run(x.data(), images, y.data(), true);
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) sum += r[i] * y[i];
    return sum;
  }
  auto wrong_gradients(std::span<double> variables, std::span<double const> stated) {
    return ::wrong_gradients(variables, stated, [this] { return loss(); });
  }
};

template<class Net> constexpr int executor_size(reference_executor<Net, double> const&) {
  return graph_of<Net>.nodes[0].out.size();
}

// What these networks cover together: every word, every option, every activation, every way to nest. A bias
// before a BN, whose gradient is zero, is left out.
using plain = Network<Image<2, 7, 6>, Conv<3, 4>, Tanh, Conv<3, 3, Stride<2>, Bias<false>>, Flatten, Dense<3>>;

using windows = Network<Image<4, 8, 7>, Conv<3, 6, Groups<2>, Dilation<2>, Padding<3>>,
                        Conv<2, 6, Stride<2>, Groups<6>, Bias<true>>, Conv<1, 4, Bias<false>>,
                        Conv<4, 3, Padding<2>, Dilation<2>, Stride<3>>>;

using normalised_images =
    Network<Image<2, 5, 4>, BN, Conv<3, 3>, BN, SoftPlus, Conv<3, 2>, BatchNorm<3, 25>, ReLU, Flatten, Dense<2>>;
using normalised_features = Network<Features<4>, Dense<5>, BN, Tanh, Dense<3, Bias<false>>, BN>;

using pooled_by_maximum = Network<Image<2, 8, 7>, Conv<3, 3>, MaxPool<3, Stride<2>, Padding<1>>, Conv<3, 3>,
                                  MaxPool<2, Stride<1>>, MaxPool<2>>;
using pooled_by_average =
    Network<Image<2, 8, 7>, AvgPool<3, Stride<2>, Padding<1>>, Conv<3, 3>, AvgPool<2>, GlobalAvgPool, Dense<2>>;

using forgetful = Network<Image<2, 4, 4>, Dropout<0.3>, Conv<3, 3>, Dropout<>, Flatten, Dense<6>, Dropout<0.2>>;

using block = Sequential<Residual<Conv<3, 2>, BN, ReLU, Conv<3, 2>, BN>, ReLU>;
using halving = Residual<Shortcut<Conv<1, 3, Stride<2>>, BN>, Conv<3, 3, Stride<2>>, BN, ReLU, Conv<3, 3>, BN>;
using nested = Residual<Shortcut<Conv<1, 2>>, Sequential<Sequential<Conv<3, 2>, Tanh>>>;
using residual = Network<Image<2, 6, 6>, Repeat<2, block>, halving, nested, Residual<>>;

using branches = Concat<Conv<3, 1>, Sequential<Conv<1, 3>, Tanh>, MaxPool<3, Stride<1>, Padding<1>>>;
using concatenated = Network<Image<2, 4, 5>, Residual<branches, Conv<1, 2>>, Concat<Identity, Residual<ReLU>>>;

using layer_normalised =
    Network<Image<3, 3, 4>, LayerNorm, Conv<3, 5>, LayerNormWith<2>, LayerScale, Flatten, Dense<6>, LayerNorm, Tanh>;

using enlarged =
    Network<Image<2, 3, 2>, Upsample<2>, Conv<3, 2>, Tanh, Upsample<3, Bilinear>, Conv<3, 2, Stride<3>>, Upsample<1>>;
using transposed_windows = Network<Image<4, 3, 2>, ConvTranspose<2, 3, Stride<2>>, ConvTranspose<3, 6, Bias<false>>,
                                   Tanh, ConvTranspose<3, 4, Stride<2>, Groups<2>, Padding<2>>,
                                   ConvTranspose<2, 3, Stride<3>, Dilation<2>>, Conv<3, 2, Stride<4>>>;

using squeezed = Sequential<Conv<3, 3>, Scale<GlobalAvgPool, Dense<2>, Tanh, Dense<3>, Logistic>>;
using scaled = Network<Image<2, 4, 5>, squeezed, Scale<Conv<3, 3>, Tanh>, Scale<>, Flatten, Scale<Dense<60>>, Dense<2>>;

using Swish = Activation<[](auto x) { return x / (1 + exp(-x)); }>;
using Wave = Activation<[](auto x, auto a) { return x + sin(a * x) * sqrt(1 + abs(x)); }>;
using activated_features =
    Network<Features<4>, Dense<5>,
            Concat<Identity, Logistic, Tanh, ArcTan, ReLU, PReLU, PReLUPerChannel, ELU, ELUWith<0.5>, SoftPlus,
                   LeakyReLU, LeakyReLUWith<0.2>, GELU, SiLU, Swish, Wave, BinaryStep, ReLU6>>;
using activated_images = Network<Image<3, 3, 4>, PReLUPerChannel, Conv<3, 3>, PReLU, Conv<3, 2>, Wave>;

}  // namespace

TEMPLATE_TEST_CASE("reference gradients are finite differences", "[laws][reference]", plain, windows, normalised_images,
                   normalised_features, pooled_by_maximum, pooled_by_average, forgetful, residual, concatenated, scaled,
                   layer_normalised, enlarged, transposed_windows, activated_features, activated_images) {
  trial<TestType> t;
  CHECK_FALSE(all_zero(t.dx));
  CHECK(t.wrong_gradients(t.x, t.dx) == std::vector<int>{});
  for (std::size_t i = 0; i < t.table.size(); ++i) {
    INFO(t.name(i));
    if (is_learned(t.table[i].kind)) {
      CHECK_FALSE(all_zero(t.gradient(i)));
      CHECK(t.wrong_gradients(t.values(i), t.gradient(i)) == std::vector<int>{});
    } else {
      CHECK(all_zero(t.gradient(i)));
    }
  }
}

TEST_CASE("a gradient that is wrong by a hundredth is reported", "[laws][reference]") {
  trial<plain> t;
  for (std::size_t i = 0; i < t.table.size(); ++i) {
    INFO(t.name(i));
    numbers mutated(t.gradient(i).begin(), t.gradient(i).end());
    int const largest =
        static_cast<int>(std::ranges::max_element(mutated, {}, [](double d) { return std::abs(d); }) - mutated.begin());
    mutated[largest] *= 1.01;
    CHECK(t.wrong_gradients(t.values(i), mutated) == std::vector<int>{largest});
  }
  t.dx[5] *= 1.01;
  CHECK(t.wrong_gradients(t.x, t.dx) == std::vector<int>{5});
}

TEST_CASE("BinaryStep passes no gradient back", "[laws][reference]") {
  trial<Network<Features<4>, Dense<5>, BinaryStep, Dense<3>>> t;
  CHECK(all_zero(t.dx));
  CHECK(all_zero(t.gradient(0)));
  CHECK(all_zero(t.gradient(1)));
  CHECK_FALSE(all_zero(t.gradient(2)));
  CHECK(t.wrong_gradients(t.values(2), t.gradient(2)) == std::vector<int>{});
}

TEST_CASE("ReLU6 is flat below 0 and above 6", "[laws][reference]") {
  reference_executor<Network<Features<5>, ReLU6>, double> executor{1};
  numbers const x{-1, 0, 5.5, 6, 7}, dy{1, 10, 100, 1000, 10000};
  numbers y(5), dx(5);
  executor.run(x.data(), 1, y.data(), true);
  executor.backward(dy.data(), dx.data());
  CHECK(y == numbers{0, 0, 5.5, 6, 6});
  CHECK(dx == numbers{0, 0, 100, 0, 0});
}

TEST_CASE("ELU has slope α at 0, as in PyTorch", "[laws][reference]") {
  reference_executor<Network<Features<3>, ELUWith<0.5>>, double> executor{1};
  numbers const x{0, 2, -1}, dy{1, 10, 100};
  numbers y(3), dx(3);
  executor.run(x.data(), 1, y.data(), true);
  executor.backward(dy.data(), dx.data());
  CHECK(dx[0] == 0.5);
  CHECK(dx[1] == 10);
  CHECK(dx[2] == Approx(50 * std::exp(-1)));
}

TEST_CASE("a residual block with zero weights is the identity, exactly", "[laws][reference]") {
  trial<Network<Image<2, 5, 5>, Residual<Conv<3, 3>, Tanh, Conv<3, 2>>>> t;
  std::ranges::fill(t.executor.values(), 0);
  t.executor.run(t.x.data(), t.images, t.y.data(), true);
  t.executor.backward(t.r.data(), t.dx.data());
  CHECK(t.y == t.x);
  CHECK(t.dx == t.r);
}

TEST_CASE("reference convolution and dense layer by hand", "[laws][reference]") {
  numbers const x{1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19};
  numbers y(4);

  reference_executor<Network<Image<1, 3, 3>, Conv<2, 1, Stride<2>, Padding<1>>>, double> strided{1};
  std::ranges::copy(numbers{1, 10, 100, 1000, 0.5}, strided.values().begin());
  strided.run(x.data(), 1, y.data(), false);
  CHECK(y == numbers{1000.5, 3200.5, 7040.5, 9865.5});

  using Grouped = Conv<2, 2, Groups<2>, Dilation<2>, Padding<0>, Bias<false>>;
  reference_executor<Network<Image<2, 3, 3>, Grouped>, double> grouped{1};
  std::ranges::copy(numbers{1, 10, 100, 1000, 2, 0, 0, 1}, grouped.values().begin());
  grouped.run(x.data(), 1, y.data(), false);
  CHECK(numbers(y.begin(), y.begin() + 2) == numbers{9731, 41});

  reference_executor<Network<Features<3>, Dense<2>>, double> dense{2};
  std::ranges::copy(numbers{1, 10, 100, 0, 0, 1, 0.5, -1}, dense.values().begin());
  dense.run(x.data(), 2, y.data(), false);
  CHECK(y == numbers{321.5, 2, 654.5, 5});
}

TEST_CASE("reference pools and concatenation by hand", "[laws][reference]") {
  numbers y(4), dx(9);
  numbers const dy{1, 10, 100, 1000};

  reference_executor<Network<Image<1, 3, 3>, MaxPool<2, Stride<1>>>, double> maximum{1};
  maximum.run(numbers{3, 3, 1, 3, 3, 1, 0, 0, 0}.data(), 1, y.data(), true);
  maximum.backward(dy.data(), dx.data());
  CHECK(y == numbers{3, 3, 3, 3});
  CHECK(dx == numbers{1, 10, 0, 100, 1000, 0, 0, 0, 0});  // the first of equal ones
  maximum.run(numbers{0, 0, 0, 0, 9, 0, 0, 0, 0}.data(), 1, y.data(), true);
  maximum.backward(dy.data(), dx.data());
  CHECK(dx == numbers{0, 0, 0, 0, 1111, 0, 0, 0, 0});

  reference_executor<Network<Image<1, 3, 3>, AvgPool<2, Padding<1>>>, double> average{1};
  average.run(numbers{1, 2, 3, 4, 5, 6, 7, 8, 9}.data(), 1, y.data(), true);
  CHECK(y == numbers{0.25, 1.25, 2.75, 7});  // padding counts: divided by 4 everywhere

  reference_executor<Network<Image<2, 1, 2>, GlobalAvgPool>, double> global{1};
  y.resize(2);
  global.run(numbers{1, 2, 5, 7}.data(), 1, y.data(), true);
  CHECK(y == numbers{1.5, 6});

  reference_executor<Network<Image<1, 1, 2>, Concat<Identity, ReLU>>, double> joined{2};
  y.resize(8);
  joined.run(numbers{-1, 2, 3, -4}.data(), 2, y.data(), true);
  CHECK(y == numbers{-1, 2, 0, 2, 3, -4, 3, 0});
}

TEST_CASE("LayerNorm normalises the channels of a pixel and the features of a sample, by hand", "[laws][reference]") {
  auto const check = [](auto& executor, numbers const& x, numbers const& expected) {
    std::ranges::copy(numbers{2, 2, 1, 10}, executor.values().begin());  // γ, β
    numbers y(4);
    executor.run(x.data(), static_cast<int>(x.size()) / executor_size(executor), y.data(), false);
    for (int i = 0; i < 4; ++i) CHECK(y[i] == Approx(expected[i]).epsilon(1e-14));
  };
  // Means 2 and 20, variances 1 and 100.
  double const near_one = 2 / std::sqrt(1 + 1e-5), far_one = 20 / std::sqrt(100 + 1e-5);
  reference_executor<Network<Image<2, 1, 2>, LayerNorm>, double> image{1};
  check(image, {1, 30, 3, 10}, {1 - near_one, 1 + far_one, 10 + near_one, 10 - far_one});
  reference_executor<Network<Features<2>, LayerNorm>, double> features{2};
  check(features, {1, 3, 30, 10}, {1 - near_one, 10 + near_one, 1 + far_one, 10 - far_one});
}

TEST_CASE("Upsample repeats pixels, or mixes them, by hand", "[laws][reference]") {
  numbers y(8), dx(2);
  numbers const dy{1, 10, 100, 1000, 1, 10, 100, 1000};
  reference_executor<Network<Image<1, 1, 2>, Upsample<2>>, double> nearest{1};
  nearest.run(numbers{4, 8}.data(), 1, y.data(), true);
  nearest.backward(dy.data(), dx.data());
  CHECK(y == numbers{4, 4, 8, 8, 4, 4, 8, 8});
  CHECK(dx == numbers{22, 2200});

  reference_executor<Network<Image<1, 1, 2>, Upsample<2, Bilinear>>, double> bilinear{1};
  bilinear.run(numbers{4, 8}.data(), 1, y.data(), true);
  bilinear.backward(dy.data(), dx.data());
  CHECK(y == numbers{4, 5, 7, 8, 4, 5, 7, 8});
  CHECK(dx == numbers{2 * (1 + 7.5 + 25), 2 * (2.5 + 75 + 1000)});

  // Along an axis the outputs lie at −1/3 (so 0), 0, 1/3, 2/3, 1 and 4/3 (so 1).
  y.resize(36);
  reference_executor<Network<Image<1, 2, 2>, Upsample<3, Bilinear>>, double> third{1};
  third.run(numbers{0, 3, 30, 33}.data(), 1, y.data(), false);
  numbers const along{0, 0, 1 / 3., 2 / 3., 1, 1};
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) CHECK(y[6 * i + j] == Approx(30 * along[i] + 3 * along[j]).margin(1e-13));
}

TEST_CASE("a transposed convolution by hand", "[laws][reference]") {
  numbers y(8);
  reference_executor<Network<Image<1, 1, 2>, ConvTranspose<2, 1, Stride<2>>>, double> apart{1};
  std::ranges::copy(numbers{1, 10, 100, 1000, 0.5}, apart.values().begin());
  apart.run(numbers{2, 3}.data(), 1, y.data(), false);
  CHECK(y == numbers{2.5, 20.5, 3.5, 30.5, 200.5, 2000.5, 300.5, 3000.5});

  // Three taps that overlap and are cut off at both ends; w is (in, out, K, K).
  y.resize(3);
  reference_executor<Network<Image<2, 1, 3>, ConvTranspose<3, 1, Bias<false>>>, double> cut{1};
  std::ranges::copy(numbers{9, 9, 9, 1, 10, 100, 9, 9, 9, 9, 9, 9, 2, 0, 0, 9, 9, 9}, cut.values().begin());
  cut.run(numbers{1, 2, 3, 4, 5, 6}.data(), 1, y.data(), false);
  CHECK(y == numbers{10 + 2 + 2 * 5, 100 + 20 + 3 + 2 * 6, 200 + 30});
}

TEST_CASE("a transposed convolution is its convolution's data gradient", "[laws][reference]") {
  trial<Network<Image<6, 5, 3>, Conv<3, 4, Stride<2>, Groups<2>, Bias<false>>>> there;
  reference_executor<Network<Image<4, 3, 2>, ConvTranspose<3, 6, Stride<2>, Groups<2>, Padding<1>, Bias<false>>>,
                     double>
      back{there.images};
  std::ranges::copy(there.executor.values(), back.values().begin());
  numbers dx(there.dx.size());
  back.run(there.r.data(), there.images, dx.data(), false);
  for (std::size_t i = 0; i < dx.size(); ++i) CHECK(dx[i] == Approx(there.dx[i]).epsilon(1e-13));
}

TEST_CASE("a Scale multiplies by what its branch makes, by hand", "[laws][reference]") {
  numbers y(4), dx(4);
  reference_executor<Network<Image<2, 1, 2>, Scale<GlobalAvgPool>>, double> means{1};
  means.run(numbers{1, 3, 5, 7}.data(), 1, y.data(), true);
  means.backward(numbers{1, 10, 100, 1000}.data(), dx.data());
  CHECK(y == numbers{2, 6, 30, 42});
  CHECK(dx == numbers{2 + 31 / 2., 20 + 31 / 2., 600 + 7500 / 2., 6000 + 7500 / 2.});  // dy·mean + Σdy·x/2

  reference_executor<Network<Image<2, 1, 2>, Scale<ReLU>>, double> gate{1};
  gate.run(numbers{1, -3, 5, -7}.data(), 1, y.data(), true);
  gate.backward(numbers{1, 10, 100, 1000}.data(), dx.data());
  CHECK(y == numbers{1, 0, 25, 0});
  CHECK(dx == numbers{2, 0, 1000, 0});
}

TEST_CASE("one learned slope for all, or one per channel", "[laws][reference]") {
  numbers const x{-1, -2, -1, 3}, dy{1, 10, 100, 1000};
  numbers y(4), dx(4);
  reference_executor<Network<Image<2, 1, 2>, PReLUPerChannel>, double> each{1};
  std::ranges::copy(numbers{0.5, 2}, each.values().begin());
  each.run(x.data(), 1, y.data(), true);
  each.backward(dy.data(), dx.data());
  CHECK(y == numbers{-0.5, -1, -2, 3});
  CHECK(dx == numbers{0.5, 5, 200, 1000});
  CHECK(std::ranges::equal(each.gradients(), numbers{-21, -100}));

  reference_executor<Network<Image<2, 1, 2>, PReLU>, double> all{1};
  all.values()[0] = 0.5;
  all.run(x.data(), 1, y.data(), true);
  all.backward(dy.data(), dx.data());
  CHECK(y == numbers{-0.5, -1, -0.5, 3});
  CHECK(std::ranges::equal(all.gradients(), numbers{-121}));
}

TEST_CASE("running statistics by hand", "[laws][reference]") {
  // Mean 3, biased variance 3.5, unbiased variance 14/3; over images or over pixels.
  numbers const x{1, 2, 3, 6};
  numbers y(4);
  auto check = [&](auto& executor, int images) {
    std::ranges::copy(numbers{2, 1, 10, 2}, executor.values().begin());  // γ, β, running mean and variance
    executor.run(x.data(), images, y.data(), true);
    for (int i = 0; i < 4; ++i) CHECK(y[i] == Approx(2 * (x[i] - 3) / std::sqrt(3.5 + 1e-5) + 1).epsilon(1e-14));
    double const mean = 0.9 * 10 + 0.1 * 3, variance = 0.9 * 2 + 0.1 * 14 / 3;
    CHECK(executor.values()[2] == Approx(mean).epsilon(1e-14));
    CHECK(executor.values()[3] == Approx(variance).epsilon(1e-14));
    CHECK(executor.batches_tracked == 1);

    executor.run(x.data(), images, y.data(), false);  // moves nothing
    for (int i = 0; i < 4; ++i)
      CHECK(y[i] == Approx(2 * (x[i] - mean) / std::sqrt(variance + 1e-5) + 1).epsilon(1e-14));
    CHECK(executor.values()[2] == Approx(mean).epsilon(1e-14));
    CHECK(executor.batches_tracked == 1);
  };
  reference_executor<Network<Features<1>, BN>, double> features{4};
  check(features, 4);
  reference_executor<Network<Image<1, 2, 2>, BN>, double> image{4};
  check(image, 1);

  // One value alone: variance 0, and the factor M/(M − 1) is taken as 1.
  std::ranges::copy(numbers{2, 1, 10, 2}, features.values().begin());
  features.run(x.data(), 1, y.data(), true);
  CHECK(y[0] == 1);
  CHECK(features.values()[2] == Approx(9.1).epsilon(1e-14));
  CHECK(features.values()[3] == Approx(1.8).epsilon(1e-14));
  numbers dx(4);
  features.backward(numbers{5}.data(), dx.data());
  CHECK(dx[0] == 0);
}

TEST_CASE("batch normalisation loses no digits at mean 300 σ", "[laws][reference]") {
  using Net = Network<Image<1, 8, 8>, BN>;
  trial<Net> near;
  // Multiples of 2⁻¹⁰, so that adding 300 is exact, also in float.
  for (double& v : near.x) v = std::round(v * std::sqrt(3.0) * 1024) / 1024;
  near.loss();
  near.executor.backward(near.r.data(), near.dx.data());

  trial<Net> far;
  far.x = near.x;
  for (double& v : far.x) v += 300;
  far.loss();
  far.executor.backward(far.r.data(), far.dx.data());
  for (std::size_t i = 0; i < near.y.size(); ++i) {
    CHECK(std::abs(far.y[i] - near.y[i]) < 1e-11);
    CHECK(std::abs(far.dx[i] - near.dx[i]) < 1e-11);
  }
  CHECK(far.wrong_gradients(far.x, far.dx) == std::vector<int>{});

  reference_executor<Net, float> single{far.images};
  std::ranges::copy(far.executor.values(), single.values().begin());
  std::vector<float> x(far.x.begin(), far.x.end()), y(far.y.size());
  single.run(x.data(), far.images, y.data(), true);
  double worst = 0;
  for (std::size_t i = 0; i < y.size(); ++i) worst = std::max(worst, std::abs(y[i] - near.y[i]));
  CHECK(worst < 1e-3);  // the mean is known to about an ulp of 300, 3e-5; Σx² − M·mean² would be off by 1e-2
}

TEST_CASE("dropout forgets its share, scales the rest, and only in training", "[laws][reference]") {
  static_assert(!kernels::is_dropped(1, 2, 3, 0.0));
  constexpr int many = 1 << 16;
  int dropped = 0, both_keys = 0, both_nodes = 0, both_elements = 0;
  for (std::uint64_t e = 0; e < many; ++e) {
    bool const here = kernels::is_dropped(7, 3, e, 0.3);
    dropped += here;
    both_keys += here && kernels::is_dropped(8, 3, e, 0.3);
    both_nodes += here && kernels::is_dropped(7, 4, e, 0.3);
    both_elements += here && kernels::is_dropped(7, 3, e + 1, 0.3);
  }
  // Five standard deviations of a binomial count.
  auto expect = [](int count, double p) { CHECK(std::abs(count - many * p) < 5 * std::sqrt(many * p * (1 - p))); };
  expect(dropped, 0.3);
  expect(both_keys, 0.09);
  expect(both_nodes, 0.09);
  expect(both_elements, 0.09);

  trial<Network<Image<2, 4, 4>, Dropout<0.25>>> t;
  for (std::size_t i = 0; i < t.y.size(); ++i) {
    bool const gone = kernels::is_dropped(t.executor.dropout_key, 1, i, 0.25);
    CHECK(t.y[i] == (gone ? 0 : t.x[i] * (1 / 0.75)));
    CHECK(t.dx[i] == (gone ? 0 : t.r[i] * (1 / 0.75)));
  }
  t.executor.run(t.x.data(), t.images, t.y.data(), false);
  CHECK(t.y == t.x);
}

TEST_CASE("the reference executor says what it cannot do", "[laws][reference]") {
  trial<Network<Features<2>, Dense<2>>> t;
  CHECK_THROWS_AS(t.executor.run(t.x.data(), t.images + 1, t.y.data(), true), error);
  CHECK_THROWS_AS(t.executor.run(t.x.data(), 0, t.y.data(), true), error);
  t.executor.backward(t.r.data(), nullptr);
  CHECK(std::ranges::equal(t.executor.gradients(), t.gradients));  // overwritten, not added to
  t.executor.run(t.x.data(), 1, t.y.data(), false);
  t.executor.backward(t.r.data(), nullptr);
  CHECK(std::ranges::equal(t.executor.gradients(), t.gradients));  // of the run in training
  reference_executor<Network<Features<2>, Dense<2>>, double> fresh(1);
  fresh.run(t.x.data(), 1, t.y.data(), false);
  CHECK_THROWS_AS(fresh.backward(t.r.data(), nullptr), error);
}
