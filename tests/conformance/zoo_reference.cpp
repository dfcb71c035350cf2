// The zoo, some of it thin and some as published: the reference in double equals libtorch.
#include "conformance.hpp"

#include <catch2/catch.hpp>

using namespace laminate;

namespace {
template<class... Nets> std::string broken() {
  return conformance::broken_conformance({conformance::declaration_of<Nets>()...}, 1e-10);
}
}  // namespace

TEST_CASE("reference = libtorch: the zoo, thin", "[conformance]") {
  using namespace laws::thin;
  CHECK(broken<zoo::MLPFrom<Image<1, 3, 4>, 4, 8>, zoo::AlexNet<4, 4, Image<3, 32, 32>>,
               zoo::VGG<1, 1, 1, 1, 1, 4, 4, Image<3, 32, 32>>, zoo::Plain<8, 4, 4, laws::Tiny>,
               zoo::ResNet<8, 4, 4, zoo::Padded, laws::Tiny>, zoo::PreactivationResNet<8, 4, 4, laws::Tiny>,
               zoo::WideResNet<10, 1, 4, 4, laws::Tiny>, projecting, bottlenecks, squeezed, incepted, densely,
               separated, inverted, excited, excited_bottlenecks, next, segmenting>() == "");
}

TEST_CASE("reference = libtorch: LeNet-5 as published, ResNet-20 in full depth", "[conformance]") {
  CHECK(broken<zoo::LeNet5<>, zoo::ResNet<20, 10, 2, zoo::Padded, Image<3, 8, 8>>>() == "");
}
