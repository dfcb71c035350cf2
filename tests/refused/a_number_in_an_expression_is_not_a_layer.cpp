// A number where an expression wants a layer.
// expect: network_is_refused<laminate::problem::this_is_not_a_layer, laminate::layer{1}, int, laminate::shape{8, 8, 8}
// expect: laminate::cure::put_options_into_their_layer_and_derive_a_word_of_your_own_from_word
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
constexpr auto second = 3;
#else
constexpr auto second = relu;
#endif
// clang-format 14 takes the brackets for comparisons.
// clang-format off
constexpr auto net = image<1, 8, 8> >> conv<3, 8> >> second;
// clang-format on

int main() {
  Model<decltype(net)> model{1};
  std::vector<float> x(8 * 8), y(8 * 8 * 8);
  model.infer(x, y);
}
