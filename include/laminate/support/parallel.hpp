// Loops over independent parts of work, on OpenMP's threads when it is there.
#pragma once

#ifdef _OPENMP
#include <omp.h>
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

/// body(part, thread) for every part in [0, parts). Which thread takes a part is open, so a
/// part must write only what is its own; what parts leave behind is joined afterwards in their
/// order. That makes results equal for any thread count.
template<class Body> void parallel_for(int parts, [[maybe_unused]] int threads, Body&& body) {
#ifdef _OPENMP
  if (threads > 1 && parts > 1) {
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
    for (int part = 0; part < parts; ++part) body(part, omp_get_thread_num());
    return;
  }
#endif
  for (int part = 0; part < parts; ++part) body(part, 0);
}

}  // namespace laminate
