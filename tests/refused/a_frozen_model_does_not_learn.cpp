// What freeze makes has no gradients.
// expect: training takes a Model that is not const: a frozen one only infers
#include <laminate/laminate.hpp>

using namespace laminate;

using Net = Network<Image<1, 28, 28>, Conv<3, 8>, BN, ReLU, Flatten, Dense<10>>;

int main() {
  split const data = generate_shapes(20, 20, 7);
  Model<Net> model{1, 10};
  auto frozen = freeze(model);
#ifdef REFUSED
  auto& trained = frozen;
#else
  auto& trained = model;
#endif
  fit(trained, data.train, fit_options{.epochs = 1, .batch = 10});
  evaluate(frozen, data.test);
}
