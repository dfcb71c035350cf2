// Loops over independent parts of work. Programs compiled for OpenMP have threads, and as many as it says.
#pragma once

#include <laminate/support/part_queues.hpp>
#ifdef _OPENMP
#include <omp.h>
#include <laminate/support/team.hpp>
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

/// The threads of a model, or of whatever else says how many it works on; 1 where it does not say.
template<class Worker> int threads_of(Worker const& worker) {
  if constexpr (requires { worker.threads(); })
    return worker.threads();
  else
    return 1;
}

/// What runs a loop: on this thread alone, …
using loop_runner = void (*)(int parts, int threads, loop_body const& body);
inline void run_alone(int parts, int, loop_body const& body) {
  for (int part = 0; part < parts; ++part) body(part, 0);
}

/// … or on up to `threads`. A loop within a part, or within a parallel region of the program, runs on its thread.
inline void run_on_threads(int parts, int threads, loop_body const& body) {
#ifdef _OPENMP
  bool const alone = threads < 2 || parts < 2 || team::is_in_loop() || omp_in_parallel();
  if (!alone) return team::of_this_thread().run(parts, threads, body);
#endif
  run_alone(parts, threads, body);
}

/// body(part, thread) for every part in [0, parts). Which thread takes a part is open, so a
/// part must write only what is its own; what parts leave behind is joined afterwards in their
/// order. That makes results equal for any thread count. Parts do not throw. What runs alone has nothing of threads,
/// nor of the memory that they take, in its program.
template<class Body> void parallel_for(loop_runner run, int parts, int threads, Body const& body) {
  run(parts, threads, {const_cast<Body*>(&body), [](void* of, int part, int thread) {
                         (*static_cast<Body const*>(of))(part, thread);
                       }});
}

template<class Body> void parallel_for(int parts, int threads, Body const& body) {
  parallel_for(run_on_threads, parts, threads, body);
}

}  // namespace laminate
