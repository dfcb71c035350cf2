// A loss of one's own: cross-entropy with smoothed labels, checked, trained with, and what it does.
// ctest:
#include <laminate/laminate.hpp>

#include <algorithm>
#include <cmath>
#include <iostream>

using namespace laminate;

// The target is 1 − ε for the label and ε shared by all K classes: Szegedy et al. 2015 (arXiv:1512.00567), section 7;
// torch.nn.CrossEntropyLoss(label_smoothing=ε). With p = softmax(z), the loss of a sample is −Σ tₖ·ln pₖ, and its
// derivative by z is p − t. A setting is a member; `fit` and `evaluate` copy the loss.
struct SmoothedCrossEntropy {
  double smoothing = 0.1;

  template<class T>
  batch_loss operator()(std::span<T const> logits, std::span<int const> labels, std::span<T> gradient = {}) const {
    std::size_t const classes = check_batch<T>(logits, labels, gradient);  // throws, naming the sample
    double const samples = static_cast<double>(labels.size());
    batch_loss result;
    for (std::size_t n = 0; n < labels.size(); ++n) {
      auto const z = logits.subspan(n * classes, classes);
      double const most = *std::ranges::max_element(z);
      double sum = 0;
      for (T const value : z) sum += std::exp(value - most);
      for (std::size_t k = 0; k < classes; ++k) {
        double const target = smoothing / classes + (static_cast<int>(k) == labels[n] ? 1 - smoothing : 0);
        double const log_p = z[k] - most - std::log(sum);
        result.mean -= target * log_p / samples;
        if (!gradient.empty()) gradient[n * classes + k] = static_cast<T>((std::exp(log_p) - target) / samples);
      }
      result.correct += predicted_class(z) == labels[n];
    }
    return result;
  }
};

using Net =
    Network<Image<1, 28, 28>, Conv<5, 8, Stride<2>>, BN, ReLU, Conv<3, 16, Stride<2>>, BN, ReLU, Flatten, Dense<10>>;

// How sure the network is of what it says: the mean largest probability over a data set.
double confidence(Model<Net>& model, dataset const& data) {
  double sum = 0;
  std::vector<float> z(model.out.size());
  for (int n = 0; n < data.size(); ++n) {
    model.infer(data.image(n), z);
    float const most = *std::ranges::max_element(z);
    double all = 0;
    for (float const value : z) all += std::exp(value - most);
    sum += 1 / all;
  }
  return sum / data.size();
}

template<class Loss> double train(Loss loss, split const& data) {
  Model<Net> model{1};
  fit(model, data.train, fit_options{.epochs = 4, .optimizer = SGD{.lr = 0.05, .momentum = 0.9}, .loss = loss});
  double const sure = confidence(model, data.test);
  std::cout << "test accuracy " << evaluate(model, data.test).accuracy << ", mean confidence " << sure << '\n';
  return sure;
}

int main() {
  bool const right = check_gradients(SmoothedCrossEntropy{.smoothing = 0.2}, 5);

  split data = generate_shapes(2560, 640, 1);
  auto const scaling = standardise(data.train);
  scaling.apply(data.train), scaling.apply(data.test);
  std::cout << "cross-entropy:        ";
  double const plain = train(SoftmaxCrossEntropy{}, data);
  std::cout << "with smoothed labels: ";
  double const smoothed = train(SmoothedCrossEntropy{}, data);
  return right && smoothed < plain ? 0 : 1;
}
