// A formula that asks for a value: which way to go is open until there are numbers.
// expect: network_is_refused<laminate::problem::an_activation_must_be_an_expression_of_its_argument, laminate::layer{1}
// expect: laminate::Activation<
// expect: laminate::shape{8, 28, 28}
#include <cmath>
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Bent = Activation<[](auto x) {
  if (x < 0) return -x;
  return x;
}>;
#else
using Bent = Activation<[](auto x) { return where(x < 0, -x, x * tanh(x)); }>;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, Bent, Flatten, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.forward(x, y);
  model.backward(y, x);
  model.infer(x, y);
}
