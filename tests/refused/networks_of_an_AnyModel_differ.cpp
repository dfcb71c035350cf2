// Networks of images of different sizes cannot stand for each other at run time.
// expect: all networks of an AnyModel take samples of one shape
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
constexpr int image_side = 32;
#else
constexpr int image_side = 28;
#endif
using Net = Network<Image<1, 28, 28>, Flatten, Dense<10>>;
using Other = Network<Image<1, image_side, image_side>, Flatten, Dense<20>, ReLU, Dense<10>>;

int main() {
  AnyModel<Net, Other> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.forward(x, y);
  model.backward(y, x);
}
