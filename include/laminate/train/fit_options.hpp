// What a training run is told, and what it tells.
#pragma once

#include <laminate/data/augment.hpp>
#include <laminate/data/dataset.hpp>
#include <laminate/train/evaluate.hpp>
#include <laminate/train/loss/softmax_cross_entropy.hpp>
#include <laminate/train/optimizer/sgd.hpp>
#include <laminate/train/schedule/constant.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace laminate {

/// After a batch was learned. Numbers count from 1 and include this batch.
struct batch_report {
  int epoch = 0, epochs = 0;
  int batch = 0, batches = 0;
  std::uint64_t step = 0, steps = 0;  ///< of the whole run, those before a resume included
  double learning_rate = 0;
  double loss = 0;     ///< of this batch
  score so_far{};      ///< means over this epoch
  double seconds = 0;  ///< since the epoch began
  double images_per_second = 0;
};

/// After an epoch, its evaluation included. Numbers count from 1.
struct epoch_report {
  int epoch = 0, epochs = 0;
  std::uint64_t step = 0;
  double learning_rate = 0;           ///< of the last step
  score train{};                      ///< means over the epoch's batches, each before its own step
  std::optional<score> evaluation{};  ///< on the evaluation set, if there is one
  double seconds = 0;                 ///< of training; without evaluation and callbacks after it
  double images_per_second = 0;
};

using history = std::vector<epoch_report>;

/// `fit(model, data.train, fit_options{.epochs = 3, .optimizer = AdamW{}, .evaluation = &data.test})`
template<class Rule = SGD, class Loss = SoftmaxCrossEntropy> struct fit_options {
  int epochs = 10;         ///< of the whole run, which the schedule spans
  int until = 0;           ///< stop when so many epochs are done, to resume later; 0: all
  int batch = 64;          ///< at most the model's capacity
  std::uint64_t seed = 0;  ///< of order and augmentation
  Rule optimizer{};        ///< SGD, Adam, AdamW
  std::function<double(std::uint64_t step, std::uint64_t steps)> schedule = schedule::Constant{};
  Loss loss{};
  augmentation augment{};
  bool drop_last = false;               ///< leave out an epoch's last batch where it is smaller
  dataset const* evaluation = nullptr;  ///< judged after every epoch
  std::function<void(batch_report const&)> on_batch = nullptr;
  std::function<void(epoch_report const&)> on_epoch = nullptr;
};

}  // namespace laminate
