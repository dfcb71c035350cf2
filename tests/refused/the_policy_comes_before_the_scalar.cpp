// A model of double, whose policy was left out.
// expect: the policy of a Model comes before its scalar: Model<Net, Fused, double>
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

using Net = Network<Image<1, 28, 28>, Conv<3, 8>, BN, ReLU, Flatten, Dense<10>>;

int main() {
#ifdef REFUSED
  Model<Net, double> model{1};
#else
  Model<Net, Fused, double> model{1};
#endif
  std::vector<double> x(28 * 28), y(10);
  model.forward(x, y);
  model.backward(y, x);
  freeze(model).infer(x, y);
}
