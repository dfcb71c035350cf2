// The zoo's networks for ImageNet, thin, with fewer stages and on small images: fused = unfused = reference.
#include <catch2/catch.hpp>

#include "zoo.hpp"

using namespace laminate;

namespace {
using bottlenecks = zoo::ImageNetResNet<4, 4, Image<3, 8, 8>, zoo::BottleneckStage<2, 2, 2>>;
using squeezed = Network<laws::Tiny, Conv<3, 4>, ReLU, Repeat<2, zoo::Fire<2, 2>>, MaxPool<3, Stride<2>>,
                         Dropout<0.5>, Conv<1, 4>, ReLU, GlobalAvgPool>;
using inception = zoo::Inception<1, 1, 1, 1, 1, 1>;
using incepted = Network<laws::Tiny, Conv<3, 4>, Repeat<2, inception>, zoo::Shrink, GlobalAvgPool, Dense<4>>;
}  // namespace

TEST_CASE("fused = unfused = reference: the zoo for ImageNet", "[laws][zoo]") {
  CHECK(laws::broken_law<bottlenecks>() == "");
  CHECK(laws::broken_law<squeezed>() == "");
  CHECK(laws::broken_law<incepted>() == "");
}
