// Networks that tell different numbers of classes apart cannot stand for each other at run time.
// expect: all networks of an AnyModel give results of one shape
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
constexpr int classes = 100;
#else
constexpr int classes = 10;
#endif
using Net = Network<Image<1, 28, 28>, Flatten, Dense<10>>;
using Other = Network<Image<1, 28, 28>, Flatten, Dense<20>, ReLU, Dense<classes>>;

int main() {
  AnyModel<Net, Other> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.forward(x, y);
  model.backward(y, x);
}
