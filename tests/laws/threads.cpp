// Results do not depend on the number of threads, nor on the capacity: they are equal bit by bit.
#include <catch2/catch.hpp>

#include "comparison.hpp"

#include <cstring>

using namespace laminate;

namespace {

using Net = Network<Image<3, 9, 7>, Conv<3, 20>, BN, PReLUPerChannel, MaxPool<3, Stride<2>, Padding<1>>,
                    Residual<Conv<3, 20, Groups<4>>, BN, GELU, Conv<1, 20>>, PReLU,
                    Concat<Sequential<Conv<1, 5>, Tanh>, AvgPool<3, Stride<1>, Padding<1>>>, Dropout<0.2>, Flatten,
                    Dense<17>, BN, SiLU, Dense<5>>;

/// Everything that four steps of training compute, in order.
template<class Policy, class T> std::vector<T> train(int threads, int capacity) {
  Model<Net, Policy, T> model{3, capacity};
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

template<class T> bool same_bits(std::vector<T> const& a, std::vector<T> const& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
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

TEST_CASE("and with any capacity", "[laws][threads]") {
  CHECK(same_bits(train<Fused, float>(2, 64), train<Fused, float>(1, 37)));
}
