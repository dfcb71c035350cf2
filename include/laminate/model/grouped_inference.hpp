// Inference of batches of any size: a few samples at a time go through the whole network.
#pragma once

#include <algorithm>
#include <laminate/graph/multiply_adds.hpp>
#include <laminate/memory/traffic.hpp>
#include <laminate/model/layouts.hpp>
#include <laminate/model/sequence.hpp>
#include <laminate/model/storage.hpp>
#include <laminate/model/straight_inference.hpp>
#include <laminate/support/parallel.hpp>
#include <span>

namespace laminate {

/// Runs one pass of inference on parameters that somebody else has. Samples go through the network in groups, so that
/// what layers hand to each other stays in a cache and memory does not grow with the batch; threads take groups, and
/// meet only when all is done. Where there are more threads than samples, they share each sample.
template<class Net, class Policy, pass Pass, class T, class Arch> class grouped_inference {
  static constexpr auto& g = graph_of<Net>;
  using running = sequence<Net, Policy, Pass, T, Arch>;
  using straight = straight_inference<Net, Policy, T, Arch>;
  static_assert(running::plan.reductions == 0, "inference reads running statistics and sums up none");

 public:
  static constexpr inference_footprint bytes = footprint_of<Net, Policy, Pass>(sizeof(T));
  /// Samples that go through the network together.
  static constexpr int together = images_together(bytes);
  /// Whether the network is so small that it runs without steps.
  static constexpr bool is_straight = straight::fits;

  int threads() const { return threads_; }
  /// Results do not depend on it. Takes memory, an arena for each.
  void threads(int count) {
    threads_ = std::max(1, count);
    arenas_ = aligned_buffer<T>(static_cast<std::size_t>(arena_size) * threads_);
    scratch_ = aligned_buffer<T>(static_cast<std::size_t>(scratch_size) * threads_);
  }

  void infer(std::span<kernels::node_memory<T>> memory, T const* x, T* y, int all) {
    if constexpr (is_straight) {
      straight::infer(memory, x, y, all, threads_);
    } else {
      bool const shares_samples = all < threads_;
      int const threads = shares_samples ? 1 : worthwhile_threads(all);
      int const most = std::min(together, (all + threads - 1) / threads);
      parallel_for((all + most - 1) / most, threads, [&](int group, int thread) {
        int const first = group * most;
        infer_group({.memory = memory, .x = x, .y = y, .first = first, .samples = std::min(most, all - first)}, thread,
                    shares_samples ? threads_ : 1);
      });
    }
  }

  /// Bytes of the arenas of all threads.
  std::size_t arena_bytes() const { return arenas_.size() * sizeof(T); }

 private:
  static constexpr long arena_size = static_cast<long>(running::plan.arena) * together;
  static constexpr long scratch_size = aligned(running::plan.scratch);

  struct group_of_samples {
    std::span<kernels::node_memory<T>> memory;
    T const* x;
    T* y;
    int first, samples;
  };

  /// Fewer than there are where a few samples of a small network would not keep them busy.
  int worthwhile_threads(int samples) const {
    constexpr double work = static_cast<double>(multiply_adds(g.all())) / channel_block;
    return std::clamp(static_cast<int>(samples * work / kernels::work_of_a_piece), 1, threads_);
  }

  // On arena `at`, with the scratch of `threads` threads from there on.
  void infer_group(group_of_samples const& of, int at, int threads) {
    kernels::run_state<T> const state{.batch = of.samples,
                                      .capacity = together,
                                      .threads = threads,
                                      .nodes = g.all(),
                                      .memory = of.memory,
                                      .tensors = running::plan.tensors,
                                      .arena = arenas_.data() + at * arena_size,
                                      .scratch = scratch_.data() + at * scratch_size,
                                      .scratch_size = scratch_size};
    auto const part = [&](auto* all, shape one) {
      auto const size = static_cast<std::size_t>(one.size());
      return std::span(all + of.first * size, of.samples * size);
    };
    import_tensor<T>(state, running::plan.input, part(of.x, g.nodes[0].out));
    running::forward(state);
    export_tensor<T>(state, running::plan.output, part(of.y, g.output().out));
  }

  int threads_ = 1;
  aligned_buffer<T> arenas_, scratch_;
};

}  // namespace laminate
