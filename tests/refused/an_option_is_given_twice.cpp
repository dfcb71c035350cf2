// Two strides for one convolution.
// expect: network_is_refused<laminate::problem::an_option_is_given_twice, laminate::layer{0}
// expect: laminate::Conv<3, 16, laminate::Stride<2>, laminate::Bias<false>, laminate::Stride<1>
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using First = Conv<3, 16, Stride<2>, Bias<false>, Stride<1>>;
#else
using First = Conv<3, 16, Stride<2>, Bias<false>>;
#endif
using Net = Network<Image<1, 28, 28>, First, BN, ReLU, GlobalAvgPool, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
