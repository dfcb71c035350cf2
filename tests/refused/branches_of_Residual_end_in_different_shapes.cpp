// A stride in the body, and a shortcut that does not go along.
// expect: network_is_refused<laminate::problem::branches_of_Residual_end_in_different_shapes, laminate::layer{3}
// expect: laminate::Residual<laminate::Conv<3, 32, laminate::Stride<2>
// expect: laminate::shape{16, 28, 28}, laminate::shape{32, 14, 14}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Block = Residual<Conv<3, 32, Stride<2>>, BN, ReLU, Conv<3, 32>, BN>;
#else
using Block = Residual<Shortcut<Conv<1, 32, Stride<2>>, BN>, Conv<3, 32, Stride<2>>, BN, ReLU, Conv<3, 32>, BN>;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 16>, BN, ReLU, Block, ReLU, GlobalAvgPool, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.forward(x, y);
  model.backward(y, x);
  model.infer(x, y);
}
