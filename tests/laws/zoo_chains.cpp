// The zoo's networks without branches, thin and on small images: fused = unfused = reference.
#include <catch2/catch.hpp>

#include "zoo.hpp"

using namespace laminate;

TEST_CASE("fused = unfused = reference, and it learns: the zoo's chains", "[laws][zoo]") {
  CHECK(laws::broken_law<zoo::MLPFrom<Image<1, 3, 4>, 4, 8>>() == "");
  CHECK(laws::broken_law<zoo::LeNet5<4, Tanh, Image<1, 12, 12>>>() == "");
  CHECK(laws::broken_law<zoo::AlexNet<4, 4, Image<3, 32, 32>>>() == "");
  CHECK(laws::broken_law<zoo::VGG<1, 1, 1, 1, 1, 4, 4, Image<3, 32, 32>>>() == "");
}
