// A dense layer right after a convolution.
// expect: network_is_refused<laminate::problem::Dense_wants_features_insert_Flatten_or_GlobalAvgPool_before_it, laminate::layer{3}
// expect: laminate::Dense<10>, laminate::shape{8, 28, 28}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, BN, ReLU, Dense<10>>;
#else
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, BN, ReLU, Flatten, Dense<10>>;
#endif

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.forward(x, y);
  model.backward(y, x);
  model.infer(x, y);
}
