// Trains a model on a data set: batch by batch forward, loss, backward, and an optimiser's step.
#pragma once

#include <laminate/data/batches.hpp>
#include <laminate/data/dataset.hpp>
#include <laminate/graph/node.hpp>
#include <laminate/model/access.hpp>
#include <laminate/model/batch.hpp>
#include <laminate/support/error.hpp>
#include <laminate/train/evaluate.hpp>
#include <laminate/train/fit_options.hpp>
#include <laminate/train/metrics.hpp>
#include <laminate/train/non_finite.hpp>
#include <laminate/train/optimizer/optimizer.hpp>
#include <laminate/train/training_state.hpp>

#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace laminate {

/// One call of `fit`, on a model of any network. Everything is allocated when it is made; a step allocates nothing.
template<class T, class Rule, class Loss> class training_run {
 public:
  training_run(training_access<T> const& model, std::span<graph_node const> nodes, dataset const& train,
               fit_options<Rule, Loss> const& options, training_state<T>& state)
      : model_(model),
        options_(options),
        state_(state),
        optimizer_(options.optimizer, model.parameters.size()),
        batches_(
            checked(model, nodes, train, options),
            {.size = options.batch, .seed = options.seed, .drop_last = options.drop_last, .augment = options.augment}),
        inputs_(samples() * static_cast<std::size_t>(model.in.size())),
        outputs_(samples() * static_cast<std::size_t>(model.out.size())),
        gradient_(outputs_.size()) {
    resume();
  }

  /// `judged`: the same model.
  history run(inference_access<T> const& judged) {
    history past;
    int const last = options_.until > 0 ? std::min(options_.until, options_.epochs) : options_.epochs;
    while (state_.epoch < last) {
      epoch_report report = learn_epoch(state_.epoch);
      remember();
      if (options_.evaluation) report.evaluation = evaluate(judged, *options_.evaluation, 0, options_.loss);
      past.push_back(report);
      if (options_.on_epoch) options_.on_epoch(past.back());
    }
    return past;
  }

 private:
  /// Of a clock that nobody sets. <chrono> would take 0.1 s to compile.
  static double seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  }

  static dataset const& checked(training_access<T> const& model, std::span<graph_node const> nodes,
                                dataset const& train, fit_options<Rule, Loss> const& options) {
    check_fits(model.in, model.out, train);
    if (options.evaluation) check_fits(model.in, model.out, *options.evaluation);
    if (options.epochs < 0)
      throw error("fit", "expected epochs of at least 0, found " + std::to_string(options.epochs));
    if (options.batch < 1) throw error("fit", "expected a batch of at least 1, found " + std::to_string(options.batch));
    batch_or_capacity(model.capacity, options.batch);
    // Refused now rather than at the end of the first epoch.
    if (options.evaluation) batches::in_order(*options.evaluation, options.batch);
    int const rest = train.size() % options.batch, last = rest == 0 || options.drop_last ? options.batch : rest;
    check_statistics(nodes, last);
    return train;
  }

  /// A state that has seen nothing begins; another one must belong to a run like this.
  void resume() {
    std::uint64_t const expected =
        static_cast<std::uint64_t>(state_.epoch) * static_cast<std::uint64_t>(batches_.count());
    if (state_.epoch == 0 && state_.step == 0) {
      remember_start();
      return;
    }
    if (state_.seed != options_.seed)
      throw error("fit", "expected the seed " + std::to_string(state_.seed) + " of the run to resume, found " +
                             std::to_string(options_.seed));
    if (state_.epoch < 0 || state_.step != expected)
      throw error("fit", "the run to resume made " + std::to_string(state_.step) + " steps in " +
                             std::to_string(state_.epoch) + " epochs; with this data and batch it would be " +
                             std::to_string(expected));
    optimizer_.restore(state_);
    model_.set_random_state(model_.model, state_.random);
  }

  void remember_start() {
    state_.seed = options_.seed;
    state_.random = model_.random_state(model_.model);
    optimizer_.store(state_);
  }

  void remember() {
    remember_start();
    ++state_.epoch;
  }

  epoch_report learn_epoch(int epoch) {
    batch_report now{.epoch = epoch + 1, .epochs = options_.epochs, .batches = batches_.count()};
    now.steps = static_cast<std::uint64_t>(options_.epochs) * static_cast<std::uint64_t>(now.batches);
    weighted_mean loss;
    double correct = 0;
    double const begin = seconds();
    for (auto const& b : batches_.epoch(epoch)) {
      batch_loss const found = learn(b, now);
      loss.add(found.mean, b.size());
      correct += found.correct;
      now.so_far = {loss.value(), correct / loss.weight()};
      now.seconds = seconds() - begin;
      now.images_per_second = loss.weight() / std::max(now.seconds, 1e-9);
      if (options_.on_batch) options_.on_batch(now);
    }
    if (!all_finite<T>(model_.parameters)) stop(now, "a parameter is not finite after it");
    return {now.epoch, now.epochs, now.step, now.learning_rate, now.so_far, {}, now.seconds, now.images_per_second};
  }

  batch_loss learn(batch const& b, batch_report& now) {
    auto const y = std::span(outputs_).first(b.labels.size() * static_cast<std::size_t>(model_.out.size()));
    auto const dy = std::span(gradient_).first(y.size());
    double const factor = options_.schedule ? options_.schedule(optimizer_.steps(), now.steps) : 1;
    now.batch = b.index + 1;
    now.step = optimizer_.steps() + 1;
    now.learning_rate = options_.optimizer.lr * factor;
    model_.forward(model_.model, inputs_(b.images), y);
    batch_loss const found = options_.loss(std::span<T const>(y), b.labels, dy);
    now.loss = found.mean;
    if (!std::isfinite(found.mean)) stop(now, "the loss is " + std::to_string(found.mean), non_finite_in(b));
    model_.backward(model_.model, dy);
    optimizer_.step(model_.parameters, model_.gradients, model_.ranges, factor, model_.threads);
    model_.parameters_changed(model_.model);
    return found;
  }

  /// "sample 3 of the batch": where the data set itself is not finite.
  std::string non_finite_in(batch const& b) const {
    std::size_t const size = static_cast<std::size_t>(model_.in.size());
    for (std::size_t i = 0; i < b.labels.size(); ++i)
      if (!all_finite(b.images.subspan(i * size, size))) return "sample " + std::to_string(i) + " of the batch";
    return "";
  }

  [[noreturn]] void stop(batch_report const& now, std::string const& what, std::string where = {}) {
    if (where.empty()) where = first_not_finite(model_);
    if (where.empty()) where = "the loss";
    throw error("fit: epoch " + std::to_string(now.epoch) + ", step " + std::to_string(now.step),
                what + "; first not finite: " + where);
  }

  std::size_t samples() const { return static_cast<std::size_t>(batches_.capacity()); }

  training_access<T> model_;
  fit_options<Rule, Loss> const& options_;
  training_state<T>& state_;
  optimizer<Rule, T> optimizer_;
  batches batches_;
  model_inputs<T> inputs_;
  std::vector<T> outputs_, gradient_;
};

/// Trains from where `state` stands to options.until (or all epochs), keeps `state` up to date after each
/// epoch, before its evaluation and `on_epoch`, which may save it. Stopping and resuming with the same data
/// and options gives bitwise the numbers of an uninterrupted run. Throws `error` for a data set that does not
/// fit the model, a batch over its capacity, a state of another run, and for a loss that is not finite,
/// naming epoch, step and the layer or tensor; `state` is then that of the last whole epoch, the model's parameters are
/// not.
template<class Model, class Rule, class Loss>
history fit(Model& model, dataset const& train, fit_options<Rule, Loss> const& options,
            training_state<typename Model::scalar>& state) {
  using T = typename Model::scalar;
  if constexpr (!learns<Model> || !is_a_loss<Loss, T>)
    return {};  // refused
  else {
    std::span<graph_node const> nodes;  // where the network is known before it runs
    if constexpr (requires { nodes_of(model); }) nodes = nodes_of(model);
    return training_run<T, Rule, Loss>(access_training(model), nodes, train, options, state)
        .run(access_inference(model));
  }
}

/// The same, from the beginning.
template<class Model, class Rule = SGD, class Loss = SoftmaxCrossEntropy>
history fit(Model& model, dataset const& train, fit_options<Rule, Loss> const& options = {}) {
  training_state<typename Model::scalar> state;
  return fit(model, train, options, state);
}

}  // namespace laminate
