// The zoo's residual networks of basic blocks, thin: fused = unfused = reference.
#include <catch2/catch.hpp>

#include "zoo.hpp"

using namespace laminate;

namespace {
// ResNet-18 and -34 with two stages, whose images and channels are those of the networks below.
using projecting =
    zoo::ImageNetResNet<4, 4, Image<3, 16, 16>, Repeat<1, zoo::Block<4>>, zoo::ProjectedStage<1, 8>>;
}  // namespace

TEST_CASE("fused = unfused = reference: the zoo's residual networks", "[laws][zoo]") {
  CHECK(laws::broken_law<zoo::Plain<8, 4, 4, laws::Tiny>>() == "");
  CHECK(laws::broken_law<zoo::ResNet<8, 4, 4, zoo::Padded, laws::Tiny>>() == "");
  CHECK(laws::broken_law<zoo::PreactivationResNet<8, 4, 4, laws::Tiny>>() == "");
  CHECK(laws::broken_law<zoo::WideResNet<10, 1, 4, 4, laws::Tiny>>() == "");
  CHECK(laws::broken_law<projecting>() == "");
}
