// The zoo's networks with few parameters, thin, with fewer stages and on small images: fused = unfused =
// reference.
#include <catch2/catch.hpp>

#include "zoo.hpp"

using namespace laminate;

namespace {
using densely = decltype(laws::Tiny{} >> conv<3, 8, Bias<false>> >> zoo::DenseStage<2, 4, 8>{} >>
                         zoo::DenseLayer<4>{} >> bn >> relu >> global_avg_pool >> dense<4>);
using separated = Network<laws::Tiny, Conv<3, 4>, BN, ReLU, zoo::Separable<4, 8, 2>,
                          Repeat<2, zoo::Separable<8, 8>>, GlobalAvgPool, Dense<4>>;
using inverted = decltype(laws::Tiny{} >> conv<3, 4> >> bn >> relu6 >> sequential(zoo::Narrow<4, 2, 1>{}) >>
                          zoo::InvertedStage<3, 2, 4, 2>{} >> conv<1, 8> >> bn >> relu6 >> global_avg_pool >>
                          dropout<0.2> >> dense<4>);
}  // namespace

TEST_CASE("fused = unfused = reference: the zoo's frugal networks", "[laws][zoo]") {
  CHECK(laws::broken_law<densely>() == "");
  CHECK(laws::broken_law<separated>() == "");
  CHECK(laws::broken_law<inverted>() == "");
}
