// Judges a model on a data set.
#pragma once

#include <laminate/data/batches.hpp>
#include <laminate/data/dataset.hpp>
#include <laminate/model/access.hpp>
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

/// Throws `error` unless a model takes such samples, and has an output for each class.
inline void check_fits(shape in, shape out, dataset const& data) {
  if (data.sample != in)
    throw error("data set", "the model wants " + sample_text(in) + ", found " + sample_text(data.sample));
  if (data.classes > out.size())
    throw error("data set", "the model tells " + std::to_string(out.size()) + " classes apart, found " +
                                std::to_string(data.classes));
}

/// The batch a call asks for, 0 being the model's capacity, or 64 where it has no limit (a capacity of 0). Throws
/// `error` for one the model cannot take.
inline int batch_or_capacity(int capacity, int batch) {
  if (batch >= 0 && (capacity == 0 || batch <= capacity)) return batch > 0 ? batch : capacity > 0 ? capacity : 64;
  if (capacity == 0) throw error("batch", "expected at least 1, found " + std::to_string(batch));
  throw error("batch",
              "expected 1.." + std::to_string(capacity) + " (the model's capacity), found " + std::to_string(batch));
}

template<class T, class Loss>
score evaluate(inference_access<T> const& model, dataset const& data, int batch, Loss const& loss) {
  check_fits(model.in, model.out, data);
  auto test = batches::in_order(data, batch_or_capacity(model.capacity, batch));
  std::size_t const most = static_cast<std::size_t>(test.capacity());
  std::size_t const outputs = static_cast<std::size_t>(model.out.size());
  model_inputs<T> inputs(most * static_cast<std::size_t>(model.in.size()));
  std::vector<T> logits(most * outputs);
  weighted_mean mean;
  double correct = 0;
  for (auto const& b : test.epoch(0)) {
    auto const y = std::span(logits).first(b.labels.size() * outputs);
    model.infer(model.model, inputs(b.images), y);
    batch_loss const found = loss(std::span<T const>(y), b.labels, std::span<T>{});
    mean.add(found.mean, b.size());
    correct += found.correct;
  }
  return {mean.value(), correct / mean.weight()};
}

/// Loss and accuracy over all samples as `infer` sees them (moving averages, no dropout). `batch` changes the
/// speed only; 0 is the model's capacity.
template<class Model, class Loss = SoftmaxCrossEntropy>
score evaluate(Model& model, dataset const& data, int batch = 0, Loss const& loss = {}) {
  if constexpr (is_a_loss<Loss, typename Model::scalar>)
    return evaluate(access_inference(model), data, batch, loss);
  else
    return {};
}

}  // namespace laminate
