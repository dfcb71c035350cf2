// A convolution after Flatten.
// expect: network_is_refused<laminate::problem::this_layer_wants_an_image_but_gets_features, laminate::layer{3}
// expect: laminate::Conv<3, 32>, laminate::shape{6272, 0, 0}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, ReLU, Flatten, Conv<3, 32>, Dense<10>>;
#else
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, ReLU, Conv<3, 32>, Flatten, Dense<10>>;
#endif

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
