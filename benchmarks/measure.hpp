// Honest timing: the machine's peak in the same run, two contenders in turn, medians and spread, outputs observed.
#pragma once

#include <algorithm>
#include <chrono>
#include <laminate/kernels/tile.hpp>
#include <vector>

namespace bench {

inline double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The compiler must assume that this memory is read and written here.
inline void observe(void const* memory) { asm volatile("" : : "r"(memory) : "memory"); }

inline double median(std::vector<double> values) {
  auto const middle = values.begin() + static_cast<long>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Half the distance between the quartiles, over the median.
inline double spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::size_t const n = values.size();
  return (values[3 * n / 4] - values[n / 4]) / 2 / values[n / 2];
}

/// Single-precision FLOP/s of one core: independent fused multiply-adds in registers, the best of several short runs.
inline double fma_peak() {
  using namespace laminate::kernels;
  constexpr int chains = accumulators<default_arch>, width = lanes<float, default_arch>;
  double best = 0;
  for (int attempt = 0; attempt < 20; ++attempt) {
    vector<float, default_arch> sum[chains];
    unroll(
        upto<chains>, [&](auto i)
                          __attribute__((always_inline)) { sum[i] = broadcast<float, default_arch>(float(i)); });
    float factor = 0.999f, term = 1e-3f;
    observe(&factor), observe(&term);
    auto const a = broadcast<float, default_arch>(factor), b = broadcast<float, default_arch>(term);
    constexpr int rounds = 200'000;
    double const begin = seconds_now();
    for (int r = 0; r < rounds; ++r)
      unroll(
          upto<chains>, [&](auto i) __attribute__((always_inline)) { sum[i] = multiply_add(sum[i], a, b); });
    // Only their total is observed: were the sums themselves, they would live in memory.
    unroll(
        upto<chains - 1>, [&](auto i) __attribute__((always_inline)) { sum[0] += sum[i + 1]; });
    float total[width];
    store<float, default_arch>(total, sum[0]);
    observe(total);
    double const took = seconds_now() - begin;
    best = std::max(best, 2.0 * chains * width * rounds / took);
  }
  return best;
}

/// Seconds per call of `work`, repeated for at least `least` seconds. The first call is not counted: it finds the
/// caches as another contender left them, threads asleep and memory that was never written. The clock is asked more
/// seldom the shorter a call is: it takes as long as a small network does.
template<class Work> double time_of(Work&& work, double least = 0.02) {
  work();
  int repeats = 0, at_once = 1;
  double const begin = seconds_now();
  double before = begin, now = begin;
  do {
    for (int i = 0; i < at_once; ++i) work();
    repeats += at_once;
    now = seconds_now();
    if (now - before < 2e-5) at_once *= 2;
    before = now;
  } while (now - begin < least);
  return (now - begin) / repeats;
}

/// The same of calls each after a `prepare` that is not counted.
template<class Prepare, class Work> double time_after(Prepare&& prepare, Work&& work, double least = 0.02) {
  prepare(), work();
  int repeats = 0;
  double total = 0;
  do {
    prepare();
    double const begin = seconds_now();
    work();
    total += seconds_now() - begin;
    ++repeats;
  } while (total < least);
  return total / repeats;
}

/// Two contenders, each a function that answers with seconds per call, measured in turn, round by round, so that the
/// machine's drift meets both.
struct duel {
  std::vector<double> ours, theirs, ratios;

  template<class Ours, class Theirs> duel(int rounds, Ours&& a, Theirs&& b) {
    for (int r = 0; r < rounds; ++r) {
      double const x = a(), y = b();
      ours.push_back(x), theirs.push_back(y), ratios.push_back(y / x);
    }
  }
};

}  // namespace bench
