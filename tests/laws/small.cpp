// Small networks of dense layers, whose inference goes straight through all of them: = reference, for any batch.
#include <catch2/catch.hpp>
#include <laminate/model/inference_model.hpp>

#include "comparison.hpp"

using namespace laminate;

namespace {

template<class Word> using around = Network<Features<7>, Dense<20>, Word, Dense<33, Bias<false>>, Word, Dense<5>>;
using begins_and_ends_otherwise = Network<Features<3>, Tanh, Dropout<0.5>, Dense<64>, ReLU>;
using of_one = Network<Features<1>, Dense<1>>;

template<class Net, class T, class Arch = kernels::default_arch>
inline constexpr bool goes_straight = straight_inference<Net, Fused, T, Arch>::fits;

static_assert(!goes_straight<Network<Features<7>, Dense<65>, Dense<5>>, float>, "it is wide");
static_assert(!goes_straight<Network<Features<7>, Dense<8>, BN, Dense<5>>, float>);
static_assert(!goes_straight<Network<Features<7>, Dense<8>, PReLU, Dense<5>>, float>);
static_assert(!goes_straight<Network<Features<7>, Residual<Dense<7>>>, float>);
static_assert(!goes_straight<Network<Image<1, 2, 2>, Flatten, Dense<5>>, float>);
static_assert(!straight_inference<of_one, Unfused, float, kernels::default_arch>::fits);

/// The largest difference from the reference in double, over outputs of at least 0.1.
template<class Net, class T> double error_of() {
  static_assert(goes_straight<Net, T>);
  double most = 0;
  Model<Net, Reference, double> expected(3, 1100);
  Model<Net, Fused, T> model(3, 1100);
  model.threads(2);
  auto frozen = freeze(model);
  generator random{4};
  for (int const samples : {1, 2, 1100}) {
    std::vector<double> x(static_cast<std::size_t>(samples) * model.in.size()),
        y(static_cast<std::size_t>(samples) * model.out.size());
    for (double& v : x) v = static_cast<T>(random.normal());
    auto const of = laws::to<T>(x);
    std::vector<T> found(y.size()), again(y.size());
    expected.infer(x, y), model.infer(of, found), frozen.infer(of, again);
    CHECK(found == again);
    bool const is_zero = std::ranges::all_of(y, [](double v) { return v == 0; });
    CHECK_FALSE(is_zero);
    for (std::size_t i = 0; i < y.size(); ++i)
      most = std::max(most, std::abs(found[i] - y[i]) / std::max(0.1, std::abs(y[i])));
  }
  return most;
}

}  // namespace

TEMPLATE_TEST_CASE("straight inference = reference", "[laws][small]", around<Tanh>, around<GELU>,
                   begins_and_ends_otherwise, of_one) {
  CHECK(error_of<TestType, double>() < 1e-13);
  CHECK(error_of<TestType, float>() < 1e-5);
}
