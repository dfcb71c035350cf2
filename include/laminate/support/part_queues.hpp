// The parts of a loop on their way to threads.
#pragma once

#include <algorithm>
#include <atomic>

namespace laminate {

/// Where part `part` begins of `all` things that are cut into `parts` as evenly as possible; part `parts` is the end.
constexpr int cut_evenly(int all, int parts, int part) {
  return static_cast<int>(static_cast<long>(part) * all / parts);
}

/// A loop's body, by address: what surrounds it is compiled once for all loops.
struct loop_body {
  void* body;
  void (*call)(void* body, int part, int thread);

  void operator()(int part, int thread) const { call(body, part, thread); }
};

/// Each queue holds consecutive parts, for one thread or a few. Loops of as many parts give a thread the same ones
/// every time, so what it wrote in one loop is in its own cache in the next; a thread that is done takes from the
/// others' queues, since processors are not equally fast.
class part_queues {
 public:
  void fill(int parts, int threads) {
    queues_ = std::min(threads, most);
    for (int q = 0; q < queues_; ++q) {
      of_[q].next.store(cut_evenly(parts, queues_, q), std::memory_order_relaxed);
      of_[q].end = cut_evenly(parts, queues_, q + 1);
    }
  }

  void work(int thread, loop_body const& body) {
    for (int k = 0; k < queues_; ++k) {
      queue& from = of_[(thread + k) % queues_];
      for (int part = from.take(); part < from.end; part = from.take()) body(part, thread);
    }
  }

 private:
  struct alignas(64) queue {
    std::atomic<int> next = 0;
    int end = 0;

    int take() { return next.fetch_add(1, std::memory_order_relaxed); }
  };
  static constexpr int most = 16;

  int queues_ = 0;
  queue of_[most];
};

}  // namespace laminate
