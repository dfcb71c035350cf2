// The zoo's networks for ImageNet, thin, with fewer stages and on small images: fused = unfused = reference.
#include <catch2/catch.hpp>

#include "zoo.hpp"

using namespace laminate;

TEST_CASE("fused = unfused = reference, and it learns: the zoo for ImageNet", "[laws][zoo]") {
  CHECK(laws::broken_law<laws::thin::bottlenecks>() == "");
  CHECK(laws::broken_law<laws::thin::excited_bottlenecks>() == "");
  CHECK(laws::broken_law<laws::thin::squeezed>() == "");
  CHECK(laws::broken_law<laws::thin::incepted>() == "");
}
