// An input, and nothing to do with it.
// expect: network_is_refused<laminate::problem::the_network_has_no_layer, laminate::layer{0}
// expect: laminate::Image<1, 28, 28>, laminate::shape{1, 28, 28}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Net = Network<Image<1, 28, 28>>;
#else
using Net = Network<Image<1, 28, 28>, ReLU>;
#endif

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(28 * 28);
  model.infer(x, y);
}
