// A class that does what a layer does, and does not derive from `word`.
// expect: network_is_refused<laminate::problem::this_is_not_a_layer, laminate::layer{1}
// expect: Doubled, laminate::shape{8, 8, 8}
// expect: laminate::cure::put_options_into_their_layer_and_derive_a_word_of_your_own_from_word
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
struct Doubled {
#else
struct Doubled : word {
#endif
  static void forward(auto x, auto y) {
    for (int c = 0; c < x.channels; ++c)
      for (int i = 0; i < x.height; ++i)
        for (int j = 0; j < x.width; ++j) y(c, i, j) = 2 * x(c, i, j);
  }
  static void backward(auto dy, auto dx) { forward(dy, dx); }
  static constexpr facts about = custom<Doubled>(same_shape);
};
using Net = Network<Image<1, 8, 8>, Conv<3, 8>, Doubled, Flatten, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(8 * 8), y(10);
  model.infer(x, y);
}
