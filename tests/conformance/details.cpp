// What networks on random numbers do not show: activations far from 0, first values, defaults; and that a
// difference is noticed at all.
#include "conformance.hpp"

#include <catch2/catch.hpp>

using namespace laminate;
using conformance::declaration_of;
using laws::numbers;

namespace {

// Zero, both sides of every kink, and where exponentials vanish or overflow.
numbers grid() {
  numbers x{0, 1e-30, -1e-30, 5.999, 6, 6.001, 88, -88, 90, -90, 104, -104, 710, -710, 1000, -1000, 1e6, -1e6};
  for (int i = -64; i <= 64; ++i) x.push_back(i * 0.375);
  return x;
}
constexpr int points = 18 + 129;

template<class Activation, class Policy, class T> std::string broken_at(double tolerance) {
  auto const declared = declaration_of<Network<Features<points>, Activation>, Policy, T>();
  auto const own = declared.make(), torch = conformance::make_torch_learner(declared);
  auto const start = laws::disturbed(own->model().state(), declared.nodes);
  own->model().load(start), torch->model().load(start);
  numbers const x = grid(), one(points, 1);
  numbers const y = own->model().forward(x), expected = torch->model().forward(x);
  numbers const dx = own->model().backward(one), slopes = torch->model().backward(one);
  std::string broken;
  auto const note = [&](char const* what, std::size_t i, double is, double should) {
    if (std::abs(is - should) <= tolerance * (std::abs(should) + 1)) return;
    char text[160];
    std::snprintf(text, sizeof text, "\n  %s %s at %g is %.17g, torch's %.17g", laws::spelled<Activation>().c_str(),
                  what, x[i], is, should);
    broken += text;
  };
  for (std::size_t i = 0; i < x.size(); ++i) note("value", i, y[i], expected[i]), note("slope", i, dx[i], slopes[i]);
  return broken;
}

}  // namespace

// torch's Softplus is x itself from 20 on, which is 2e-9 from what is computed here.
TEST_CASE("activations = libtorch's, at kinks and far from them", "[conformance]") {
  std::string broken;
  [&]<class... Activations>(std::tuple<Activations...>*) {
    ((broken += broken_at<Activations, Reference, double>(1e-8)), ...);
    ((broken += broken_at<Activations, Fused, float>(1e-5)), ...);
  }(static_cast<std::tuple<Identity, Logistic, Tanh, ArcTan, ReLU, PReLU, PReLUPerChannel, ELU, ELUWith<0.5>, SoftPlus,
                           LeakyReLU, LeakyReLUWith<0.2>, GELU, SiLU, BinaryStep, ReLU6>*>(nullptr));
  CHECK(broken == "");
}

TEST_CASE("the defaults of update rules are libtorch's", "[conformance]") {
  auto const same = [](conformance::torch_rule const& own, bool has_rate) {
    auto const torch = conformance::torch_defaults(own.name);
    if (has_rate) CHECK(own.lr == torch.lr);
    CHECK(own.momentum == torch.momentum);
    CHECK(own.weight_decay == torch.weight_decay);
    CHECK(own.eps == torch.eps);
    CHECK(own.betas == torch.betas);
    CHECK(own.nesterov == torch.nesterov);
  };
  same(conformance::in_torch_terms(SGD{}), false);
  same(conformance::in_torch_terms(Adam{}), true);
  same(conformance::in_torch_terms(AdamW{}), true);
}

TEST_CASE("Init::torch has libtorch's distribution", "[conformance]") {
  using Net = Network<Image<6, 8, 8>, Conv<3, 40, Groups<2>>, Conv<5, 20>, BN, PReLU, Flatten, Dense<30>, Dense<300>>;
  auto const declared = declaration_of<Net>();
  conformance::torch_seed(3);
  auto const torch = conformance::make_torch_learner(declared)->model().state();
  auto const own = state_dict(Model<Net, Reference, double>(3, 1, Init::torch));
  REQUIRE(own.size() == torch.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    INFO(own[i].name);
    auto const moments = [](numbers const& v) {
      double sum = 0, squares = 0;
      for (double d : v) sum += d, squares += d * d;
      return std::array{sum / v.size(), squares / v.size(), laws::magnitude(v)};
    };
    auto const [mean, square, most] = moments(own[i].values);
    auto const [torch_mean, torch_square, torch_most] = moments(torch[i].values);
    // Five standard deviations of the mean, and of the mean square of a uniform distribution (4/45 of its
    // bound's fourth power), of two samples.
    double const n = static_cast<double>(own[i].values.size()), bound = torch_most;
    CHECK(std::abs(mean - torch_mean) <= 5 * bound * std::sqrt(2 / (3 * n)));
    CHECK(std::abs(square - torch_square) <= 5 * bound * bound * std::sqrt(2 * 4 / (45 * n)));
    CHECK(std::abs(most - torch_most) <= 12 * bound / n);
  }
}

TEST_CASE("a network or rule that is not the same is noticed", "[conformance]") {
  using Net = Network<Image<2, 6, 6>, Conv<3, 4, Bias<true>>, BN, ELU, Conv<3, 3>, PReLUPerChannel, Dropout<0.3>,
                      Conv<1, 2>, GELU, Flatten, Dense<3>>;
  auto const right = declaration_of<Net>();
  CHECK(conformance::broken_conformance(right, 1e-10) == "");

  auto const notices = [&](auto&& change, char const* what) {
    std::vector<graph_node> nodes(right.nodes.begin(), right.nodes.end());
    auto wrong = right;
    wrong.nodes = nodes;
    change(nodes, wrong.functions);
    CHECK_THAT(conformance::broken_conformance(wrong, 1e-10), Catch::Matchers::Contains(what));
  };
  using functions = std::vector<conformance::torch_function>;
  notices([](auto& n, functions&) { n[2].epsilon = 1.01e-5; }, "infer differs");
  notices([](auto& n, functions&) { n[2].momentum = 0.1001; }, "state: 1.running_mean differs");
  notices([](auto&, functions& f) { f[3].number = 1.0001; }, "forward differs");
  notices([](auto&, functions& f) { f[8].name = "gelu of tanh"; }, "dx differs");
  notices([](auto& n, functions&) { n[6].rate = 0.31; }, "forward differs");
  notices([](auto& n, functions&) { n[1].bias = false; }, "no place for some of the tensors");
  notices([](auto& n, functions&) { n[5].activation.per_channel = false; }, "of another shape: 4.weight");
  notices([](auto& n, functions&) { n[1].at.steps[0] = 17; }, "missing: 17.weight");
  notices([](auto&, functions& f) { f[3].name = "tangent"; }, "torch has no function \"tangent\"");

  auto const notices_rule = [&](conformance::alteration const& change, char const* rule) {
    auto const broken = conformance::broken_conformance(right, 1e-10, change);
    CHECK_THAT(broken, Catch::Matchers::Contains("after ten steps of " + std::string(rule) + ": 0.weight differs"));
    CHECK_THAT(broken, !Catch::Matchers::Contains("infer differs"));
  };
  using terms = conformance::torch_rule;
  notices_rule([](terms& r) { r.lr *= 1.0001; }, "SGD");
  notices_rule([](terms& r) { r.momentum *= 0.9999; }, "momentum");
  notices_rule([](terms& r) { r.nesterov = false; }, "Nesterov, all decay");
  notices_rule([](terms& r) { r.betas[0] = 0.91; }, "Adam");
  notices_rule([](terms& r) { r.eps = 1.1e-4; }, "Adam");
  notices_rule([](terms& r) { r.weight_decay *= 1.001; }, "AdamW");
}
