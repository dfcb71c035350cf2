// A network does not crop by padding.
// expect: network_is_refused<laminate::problem::padding_must_not_be_negative, laminate::layer{0}
// expect: laminate::Conv<5, 8, laminate::Padding<-1>
// expect: laminate::shape{1, 28, 28}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using First = Conv<5, 8, Padding<-1>>;
#else
using First = Conv<5, 8, Padding<0>>;
#endif
using Net = Network<Image<1, 28, 28>, First, ReLU, GlobalAvgPool, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
