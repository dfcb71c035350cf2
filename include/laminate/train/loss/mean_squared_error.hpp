// Mean squared error, against any targets or against classes written as ones and zeros.
#pragma once

#include <laminate/train/loss/batch_loss.hpp>

#include <cstddef>
#include <span>

namespace laminate {

/// torch.nn.MSELoss with its defaults: the mean of (y − t)² over all elements of the batch; d loss / d y = 2
/// (y − t) / n with n the number of elements.
struct MeanSquaredError {
  /// Targets of the outputs' shape. An empty `gradient` says that nobody wants it.
  template<class T>
  double against(std::span<T const> outputs, std::span<T const> targets, std::span<T> gradient = {}) const {
    if (outputs.empty() || outputs.size() != targets.size())
      throw error("loss", "expected as many targets as outputs, found " + std::to_string(targets.size()) +
                              " targets and " + std::to_string(outputs.size()) + " outputs");
    if (!gradient.empty() && gradient.size() != outputs.size())
      throw error("loss", "expected a gradient of " + std::to_string(outputs.size()) + " numbers, found " +
                              std::to_string(gradient.size()));
    return mean_square(outputs, outputs.size(), gradient, [&](std::size_t, std::size_t i) { return targets[i]; });
  }

  /// The target of a sample is 1 for its label and 0 for every other class.
  template<class T>
  batch_loss operator()(std::span<T const> outputs, std::span<int const> labels, std::span<T> gradient = {}) const {
    std::size_t const classes = check_batch<T>(outputs, labels, gradient);
    auto const target = [&](std::size_t sample, std::size_t c) {
      return static_cast<T>(static_cast<std::size_t>(labels[sample]) == c);
    };
    batch_loss result{mean_square(outputs, classes, gradient, target), 0};
    for (std::size_t i = 0; i < labels.size(); ++i)
      result.correct += predicted_class(outputs.subspan(i * classes, classes)) == labels[i];
    return result;
  }

 private:
  /// target(sample, which of its `each` outputs).
  template<class T, class Target>
  static double mean_square(std::span<T const> outputs, std::size_t each, std::span<T> gradient, Target target) {
    T const scale = T(2) / static_cast<T>(outputs.size());
    double sum = 0;
    for (std::size_t sample = 0, i = 0; i < outputs.size(); ++sample)
      for (std::size_t c = 0; c < each; ++c, ++i) {
        T const difference = outputs[i] - target(sample, c);
        sum += static_cast<double>(difference) * static_cast<double>(difference);
        if (!gradient.empty()) gradient[i] = scale * difference;
      }
    return sum / static_cast<double>(outputs.size());
  }
};

}  // namespace laminate
