// A loss that knows nothing of gradients.
// expect: a loss has a const operator() of outputs, labels and a gradient, which answers with a batch_loss
#include <laminate/laminate.hpp>
#include <span>

using namespace laminate;

using Net = Network<Image<1, 28, 28>, Flatten, Dense<10>>;

struct ZeroOne {
#ifdef REFUSED
  double operator()(std::span<float const> outputs, std::span<int const> labels) const {
    return 1 - accuracy<float>(outputs, labels);
  }
#else
  batch_loss operator()(std::span<float const> outputs, std::span<int const> labels, std::span<float>) const {
    return {1 - accuracy<float>(outputs, labels)};
  }
#endif
};

int main() {
  split const data = generate_shapes(20, 20, 7);
  Model<Net> model{1, 10};
  fit(model, data.train, fit_options{.epochs = 1, .batch = 10, .loss = ZeroOne{}, .evaluation = &data.test});
  evaluate(model, data.test, 0, ZeroOne{});
}
