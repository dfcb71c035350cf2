// Loops over independent parts of work, on OpenMP's threads when it is there.
#pragma once

#ifdef _OPENMP
#include <omp.h>

#include <algorithm>
#endif

namespace laminate {

/// As many threads as OpenMP would take: what OMP_NUM_THREADS or omp_set_num_threads says, else one per processor that
/// the process may use.
inline int default_threads() {
#ifdef _OPENMP
  return omp_get_max_threads();
#else
  return 1;
#endif
}

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

#ifdef _OPENMP
/// Parts on their way to threads: each queue holds consecutive ones, for one thread or a few. Loops of as many parts
/// give a thread the same ones every time, so what it wrote in one loop is in its own cache in the next; a thread that
/// is done takes from the others' queues, since processors are not equally fast.
class part_queues {
 public:
  part_queues(int parts, int threads) : queues_(std::min(threads, most)) {
    for (int q = 0; q < queues_; ++q) of_[q] = {cut_evenly(parts, queues_, q), cut_evenly(parts, queues_, q + 1)};
  }

  void work(int thread, loop_body const& body) {
    for (int k = 0; k < queues_; ++k) {
      queue& from = of_[(thread + k) % queues_];
      for (int part = from.take(); part < from.end; part = from.take()) body(part, thread);
    }
  }

 private:
  struct alignas(64) queue {
    int next = 0, end = 0;

    int take() {
      int part;
#pragma omp atomic capture
      part = next++;
      return part;
    }
  };
  static constexpr int most = 16;

  int queues_;
  queue of_[most];
};
#endif

inline void run_loop(int parts, [[maybe_unused]] int threads, loop_body const& body) {
#ifdef _OPENMP
  if (threads > 1 && parts > 1) {
    part_queues queues(parts, threads);
#pragma omp parallel num_threads(threads)
    queues.work(omp_get_thread_num(), body);
    return;
  }
#endif
  for (int part = 0; part < parts; ++part) body(part, 0);
}

/// body(part, thread) for every part in [0, parts). Which thread takes a part is open, so a
/// part must write only what is its own; what parts leave behind is joined afterwards in their
/// order. That makes results equal for any thread count.
template<class Body> void parallel_for(int parts, int threads, Body const& body) {
  run_loop(parts, threads, {const_cast<Body*>(&body), [](void* of, int part, int thread) {
                              (*static_cast<Body const*>(of))(part, thread);
                            }});
}

}  // namespace laminate
