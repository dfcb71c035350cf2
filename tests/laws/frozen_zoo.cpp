// The zoo's networks, frozen, compute what they did before; what is folded, and how float rounds.
#include <catch2/catch.hpp>

#include "frozen.hpp"
#include "zoo.hpp"

using namespace laminate;

namespace {

using Small = Network<Image<3, 8, 8>, Conv<3, 16, Bias<true>>, BN, ReLU, Residual<Conv<3, 16>, BN, ReLU, BN>, BN,
                      Flatten, Dense<8>, BN, ReLU, Dense<4>>;

template<class Net, fusion::work W>
constexpr int in_inference = [] {
  int found = 0;
  for (fusion::operation const& o : memory::planning<Net, Fused, pass::folded>::expanded.operations)
    found += o.does == W;
  return found;
}();
static_assert(in_inference<Small, fusion::work::normalise> == 2,
              "two of five normalisations follow no layer with weights");
static_assert(in_inference<Small, fusion::work::add_bias> == 4, "three folded ones, and the last layer's own");
// Folded into a transposed convolution, whose weights lie otherwise, of one group and of several.
using Transposed = Network<Image<6, 5, 5>, ConvTranspose<2, 20, Stride<2>>, BN, ReLU,
                           ConvTranspose<3, 8, Groups<4>, Bias<true>>, BN, GlobalAvgPool, Dense<4>>;
static_assert(in_inference<Transposed, fusion::work::normalise> == 0);
// A convolution that two read keeps its raw result.
using Shared = Network<Image<3, 8, 8>, Conv<3, 16>, Residual<BN, ReLU>, GlobalAvgPool, Dense<4>>;
static_assert(in_inference<Shared, fusion::work::normalise> == 1);

static_assert(memory::images_together({.arena = 200e3, .moved = 2e6, .weights = 4e6}) == 2,
              "small images go in groups");
static_assert(memory::images_together({.arena = 7e6, .moved = 40e6, .weights = 16e6}) == 1, "large ones alone");
static_assert(memory::images_together({.arena = 60e3, .moved = 1e5, .weights = 3e5}) == 8);
static_assert(memory::images_together({.arena = 4e3, .moved = 8e3, .weights = 4e5}) == 16, "features by the unit");
static_assert(memory::images_together({.arena = 25e6, .moved = 100e6, .weights = 500e6}) == 16,
              "many weights, many images");

}  // namespace

TEST_CASE("freeze(model) = model: the zoo", "[laws][frozen]") {
  CHECK(laws::broken_when_frozen<Small>(1e-11) == "");
  CHECK(laws::broken_when_frozen<Shared>(1e-11) == "");
  CHECK(laws::broken_when_frozen<Transposed>(1e-11) == "");
  CHECK(laws::broken_when_frozen<zoo::ResNet<8, 4, 16, zoo::Padded, laws::Tiny>>(1e-11) == "");
  CHECK(laws::broken_when_frozen<zoo::PreactivationResNet<8, 4, 4, laws::Tiny>>(1e-11) == "");
  CHECK(laws::broken_when_frozen<zoo::LeNet5<4, Tanh, Image<1, 12, 12>>>(1e-11) == "");
  CHECK(laws::broken_when_frozen<laws::thin::projecting>(1e-11) == "");
  CHECK(laws::broken_when_frozen<laws::thin::squeezed>(1e-11) == "");
  CHECK(laws::broken_when_frozen<laws::thin::incepted>(1e-11) == "");
  CHECK(laws::broken_when_frozen<laws::thin::densely>(1e-11) == "");
  CHECK(laws::broken_when_frozen<laws::thin::separated>(1e-11) == "");
  CHECK(laws::broken_when_frozen<laws::thin::inverted>(1e-11) == "");
  CHECK(laws::broken_when_frozen<laws::thin::next>(1e-11) == "");
  CHECK(laws::broken_when_frozen<laws::thin::segmenting>(1e-11) == "");
}

// docs/01_a_network_is_a_type.md states 1e-4 for float.
TEST_CASE("in float a frozen model's outputs are off by no more than is stated", "[laws][frozen]") {
  CHECK(laws::broken_when_frozen<Small, float>(1e-4) == "");
  CHECK(laws::broken_when_frozen<zoo::ResNet<8, 4, 16, zoo::Padded, laws::Tiny>, float>(1e-4) == "");
}
