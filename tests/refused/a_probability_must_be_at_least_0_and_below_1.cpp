// Dropout takes a probability, not a percentage.
// expect: network_is_refused<laminate::problem::a_probability_must_be_at_least_0_and_below_1, laminate::layer{2}
// expect: laminate::Dropout<
// expect: laminate::shape{64, 0, 0}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Forget = Dropout<50.0>;
#else
using Forget = Dropout<0.5>;
#endif
using Net = Network<Features<20>, Dense<64>, ReLU, Forget, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(20), y(10);
  model.forward(x, y);
  model.backward(y, x);
  model.infer(x, y);
}
