// Loops forward only: there is no way back through them.
// expect: network_is_refused<laminate::problem::a_custom_layer_must_state_forward_and_backward, laminate::layer{1}
// expect: Doubled
// expect: laminate::shape{8, 28, 28}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

struct Doubled : word {
  static void forward(auto x, auto y) {
    for (int c = 0; c < x.channels; ++c)
      for (int i = 0; i < x.height; ++i)
        for (int j = 0; j < x.width; ++j) y(c, i, j) = 2 * x(c, i, j);
  }
#ifndef REFUSED
  static void backward(auto dy, auto dx) { forward(dy, dx); }
#endif
  static constexpr facts about = custom<Doubled>(same_shape);
};
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, Doubled, Flatten, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.forward(x, y);
  model.backward(y, x);
  model.infer(x, y);
}
