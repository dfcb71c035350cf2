// A dense layer has no stride.
// expect: network_is_refused<laminate::problem::this_is_not_an_option_of_the_layer, laminate::layer{1}
// expect: laminate::Dense<10, laminate::Stride<2>
// expect: laminate::shape{784, 0, 0}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Last = Dense<10, Stride<2>>;
#else
using Last = Dense<10, Bias<false>>;
#endif
using Net = Network<Image<1, 28, 28>, Flatten, Last>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
