// A second input, where the second half of the network begins.
// expect: network_is_refused<laminate::problem::the_input_must_come_first_and_only_once, laminate::layer{2}
// expect: laminate::Image<8, 14, 14>, laminate::shape{8, 28, 28}, laminate::shape{8, 14, 14}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Half = Image<8, 14, 14>;
#else
using Half = MaxPool<2>;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, ReLU, Half, Flatten, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
