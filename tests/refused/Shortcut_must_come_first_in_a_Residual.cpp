// The projection at the end of its block.
// expect: network_is_refused<laminate::problem::Shortcut_must_come_first_in_a_Residual, laminate::layer{2}
// expect: laminate::Shortcut<laminate::Conv<1, 32>
// expect: laminate::shape{32, 28, 28}, laminate::inside<laminate::layer_path::body, 2>
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Block = Residual<Conv<3, 32>, BN, Shortcut<Conv<1, 32>>>;
#else
using Block = Residual<Shortcut<Conv<1, 32>>, Conv<3, 32>, BN>;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 16>, ReLU, Block, ReLU, GlobalAvgPool, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
