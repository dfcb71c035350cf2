// Three groups of 16 channels, inside a block.
// expect: network_is_refused<laminate::problem::groups_do_not_divide_the_channels, laminate::layer{1}
// expect: laminate::Conv<3, 16, laminate::Groups<3>
// expect: laminate::shape{16, 28, 28}, laminate::shape{16, 28, 28}
// expect: laminate::inside<0, laminate::layer_path::body, 2>
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
constexpr int groups = 3;
#else
constexpr int groups = 4;
#endif
using Block = Sequential<Residual<BN, ReLU, Conv<3, 16, Groups<groups>>>, ReLU>;
using Net = Network<Image<1, 28, 28>, Conv<3, 16>, Block, GlobalAvgPool, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
