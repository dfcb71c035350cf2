// Generated networks of windows: the reference in double equals libtorch.
#include "conformance.hpp"

#include <catch2/catch.hpp>

TEST_CASE("reference = libtorch: generated windows", "[conformance]") {
  auto const all = conformance::generate<laws::window_table<8, 8>, 300, 66, 1, 2, 6>();
  CHECK(conformance::broken_conformance(all, 1e-10) == "");
}
