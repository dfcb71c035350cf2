// recalibrate_batch_norm: statistics of the whole training set in place of moving averages.
#pragma once

#include <laminate/data/batches.hpp>
#include <laminate/data/dataset.hpp>
#include <laminate/graph/parameters.hpp>
#include <laminate/model/access.hpp>
#include <laminate/model/batch.hpp>
#include <laminate/support/error.hpp>
#include <laminate/train/evaluate.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace laminate {

/// Mean and variance of one normalisation's input, summed up over batches.
template<class T> class whole_set_statistics {
 public:
  /// `mean` and the entry after it are its running statistics in the model's table.
  whole_set_statistics(tensor_access<T> const& model, int mean)
      : at_(mean),
        normalisation_(&model.nodes[model.table[mean].node]),
        values_(model.table[mean].size()),
        mean_(values_.size()),
        square_(mean_) {
    if (normalisation_->momentum <= 0)
      throw error("recalibrate_batch_norm",
                  "expected a BatchNorm with a momentum above 0, found one that never "
                  "takes anything over from a batch: " +
                      name_of(normalisation_->at));
  }

  /// Whatever `forward` puts into the running statistics now is momentum times the batch's.
  void forget(tensor_access<T> const& model) {
    std::ranges::fill(values_, T(0));
    model.write(model.model, at_, values_), model.write(model.model, at_ + 1, values_);
  }
  void add(tensor_access<T> const& model, int samples) {
    double const count = static_cast<double>(samples) * normalisation_->out.pixels();
    // The running variance moves by the unbiased variance of a batch.
    double const biased = count > 1 ? (count - 1) / count : 1, momentum = normalisation_->momentum;
    model.read(model.model, at_, values_);
    std::vector<double> mean(values_.begin(), values_.end());
    model.read(model.model, at_ + 1, values_);
    for (std::size_t c = 0; c < mean.size(); ++c) {
      double const m = mean[c] / momentum;
      mean_[c] += count * m;
      square_[c] += count * (biased * static_cast<double>(values_[c]) / momentum + m * m);
    }
    count_ += count;
  }
  /// The variance of all values: the batches' own, and that of their means.
  void write(tensor_access<T> const& model) {
    for (std::size_t c = 0; c < values_.size(); ++c) values_[c] = static_cast<T>(mean_[c] / count_);
    model.write(model.model, at_, values_);
    for (std::size_t c = 0; c < values_.size(); ++c) {
      double const m = mean_[c] / count_, variance = std::max(0.0, square_[c] / count_ - m * m);
      values_[c] = static_cast<T>(count_ > 1 ? variance * count_ / (count_ - 1) : variance);
    }
    model.write(model.model, at_ + 1, values_);
  }

 private:
  int at_;
  graph_node const* normalisation_;
  double count_ = 0;
  std::vector<T> values_;
  std::vector<double> mean_, square_;
};

template<class T>
void recalibrate_batch_norm(training_access<T> const& model, tensor_access<T> const& tensors, dataset const& data,
                            int batch) {
  check_fits(model.in, model.out, data);
  std::vector<whole_set_statistics<T>> all;
  for (int i = 0; i < static_cast<int>(tensors.table.size()); ++i)
    if (tensors.table[i].kind == parameter_kind::running_mean) all.emplace_back(tensors, i);
  batches parts{data, {.size = batch_or_capacity(model.capacity, batch)}};
  check_statistics(tensors.nodes, parts.capacity());
  model_inputs<T> inputs(static_cast<std::size_t>(parts.capacity()) * model.in.size());
  std::vector<T> outputs(static_cast<std::size_t>(parts.capacity()) * model.out.size());
  auto const random = model.random_state(model.model);
  auto const tracked = tensors.batches_tracked(model.model);
  for (auto const& b : parts.epoch(0)) {
    if (b.size() == 1 && parts.capacity() > 1) continue;
    for (auto& statistics : all) statistics.forget(tensors);
    model.forward(model.model, inputs(b.images), std::span(outputs).first(b.labels.size() * model.out.size()));
    for (auto& statistics : all) statistics.add(tensors, b.size());
  }
  for (auto& statistics : all) statistics.write(tensors);
  model.set_random_state(model.model, random);
  tensors.track(model.model, tracked);
}

/// Sets the running statistics of every normalisation to mean and unbiased variance of its input over all
/// samples of `data`, the training set, as it comes with the parameters as they are now: μ = mean of the
/// batches' means, σ² = mean of their variances + variance of their means. (Wu and Johnson 2021,
/// arXiv:2105.07576, "PreciseBN"; torch.optim.swa_utils.update_bn takes the mean of variances alone.) Layers
/// in between see batches of `batch` samples (0: the model's capacity) normalised by their own statistics, as
/// in training; the larger, the better. Batches are random parts of the set; a last one of one sample is left
/// out. Nothing else changes: parameters, the count of batches and the state dropout draws from stay. Throws
/// `error` for a data set or batch that does not fit the model, and for a BatchNorm of momentum 0; then
/// nothing is changed.
template<class Model> void recalibrate_batch_norm(Model& model, dataset const& data, int batch = 0) {
  if constexpr (learns<Model>) recalibrate_batch_norm(access_training(model), access_tensors(model), data, batch);
}

}  // namespace laminate
