// One of an AnyModel's networks has a mistake, which is said where it is first used: nothing that the program does with
// the AnyModel is one more error.
// expect: network_is_refused<laminate::problem::Dense_wants_features_insert_Flatten_or_GlobalAvgPool_before_it
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

using Net = Network<Image<1, 28, 28>, Flatten, Dense<10>>;
#ifdef REFUSED
using Other = Network<Image<1, 28, 28>, Conv<3, 8>, Dense<10>>;
#else
using Other = Network<Image<1, 28, 28>, Conv<3, 8>, Flatten, Dense<10>>;
#endif

int main() {
  split const data = generate_shapes(20, 20, 7);
  Model<Other> alone{7, 10};
  AnyModel<Net, Other> model{1, 7, 10};
  std::vector<float> x(28 * 28), y(10);
  model.forward(x, y);
  model.backward(y, x);
  fit(model, data.train, fit_options{.epochs = 1, .batch = 10, .evaluation = &data.test});
  evaluate(model, data.test);
  save(model, "net.safetensors");
  load(model, "net.safetensors");
  model.visit([&](auto& m) { recalibrate_batch_norm(m, data.train); });
}
