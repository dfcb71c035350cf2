// Some windows would see nothing but padding.
// expect: network_is_refused<laminate::problem::padding_of_a_pool_is_more_than_half_its_kernel, laminate::layer{1}
// expect: laminate::MaxPool<2, laminate::Padding<2>
// expect: laminate::shape{8, 28, 28}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Half = MaxPool<2, Padding<2>>;
#else
using Half = MaxPool<2, Padding<1>>;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, Half, ReLU, GlobalAvgPool, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
