// Judges a model on a data set.
#pragma once

#include <laminate/data/batches.hpp>
#include <laminate/data/dataset.hpp>
#include <laminate/support/error.hpp>
#include <laminate/train/loss/softmax_cross_entropy.hpp>
#include <laminate/train/metrics.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace laminate {

/// Means over samples.
struct score {
  double loss = 0;
  double accuracy = 0;  ///< 0..1
};

/// Gives a model of any scalar the floats of a data set; copies only where the types differ.
template<class T> class model_inputs {
 public:
  explicit model_inputs(std::size_t most) : converted_(std::is_same_v<T, float> ? 0 : most) {}

  std::span<T const> operator()(std::span<float const> images) {
    if constexpr (std::is_same_v<T, float>) {
      return images;
    } else {
      std::ranges::copy(images, converted_.begin());
      return std::span(converted_).first(images.size());
    }
  }

 private:
  std::vector<T> converted_;
};

inline std::string sample_text(shape s) {
  std::string const channels = std::to_string(s.channels);
  if (s.is_features()) return channels + " features";
  return "images of " + channels + "x" + std::to_string(s.height) + "x" + std::to_string(s.width);
}

/// Throws `error` unless the model takes such samples, and has an output for each class.
template<class Model> void check_fits(Model const&, dataset const& data) {
  if (data.sample != Model::in)
    throw error("data set", "the model wants " + sample_text(Model::in) + ", found " + sample_text(data.sample));
  if (data.classes > Model::out.size())
    throw error("data set", "the model tells " + std::to_string(Model::out.size()) + " classes apart, found " +
                                std::to_string(data.classes));
}

/// The batch a call asks for, 0 being the model's capacity, or 64 where it has no limit. Throws `error` for one the
/// model cannot take.
template<class Model> int batch_or_capacity(Model& model, int batch) {
  if constexpr (!requires { model.capacity(); }) {
    if (batch < 0) throw error("batch", "expected at least 1, found " + std::to_string(batch));
    return batch == 0 ? 64 : batch;
  } else {
    if (batch < 0 || batch > model.capacity())
      throw error("batch", "expected 1.." + std::to_string(model.capacity()) + " (the model's capacity), found " +
                               std::to_string(batch));
    return batch == 0 ? model.capacity() : batch;
  }
}

/// Loss and accuracy over all samples as `infer` sees them (moving averages, no dropout). `batch` changes the
/// speed only; 0 is the model's capacity.
template<class Model, class Loss = SoftmaxCrossEntropy>
score evaluate(Model& model, dataset const& data, int batch = 0, Loss const& loss = {}) {
  using T = typename Model::scalar;
  check_fits(model, data);
  auto test = batches::in_order(data, batch_or_capacity(model, batch));
  std::size_t const most = static_cast<std::size_t>(test.capacity());
  std::size_t const outputs = static_cast<std::size_t>(Model::out.size());
  model_inputs<T> inputs(most * static_cast<std::size_t>(Model::in.size()));
  std::vector<T> logits(most * outputs);
  weighted_mean mean;
  double correct = 0;
  for (auto const& b : test.epoch(0)) {
    auto const y = std::span(logits).first(b.labels.size() * outputs);
    model.infer(inputs(b.images), y);
    batch_loss const found = loss(std::span<T const>(y), b.labels, std::span<T>{});
    mean.add(found.mean, b.size());
    correct += found.correct;
  }
  return {mean.value(), correct / mean.weight()};
}

}  // namespace laminate
