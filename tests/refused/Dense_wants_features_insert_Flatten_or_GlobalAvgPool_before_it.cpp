// A dense layer right after a convolution. Whatever a program does with a refused network, it is told of that alone.
// expect: network_is_refused<laminate::problem::Dense_wants_features_insert_Flatten_or_GlobalAvgPool_before_it, laminate::layer{3}
// expect: laminate::Dense<10>, laminate::shape{8, 28, 28}, laminate::shape{6272, 0, 0}
#include <iostream>
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, BN, ReLU, Dense<10>>;
#else
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, BN, ReLU, Flatten, Dense<10>>;
#endif

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.forward(x, y);
  model.backward(y, x);
  model.infer(x, y);
  split const data = generate_shapes(64, 10, 1);
  fit(model, data.train, {.epochs = 1});
  evaluate(model, data.test);
  save(model, "refused.safetensors");
  load(model, "refused.safetensors");
  summary(std::cout, model);
}
