// Softmax and cross-entropy in one: the loss of a classifier whose outputs are logits.
#pragma once

#include <laminate/train/loss/batch_loss.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace laminate {

/// torch.nn.CrossEntropyLoss with its defaults: the mean over the batch of −ln softmax(z)[label], in nats.
/// For one sample, with m = max z and s = Σ exp(z_k − m): loss = (m − z_label) + ln s, which neither
/// overflows nor cancels for logits of any size; d loss / d z_k = (exp(z_k − m) / s − [k = label]) / N.
struct SoftmaxCrossEntropy {
  template<class T>
  batch_loss operator()(std::span<T const> logits, std::span<int const> labels, std::span<T> gradient = {}) const {
    std::size_t const classes = check_batch<T>(logits, labels, gradient);
    T const share = T(1) / static_cast<T>(labels.size());
    batch_loss result;
    double sum = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      auto const z = logits.subspan(i * classes, classes);
      auto const dz = gradient.empty() ? gradient : gradient.subspan(i * classes, classes);
      sum += one_sample(z, static_cast<std::size_t>(labels[i]), share, dz);
      result.correct += predicted_class(z) == labels[i];
    }
    result.mean = sum / static_cast<double>(labels.size());
    return result;
  }

 private:
  template<class T> static double one_sample(std::span<T const> z, std::size_t label, T share, std::span<T> dz) {
    T const most = *std::ranges::max_element(z);
    T sum = 0;
    for (T const value : z) sum += std::exp(value - most);
    if (!dz.empty()) {
      T const scale = share / sum;
      for (std::size_t k = 0; k < z.size(); ++k) dz[k] = std::exp(z[k] - most) * scale;
      dz[label] -= share;
    }
    return static_cast<double>(most - z[label]) + std::log(static_cast<double>(sum));
  }
};

}  // namespace laminate
