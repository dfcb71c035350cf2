// Networks as published: fused kernels equal libtorch.
#include "conformance.hpp"

#include <laminate/graph/replace.hpp>

#include <catch2/catch.hpp>

using namespace laminate;

namespace {
template<class T, class... Nets> std::string broken(double tolerance) {
  return conformance::broken_conformance({conformance::declaration_of<Nets, Fused, T>()...}, tolerance);
}
}  // namespace

// In float some of a ResNet-20's millions of ReLUs are on the other side of 0 than in torch, which changes its
// gradients by a thousandth; SiLU has no sides, and double no such neighbours.
TEST_CASE("fused = libtorch: as published", "[conformance]") {
  CHECK(broken<float, zoo::MLP<10, 128>, zoo::LeNet5<>, laminate::replace<ReLU, SiLU, zoo::ResNet<20>>>(1e-4) == "");
  CHECK(broken<double, zoo::ResNet<20>>(1e-9) == "");
}
