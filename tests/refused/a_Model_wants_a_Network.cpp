// A Model of layers that nobody called a Network.
// expect: network_is_refused<laminate::problem::a_Model_wants_a_Network, laminate::layer{0}
// expect: laminate::Sequential<laminate::Image<1, 28, 28>, laminate::Flatten, laminate::Dense<10>
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Net = Sequential<Image<1, 28, 28>, Flatten, Dense<10>>;
#else
using Net = Network<Image<1, 28, 28>, Flatten, Dense<10>>;
#endif

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.forward(x, y);
  model.backward(y, x);
  model.infer(x, y);
}
