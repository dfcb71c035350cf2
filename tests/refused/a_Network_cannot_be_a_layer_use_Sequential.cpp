// A whole network as the first part of another.
// expect: network_is_refused<laminate::problem::a_Network_cannot_be_a_layer_use_Sequential, laminate::layer{0}
// expect: laminate::Network<laminate::Image<1, 28, 28>, laminate::Conv<3, 8>, laminate::ReLU>
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Trunk = Network<Image<1, 28, 28>, Conv<3, 8>, ReLU>;
#else
using Trunk = Sequential<Conv<3, 8>, ReLU>;
#endif
using Net = Network<Image<1, 28, 28>, Trunk, Flatten, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
