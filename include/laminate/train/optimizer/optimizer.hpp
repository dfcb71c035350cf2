// Applies an update rule to all parameters of a model, and owns what the rule remembers about each of them.
#pragma once

#include <laminate/model/parameter_range.hpp>
#include <laminate/support/error.hpp>
#include <laminate/support/parallel.hpp>
#include <laminate/train/training_state.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#include <xsimd/xsimd.hpp>

namespace laminate {

/// `optimizer sgd{SGD{.lr = 0.1, .momentum = 0.9}, model}; … sgd.step(model);`
/// A rule (SGD, Adam, …, or one of your own) is a plain struct with lr, weight_decay, decay_everything and
///   static constexpr std::string_view name;
///   static constexpr std::array<char const*, B> buffers;  // remembered for each parameter, 0 at first
///   void check() const;                                   // throws `error` for meaningless settings
///   template<class T> auto update(double lr, double decay, std::uint64_t t) const;
/// where `update` answers, for step t = 1, 2, …, with a callable (V& parameter, V const& gradient,
/// V&... buffers), V being T or an xsimd batch of T, which several threads call at once. Weights decay; biases,
/// normalisation and slopes do so with `decay_everything` only.
template<class Rule, class T, class Arch = xsimd::default_arch> class optimizer {
 public:
  /// Allocates the buffers: as many numbers each as the model has parameters.
  template<class Model> optimizer(Rule const& rule, Model& model) : optimizer(rule, model.parameters().size()) {}
  optimizer(Rule const& rule, std::size_t parameters) : rule_(rule), size_(parameters) {
    rule_.check();
    for (auto& buffer : buffers_) buffer.resize(size_);
  }

  /// One update by the model's gradients, with the learning rate lr · factor, on the model's threads. Allocation-free.
  template<class Model> void step(Model& model, double factor = 1) {
    step(model.parameters(), model.gradients(), model.ranges(), factor, threads_of(model));
    model.parameters_changed();
  }

  /// The same on the buffers alone, of which the model is not told.
  void step(std::span<T> parameters, std::span<T const> gradients, std::span<parameter_range const> ranges,
            double factor, int threads = 1) {
    if (parameters.size() != size_) throw error("optimizer", "it was made for a model with other parameters");
    ++steps_;
    double const rate = rule_.lr * factor, decay = rule_.weight_decay;
    auto const decaying = rule_.template update<T>(rate, decay, steps_);
    auto const keeping = rule_.template update<T>(rate, rule_.decay_everything ? decay : 0, steps_);
    int const parts = static_cast<int>((size_ + parameters_of_a_part - 1) / parameters_of_a_part);
    parallel_for(parts, size_ < parameters_of_threads ? 1 : threads, [&](int part, int) {
      std::size_t const begin = static_cast<std::size_t>(part) * parameters_of_a_part;
      for (auto const& range : ranges) {
        std::size_t const of_range = static_cast<std::size_t>(range.first);
        std::size_t const first = std::max(begin, of_range);
        std::size_t const end = std::min(begin + parameters_of_a_part, of_range + static_cast<std::size_t>(range.size));
        if (first < end) apply(range.decays ? decaying : keeping, parameters.data(), gradients.data(), {first, end});
      }
    });
  }

  /// Steps taken; those before a restored state count.
  std::uint64_t steps() const { return steps_; }
  Rule const& rule() const { return rule_; }

  /// Copies step, rule and buffers out; the rest of the state stays as it is.
  void store(training_state<T>& state) const {
    state.step = steps_;
    state.optimizer = Rule::name;
    state.buffers.resize(buffer_count);
    for (std::size_t b = 0; b < buffer_count; ++b) state.buffers[b] = {Rule::buffers[b], buffers_[b]};
  }

  /// Continues from a stored state. Throws `error` and changes nothing where it belongs to another rule or
  /// model.
  void restore(training_state<T> const& state) {
    if (state.optimizer != Rule::name)
      throw error("optimizer", "expected the state of " + std::string(Rule::name) + ", found that of " +
                                   (state.optimizer.empty() ? "none" : state.optimizer));
    for (std::size_t b = 0; b < std::max(buffer_count, state.buffers.size()); ++b)
      if (state.buffers.size() != buffer_count || state.buffers[b].name != Rule::buffers[b] ||
          state.buffers[b].values.size() != size_)
        throw error("optimizer", "the buffers of the state do not fit " + std::string(Rule::name) + " on this model");
    for (std::size_t b = 0; b < buffer_count; ++b) std::ranges::copy(state.buffers[b].values, buffers_[b].begin());
    steps_ = state.step;
  }

 private:
  static constexpr std::size_t buffer_count = Rule::buffers.size();
  using every_buffer = std::make_index_sequence<buffer_count>;
  using vector = xsimd::batch<T, Arch>;

  /// Parameters that one thread takes at once, whatever the number of threads: some microseconds of work. Fewer in all
  /// are not worth a second thread: what it writes others fetch from its cache.
  static constexpr std::size_t parameters_of_a_part = 1 << 14, parameters_of_threads = 1 << 19;

  struct stretch {
    std::size_t first, end;
  };

  // Written over xsimd because a square root is not vectorised where it may set errno, which is the
  // compilers' default.
  template<class Update> void apply(Update const& update, T* parameters, T const* gradients, stretch of) {
    std::array<T*, buffer_count> state;
    for (std::size_t b = 0; b < buffer_count; ++b) state[b] = buffers_[b].data();
    std::size_t i = of.first;
    for (; i + vector::size <= of.end; i += vector::size)
      apply_at<vector>(update, i, parameters, gradients, state, every_buffer{});
    for (; i < of.end; ++i) apply_at<T>(update, i, parameters, gradients, state, every_buffer{});
  }

  template<class V, class Update, std::size_t... B>
  [[gnu::always_inline]] static void apply_at(Update const& update, std::size_t i, T* parameter, T const* gradient,
                                              std::array<T*, buffer_count> const& state, std::index_sequence<B...>) {
    V p = load<V>(parameter + i);
    std::array<V, buffer_count> remembered{load<V>(state[B] + i)...};
    update(p, load<V>(gradient + i), remembered[B]...);
    store(parameter + i, p);
    (store(state[B] + i, remembered[B]), ...);
  }

  template<class V> [[gnu::always_inline]] static V load(T const* from) {
    if constexpr (std::is_same_v<V, T>)
      return *from;
    else
      return V::load_unaligned(from);
  }
  [[gnu::always_inline]] static void store(T* to, T value) { *to = value; }
  [[gnu::always_inline]] static void store(T* to, vector const& value) { value.store_unaligned(to); }

  Rule rule_;
  std::size_t size_;
  std::uint64_t steps_ = 0;
  std::array<std::vector<T>, buffer_count> buffers_;
};

template<class Rule, class Model> optimizer(Rule, Model&) -> optimizer<Rule, typename Model::scalar>;

/// What the rules' checks say: "SGD: expected a momentum of at least 0, found -1".
inline void check_setting(bool fits, std::string_view rule, std::string const& expected, double found) {
  if (!fits) throw error(std::string(rule), "expected " + expected + ", found " + std::to_string(found));
}

}  // namespace laminate
