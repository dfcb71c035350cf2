// The zoo, thin: what runs by default, fused kernels in float, equals libtorch.
#include "conformance.hpp"

#include <catch2/catch.hpp>

using namespace laminate;

namespace {
template<class... Nets> std::string broken() {
  return conformance::broken_conformance({conformance::declaration_of<Nets, Fused, float>()...}, 1e-4);
}
}  // namespace

TEST_CASE("fused in float = libtorch: the zoo's chains", "[conformance]") {
  CHECK(broken<zoo::MLPFrom<Image<1, 3, 4>, 4, 8>, zoo::LeNet5<4, Tanh, Image<1, 12, 12>>,
               zoo::AlexNet<4, 4, Image<3, 32, 32>>, zoo::VGG<1, 1, 1, 1, 1, 4, 4, Image<3, 32, 32>>>() == "");
}
TEST_CASE("fused in float = libtorch: the zoo's residual networks", "[conformance]") {
  using namespace laws::thin;
  CHECK(broken<zoo::Plain<8, 4, 4, laws::Tiny>, zoo::ResNet<8, 4, 4, zoo::Padded, laws::Tiny>,
               zoo::PreactivationResNet<8, 4, 4, laws::Tiny>, zoo::WideResNet<10, 1, 4, 4, laws::Tiny>, projecting,
               bottlenecks, excited, excited_bottlenecks>() == "");
}
TEST_CASE("fused in float = libtorch: the zoo's frugal networks", "[conformance]") {
  using namespace laws::thin;
  CHECK(broken<squeezed, incepted, densely, separated, inverted, next, segmenting>() == "");
}
