// Small networks of dense layers: = reference, for any batch. Inference goes straight through all layers of some; steps
// take many samples at a time.
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

namespace {

/// Of no more features than a block has lanes, but for the last layer.
using narrow = Network<Features<7>, Dense<16>, BN, PReLUPerChannel, Dropout<0.3>, Residual<Dense<16>, LayerNorm, Tanh>,
                       Dense<11>, GELU, Scale<Dense<11>, Logistic>, Dense<16>, SiLU, Dense<21>>;
constexpr int several_units = 2 * fusion::samples_of_few_features + 3;

}  // namespace

TEST_CASE("steps of few features take many samples at a time: = reference", "[laws][small]") {
  static_assert(std::ranges::count_if(
                    memory::planning<narrow, Fused, pass::training>::units,
                    [](fusion::unit_sizes const& of) { return of.samples == fusion::samples_of_few_features; }) > 10);
  laws::specimen_of<Model<narrow, Reference, double>> reference(1, several_units);
  auto const start = laws::disturbed(reference.state(), reference.nodes);
  auto const expected = laws::observe_from(start, reference, {several_units, 2, fusion::samples_of_few_features});
  for (int const threads : {1, 3}) {
    laws::specimen_of<Model<narrow, Fused, double>> model(1, several_units);
    model.model.threads(threads);
    auto const measured = laws::observe_from(start, model, {several_units, 2, fusion::samples_of_few_features});
    CHECK(laws::differences(measured, expected, 1e-10) == std::vector<std::string>{});
  }
}
