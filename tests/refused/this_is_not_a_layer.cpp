// An option of a layer, standing where a layer must stand.
// expect: network_is_refused<laminate::problem::this_is_not_a_layer, laminate::layer{2}
// expect: laminate::Stride<2>, laminate::shape{8, 28, 28}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Half = Stride<2>;
#else
using Half = MaxPool<2>;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, ReLU, Half, Flatten, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
