// Inference of batches of any size: a few samples at a time go through the whole network.
#pragma once

#include <algorithm>
#include <laminate/graph/multiply_adds.hpp>
#include <laminate/model/running_plan.hpp>
#include <laminate/support/aligned_buffer.hpp>
#include <laminate/support/parallel.hpp>
#include <span>

namespace laminate {

/// Runs one pass of inference on parameters that somebody else has. Samples go through the network in groups, so that
/// what layers hand to each other stays in a cache and memory does not grow with the batch; threads take groups, and
/// meet only when all is done. Where there are more threads than samples, they share each sample.
template<class T> class grouped_inference {
 public:
  /// `nodes` and `plan` are constants: they are kept by address. `together`: samples that go through the network
  /// together.
  grouped_inference(std::span<graph_node const> nodes, running_plan const& plan, int together)
      : nodes_(nodes),
        plan_(&plan),
        together_(together),
        arena_size_(static_cast<long>(plan.numbers.arena) * together),
        scratch_size_(aligned(plan.numbers.scratch)),
        work_(static_cast<double>(multiply_adds(nodes)) / channel_block) {}

  int threads() const { return threads_; }
  /// Results do not depend on it. Takes memory, an arena for each.
  void threads(int count) {
    threads_ = std::max(1, count);
    arenas_ = aligned_buffer<T>(static_cast<std::size_t>(arena_size_) * threads_);
    scratch_ = aligned_buffer<T>(static_cast<std::size_t>(scratch_size_) * threads_);
  }

  /// y = the network's output for `all` samples in x; `memory` is that of its nodes, `codes` its steps'.
  void infer(kernels::step_code<T> const* const* codes, std::span<kernels::node_memory<T>> memory, T const* x, T* y,
             int all) {
    bool const shares_samples = all < threads_;
    int const threads = shares_samples ? 1 : worthwhile_threads(all);
    int const most = std::min(together_, (all + threads - 1) / threads);
    parallel_for((all + most - 1) / most, threads, [&](int group, int thread) {
      int const first = group * most;
      infer_group(codes, {memory, x, y, first, std::min(most, all - first)}, thread, shares_samples ? threads_ : 1);
    });
  }

  /// Bytes of the arenas of all threads.
  std::size_t arena_bytes() const { return arenas_.size() * sizeof(T); }

 private:
  struct group_of_samples {
    std::span<kernels::node_memory<T>> memory;
    T const* x;
    T* y;
    int first, samples;
  };

  /// Fewer than there are where a few samples of a small network would not keep them busy.
  int worthwhile_threads(int samples) const {
    return std::clamp(static_cast<int>(samples * work_ / kernels::work_of_a_piece), 1, threads_);
  }

  // On arena `at`, with the scratch of `threads` threads from there on.
  void infer_group(kernels::step_code<T> const* const* codes, group_of_samples const& of, int at, int threads) {
    kernels::run_state<T> const state{.batch = of.samples,
                                      .capacity = together_,
                                      .threads = threads,
                                      .run_loop = run_on_threads,
                                      .nodes = nodes_,
                                      .memory = of.memory,
                                      .tensors = plan_->tensors,
                                      .arena = arenas_.data() + at * arena_size_,
                                      .scratch = scratch_.data() + at * scratch_size_,
                                      .scratch_size = scratch_size_};
    auto const part = [&](auto* all, shape one) {
      auto const size = static_cast<std::size_t>(one.size());
      return std::span(all + of.first * size, of.samples * size);
    };
    run_forward(state, *plan_, codes, part(of.x, nodes_.front().out), part(of.y, nodes_.back().out));
  }

  std::span<graph_node const> nodes_;
  running_plan const* plan_;
  int together_;
  long arena_size_, scratch_size_;
  double work_;
  int threads_ = 1;
  aligned_buffer<T> arenas_, scratch_;
};

}  // namespace laminate
