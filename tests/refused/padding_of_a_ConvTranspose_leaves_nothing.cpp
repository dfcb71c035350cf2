// (4 - 1) * 2 + 2 pixels, and a padding that takes four on each side.
// expect: network_is_refused<laminate::problem::padding_of_a_ConvTranspose_leaves_nothing, laminate::layer{2}
// expect: laminate::ConvTranspose<2, 8, laminate::Stride<2>, laminate::Padding<4>
// expect: laminate::shape{16, 4, 4}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
constexpr int padding = 4;
#else
constexpr int padding = 3;
#endif
using Net = Network<Image<1, 8, 8>, Conv<3, 16, Stride<2>>, ReLU, ConvTranspose<2, 8, Stride<2>, Padding<padding>>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(8 * 8), y(8 * 2 * 2);
  model.infer(x, y);
}
