// Nothing says what the network is given.
// expect: network_is_refused<laminate::problem::the_network_has_no_input, laminate::layer{0}
// expect: laminate::Conv<3, 16>
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Net = Network<Conv<3, 16>, BN, ReLU, GlobalAvgPool, Dense<10>>;
#else
using Net = Network<Image<1, 28, 28>, Conv<3, 16>, BN, ReLU, GlobalAvgPool, Dense<10>>;
#endif

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
