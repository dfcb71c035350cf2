// A type that has nothing to do with networks.
// expect: network_is_refused<laminate::problem::this_is_not_a_layer, laminate::layer{1}, int, laminate::shape{8, 8, 8}
// expect: laminate::cure::put_options_into_their_layer_and_derive_a_word_of_your_own_from_word
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Second = int;
#else
using Second = ReLU;
#endif
using Net = Network<Image<1, 8, 8>, Conv<3, 8>, Second, Flatten, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(8 * 8), y(10);
  model.infer(x, y);
}
