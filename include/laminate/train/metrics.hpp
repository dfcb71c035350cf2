// How well a model does: accuracy, confusion matrix, and means that grow with the data.
#pragma once

#include <laminate/train/loss/batch_loss.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace laminate {

/// The mean of values that come one by one, each with a weight; 0 before the first.
class weighted_mean {
 public:
  void add(double value, double weight = 1) {
    sum_ += value * weight;
    weight_ += weight;
  }
  double value() const { return weight_ == 0 ? 0 : sum_ / weight_; }
  double weight() const { return weight_; }

 private:
  double sum_ = 0;
  double weight_ = 0;
};

/// The share of samples, 0..1, whose largest output is that of their label; outputs are (N, classes).
template<class T> double accuracy(std::span<T const> outputs, std::span<int const> labels) {
  std::size_t const classes = check_batch<T>(outputs, labels, {});
  int correct = 0;
  for (std::size_t i = 0; i < labels.size(); ++i)
    correct += predicted_class(outputs.subspan(i * classes, classes)) == labels[i];
  return static_cast<double>(correct) / static_cast<double>(labels.size());
}

/// How often samples of each class were taken for each class.
class confusion_matrix {
 public:
  explicit confusion_matrix(int classes)
      : classes_(static_cast<std::size_t>(classes < 0 ? 0 : classes)), counts_(classes_ * classes_) {}

  /// Throws `error` for a class that is none; nothing is counted then.
  void add(int label, int predicted) { ++counts_[index(label, predicted)]; }

  /// A batch of outputs (N, classes).
  template<class T> void add(std::span<T const> outputs, std::span<int const> labels) {
    if (check_batch<T>(outputs, labels, {}) != classes_)
      throw error("confusion matrix", "expected outputs of " + std::to_string(classes_) + " classes");
    for (std::size_t i = 0; i < labels.size(); ++i)
      add(labels[i], predicted_class(outputs.subspan(i * classes_, classes_)));
  }

  int classes() const { return static_cast<int>(classes_); }
  std::int64_t count(int label, int predicted) const { return counts_[index(label, predicted)]; }

  /// The share that lies on the diagonal; 0 while empty.
  double accuracy() const {
    weighted_mean mean;
    for (int label = 0; label < classes(); ++label)
      for (int predicted = 0; predicted < classes(); ++predicted)
        mean.add(label == predicted, static_cast<double>(count(label, predicted)));
    return mean.value();
  }

  /// The share of a class's samples that were recognised; 0 where there are none.
  double recall(int label) const {
    weighted_mean mean;
    for (int predicted = 0; predicted < classes(); ++predicted)
      mean.add(label == predicted, static_cast<double>(count(label, predicted)));
    return mean.value();
  }

  /// The share of samples taken for a class that are of it; 0 where there are none.
  double precision(int predicted) const {
    weighted_mean mean;
    for (int label = 0; label < classes(); ++label)
      mean.add(label == predicted, static_cast<double>(count(label, predicted)));
    return mean.value();
  }

 private:
  std::size_t index(int label, int predicted) const {
    for (int const found : {label, predicted})
      if (found < 0 || found >= classes())
        throw error("confusion matrix",
                    "expected a class of 0.." + std::to_string(classes() - 1) + ", found " + std::to_string(found));
    return static_cast<std::size_t>(label) * classes_ + static_cast<std::size_t>(predicted);
  }

  std::size_t classes_;
  std::vector<std::int64_t> counts_;
};

}  // namespace laminate
