// Layers in a row are one branch if a Sequential holds them.
// expect: network_is_refused<laminate::problem::Concat_wants_at_least_two_branches, laminate::layer{1}
// expect: laminate::Concat<laminate::Sequential<laminate::Conv<1, 8>, laminate::Conv<3, 8>
// expect: laminate::shape{8, 28, 28}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Both = Concat<Sequential<Conv<1, 8>, Conv<3, 8>>>;
#else
using Both = Concat<Conv<1, 8>, Conv<3, 8>>;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, Both, GlobalAvgPool, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
