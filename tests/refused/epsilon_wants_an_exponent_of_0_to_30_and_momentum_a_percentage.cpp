// Epsilon is 10 to the minus first argument, momentum the second in percent.
// expect: network_is_refused<laminate::problem::epsilon_wants_an_exponent_of_0_to_30_and_momentum_a_percentage, laminate::layer{1}
// expect: laminate::BatchNorm<-5, 10>
// expect: laminate::shape{8, 28, 28}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Normal = BatchNorm<-5, 10>;
#else
using Normal = BatchNorm<5, 10>;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, Normal, ReLU, GlobalAvgPool, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.forward(x, y);
  model.backward(y, x);
  model.infer(x, y);
}
