// Which algorithm Auto takes for a convolution, in each direction.
#include <laminate/layers.hpp>
#include <laminate/memory/plan.hpp>

using namespace laminate;

namespace {

constexpr sliding square(int channels, int size, int kernel = 3) {
  return {{channels, size, size}, {channels, size, size}, {.kernel = kernel, .padding = kernel / 2}};
}

// What was measured: docs/05_kernels.md, README.
constexpr bool winograd_everywhere(int channels, int size, int kernel = 3, algorithm by = algorithm::winograd_4) {
  for (direction d : {direction::forward, direction::data_gradient, direction::weight_gradient})
    if (Auto::choose(square(channels, size, kernel), d) != by) return false;
  return true;
}
static_assert(winograd_everywhere(16, 28) && winograd_everywhere(32, 14) && winograd_everywhere(64, 7));
static_assert(winograd_everywhere(16, 32) && winograd_everywhere(32, 16) && winograd_everywhere(64, 8));
static_assert(winograd_everywhere(64, 56) && winograd_everywhere(128, 28) && winograd_everywhere(256, 14));
static_assert(winograd_everywhere(512, 7));
static_assert(winograd_everywhere(16, 48, 3, algorithm::winograd_6) &&
              winograd_everywhere(64, 112, 3, algorithm::winograd_6));
static_assert(winograd_everywhere(16, 32, 5) && winograd_everywhere(64, 8, 5) && winograd_everywhere(128, 14, 5));
static_assert(winograd_everywhere(64, 16, 7, algorithm::winograd_2));
static_assert(Auto::choose(square(512, 5), direction::forward) == algorithm::winograd_6, "one tile an image");
static_assert(Auto::choose(square(512, 5), direction::data_gradient) == algorithm::winograd_6);
static_assert(Auto::choose(square(512, 5), direction::weight_gradient) == algorithm::direct);
static_assert(AutoFor<1>::choose(square(512, 7), direction::forward) == algorithm::winograd_2,
              "four times the weights are read for one image");
static_assert(AutoFor<1>::choose(square(64, 8), direction::forward) == algorithm::winograd_4,
              "small weights stay near");
static_assert(Auto::choose(square(16, 2), direction::forward) == algorithm::direct, "most products meet the padding");
static_assert(winograd_everywhere(8, 28) && Auto::choose(square(4, 28), direction::forward) == algorithm::direct,
              "half a block is computed, of four channels for too little");

static_assert(fusion::products_inside({.kernel = 3, .padding = 1}, 2, 2) == 4 &&
              fusion::products_inside({.kernel = 3, .stride = 2, .padding = 1, .dilation = 2}, 7, 3) == 7);

// The plan asks for each direction.
using Wide = Network<Image<512, 5, 5>, Conv<3, 512>, BN, ReLU, Conv<3, 512>, BN, ReLU, GlobalAvgPool, Dense<2>>;
constexpr bool weights_directly = [] {
  int found = 0;
  for (fusion::step const& s : memory::planning<Wide, Fused, pass::training>::plan.steps)
    found += s.code.does == fusion::work::convolve_back && s.code.by == algorithm::winograd_6 &&
             s.code.weight_gradient == algorithm::direct;
  return found == 2;
}();
static_assert(weights_directly);

}  // namespace
