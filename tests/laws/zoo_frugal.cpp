// The zoo's networks with few parameters, thin, with fewer stages and on small images: fused = unfused =
// reference.
#include <catch2/catch.hpp>

#include "zoo.hpp"

using namespace laminate;

TEST_CASE("fused = unfused = reference, and it learns: the zoo's frugal networks", "[laws][zoo]") {
  CHECK(laws::broken_law<laws::thin::densely>() == "");
  CHECK(laws::broken_law<laws::thin::next>() == "");
  CHECK(laws::broken_law<laws::thin::segmenting>() == "");
  CHECK(laws::broken_law<laws::thin::separated>() == "");
  CHECK(laws::broken_law<laws::thin::inverted>() == "");
}
