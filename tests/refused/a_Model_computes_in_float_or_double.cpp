// A model of integers, which would compile.
// expect: a Model computes in float or double
#include <laminate/laminate.hpp>

using namespace laminate;

#ifdef REFUSED
using Scalar = int;
#else
using Scalar = float;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, BN, ReLU, Flatten, Dense<10>>;

int main() {
  Model<Net, Fused, Scalar> model{1};
  return model.threads() < 1;
}
