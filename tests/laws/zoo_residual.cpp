// The zoo's residual networks of basic blocks, thin: fused = unfused = reference.
#include <catch2/catch.hpp>

#include "zoo.hpp"

using namespace laminate;

TEST_CASE("fused = unfused = reference, and it learns: the zoo's residual networks", "[laws][zoo]") {
  CHECK(laws::broken_law<zoo::Plain<8, 4, 4, laws::Tiny>>() == "");
  CHECK(laws::broken_law<zoo::ResNet<8, 4, 4, zoo::Padded, laws::Tiny>>() == "");
  CHECK(laws::broken_law<zoo::PreactivationResNet<8, 4, 4, laws::Tiny>>() == "");
  CHECK(laws::broken_law<zoo::WideResNet<10, 1, 4, 4, laws::Tiny>>() == "");
  CHECK(laws::broken_law<laws::thin::projecting>() == "");
  CHECK(laws::broken_law<laws::thin::excited>() == "");
}
