// Suite `threads`: several threads against one.
#include "networks/networks.hpp"
#include "suite.hpp"

#include <atomic>
#include <thread>

using namespace laminate;

namespace {

/// Seconds that a cache line takes from one thread to another. What threads hand to each other costs that much a line,
/// and where a hypervisor moves processors it is another figure in another minute.
double seconds_between_threads() {
  constexpr int turns = 50'000;
  alignas(64) std::atomic<int> turn{0};
  auto const take_turns = [&](int mine) {
    for (; mine < turns; mine += 2) {
      while (turn.load(std::memory_order_acquire) != mine) {
      }
      turn.store(mine + 1, std::memory_order_release);
    }
  };
  double const start = bench::seconds_now();
  std::thread other(take_turns, 1);
  take_turns(0);
  other.join();
  return (bench::seconds_now() - start) / turns;
}

template<class Net> void measure(char const* name, bench::suite const& s, double peak, std::vector<bench::row>& rows) {
  for (bool const trains : {true, false})
    for (int const batch : s.batches) {
      bench::learner<Net> several(batch, s.threads), alone(batch, 1);
      // A processor that had nothing to do takes a while to run at full speed.
      auto const time = [&](auto& one) { return bench::time_of([&] { one.work(trains); }, 0.2); };
      bench::duel const d(
          s.rounds, [&] { return time(several); }, [&] { return time(alone); });
      double const seconds = bench::median(d.ours) / batch, flops = (trains ? 3. : 1.) * plan<Net>.flops;
      bench::row r;
      r.suite = "threads", r.name = name, r.work = trains ? "train" : "infer", r.peer = "one thread";
      r.batch = batch, r.threads = s.threads, r.rounds = s.rounds;
      r.ours_us = seconds * 1e6, r.peer_us = bench::median(d.theirs) / batch * 1e6, r.ratio = bench::median(d.ratios);
      r.percent_of_peak = 100 * flops / seconds / (peak * s.threads), r.spread = bench::spread(d.ratios);
      std::printf("%-12s %-6s %5d %8d %12.2f %12.2f %7.2fx %7.1f%% %6.1f%%\n", name, r.work.c_str(), batch, r.threads,
                  r.ours_us, r.peer_us, r.ratio, r.percent_of_peak, 100 * r.spread);
      std::fflush(stdout);
      rows.push_back(r);
    }
}

}  // namespace

int main(int argc, char** argv) {
  bench::suite suite{"several threads against one"};
  suite.threads = 2;
  suite.takes_batches(), suite.takes_threads(), suite.takes_rounds(9);
  return suite.run(argc, argv, [&] {
    double const peak = bench::fma_peak();
    std::printf("FMA peak %.1f GFLOP/s a core; a line from thread to thread %.0f ns; medians of %d rounds\n",
                peak / 1e9, 1e9 * seconds_between_threads(), suite.rounds);
    std::printf("%-12s %-6s %5s %8s %12s %12s %8s %8s %7s\n", "network", "work", "N", "threads", "us/N", "one thread",
                "ratio", "% peak", "spread");
    std::vector<bench::row> rows;
    measure<zoo::ResNet<20, 10, 16, zoo::Projected>>("ResNet-20", suite, peak, rows);
    measure<zoo::LeNet5<>>("LeNet-5", suite, peak, rows);
    measure<zoo::MLP<10, 128>>("MLP", suite, peak, rows);
    return bench::to_json(rows);
  });
}
