// layer_results, gradient_norms and draw_weights: looking into a network, and starting it differently.
#include <laminate/laminate.hpp>

#include <catch2/catch.hpp>

#include <numeric>
#include <vector>

using namespace laminate;

namespace {

using Net = Network<Image<2, 6, 6>, Conv<3, 4>, BN, ReLU, Residual<Conv<3, 4>>, GlobalAvgPool, Dense<3>>;
using Glass = Model<Net, Reference, double>;
constexpr int samples = 4;

std::vector<double> normal_numbers(std::size_t count, std::uint64_t seed) {
  std::vector<double> all(count);
  generator random{seed};
  for (double& v : all) v = random.normal();
  return all;
}

template<class T> double norm_of(std::vector<T> const& values) {
  return std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0));
}

}  // namespace

TEST_CASE("layer_results shows every layer's output and gradient") {
  Glass model{1, 8};
  auto const x = normal_numbers(samples * Glass::in.size(), 1), dy = normal_numbers(samples * 3, 2);
  std::vector<double> y(dy.size()), dx(x.size());
  model.forward(x, y);
  model.backward(dy, dx);
  auto const layers = layer_results(model);

  std::vector<std::string> names;
  for (auto const& layer : layers) names.push_back(layer.name);
  CHECK(names == std::vector<std::string>{"", "0", "1", "2", "3.body.0", "3", "4", "5"});
  auto const same = [](std::span<double const> a, std::vector<double> const& b) { return std::ranges::equal(a, b); };
  CHECK(same(layers.front().output, x));
  CHECK(same(layers.front().gradient, dx));
  CHECK(same(layers.back().output, y));
  CHECK(same(layers.back().gradient, dy));
  auto const &skipped = layers[3].output, &body = layers[4].output, &sum = layers[5].output;
  REQUIRE(sum.size() == samples * 4 * 36);
  CHECK(layers[5].out == shape{4, 6, 6});
  for (std::size_t i = 0; i < sum.size(); ++i) REQUIRE(sum[i] == skipped[i] + body[i]);

  SECTION("of a trained model of another policy too") {
    Model<Net> trained{7, samples};
    load_state_dict(model, state_dict(trained));
    std::vector<float> const single(x.begin(), x.end());
    std::vector<float> found(y.size());
    trained.infer(single, found);
    model.infer(x, y);
    for (std::size_t i = 0; i < y.size(); ++i)
      CHECK(layer_results(model).back().output[i] == Approx(found[i]).margin(1e-5));
  }
}

TEST_CASE("gradient_norms are those of the weights' gradients, for every policy") {
  auto const check = []<class M>(M model) {
    using T = typename M::scalar;
    auto const from = normal_numbers(samples * M::in.size(), 1), to = normal_numbers(samples * 3, 2);
    std::vector<T> const x(from.begin(), from.end()), dy(to.begin(), to.end());
    std::vector<T> y(dy.size());
    model.forward(x, y);
    model.backward(dy);
    auto const norms = gradient_norms(model);
    REQUIRE(norms.size() == 3);
    std::size_t next = 0;
    for (auto const& g : gradients(model)) {
      if (next == norms.size() || g.name != norms[next].name + ".weight") continue;
      CHECK(norms[next].norm > 0);
      CHECK(norms[next++].norm == Approx(norm_of(g.values)));
    }
    CHECK(next == 3);
  };
  check(Glass{1, samples});
  check(Model<Net>{1, samples});
}

TEST_CASE("draw_weights sets the deviation of weights and nothing else") {
  Glass model{1, 1};
  auto const weight_and_bias = [&] {
    auto const all = state_dict(model);
    return std::pair{all.front().values, all.back().values};
  };
  auto const before = weight_and_bias();
  draw_weights(model, 3, [](double, double) { return 0.5; });
  auto const half = weight_and_bias();
  draw_weights(model, 3, [](double, double) { return 2.0; });
  auto const two = weight_and_bias();
  CHECK(half.second == before.second);
  for (std::size_t i = 0; i < half.first.size(); ++i) REQUIRE(two.first[i] == 4 * half.first[i]);
  CHECK(norm_of(half.first) / std::sqrt(72.0) == Approx(0.5).epsilon(0.3));

  std::vector<std::pair<double, double>> fans;
  draw_weights(model, 3, [&](double in, double out) { return fans.push_back({in, out}), deviation::he(in, out); });
  CHECK(fans == std::vector<std::pair<double, double>>{{18, 36}, {36, 36}, {4, 3}});
  CHECK(deviation::he(18, 36) == Approx(1.0 / 3));
  CHECK(deviation::glorot(18, 14) == Approx(0.25));
}

TEST_CASE("to_text writes formulas and their derivatives") {
  auto const slope = []<class A>(A) { return to_text(derive(mathematics<A>::value(), expression::argument{})); };
  CHECK(to_text(mathematics<Logistic>::value()) == "1 / (1 + exp(-x))");
  CHECK(slope(Logistic{}) == "exp(-x) / (1 + exp(-x))²");
  CHECK(slope(Tanh{}) == "1 - tanh(x)²");
  CHECK(slope(Identity{}) == "1");
  CHECK(slope(BinaryStep{}) == "0");
  CHECK(slope(PReLU{}) == "where(x < 0, a, 1)");
  CHECK(to_text(mathematics<Tanh>::slope_of_output(), "y") == "1 - y²");
  expression::argument const x;
  expression::parameter const a;
  CHECK(to_text(x - (a - x)) == "x - (a - x)");
  CHECK(to_text(x - (-a)) == "x + a");
  CHECK(to_text(x / (a * x)) == "x / (a * x)");
  CHECK(to_text((x + a) * x / a, "u", "s") == "(u + s) * u / s");
  CHECK(to_text(-(x + 2)) == "-(x + 2)");
  CHECK(to_text(exp(-(x + a))) == "exp(-(x + a))");
  CHECK(to_text(-0.5 * x + 1) == "-0.5 * x + 1");
  CHECK(to_text((x - a) * (x - a)) == "(x - a)²");
}
