// More weights than an int counts: 3 million features by 1000.
// expect: network_is_refused<laminate::problem::from_this_layer_on_the_network_is_too_large, laminate::layer{1}
// expect: laminate::Dense<1000>, laminate::shape{3000000, 0, 0}, laminate::shape{1000, 0, 0}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Small = Flatten;
#else
using Small = GlobalAvgPool;
#endif
using Net = Network<Image<3, 1000, 1000>, Small, Dense<1000>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(3 * 1000 * 1000), y(1000);
  model.infer(x, y);
}
