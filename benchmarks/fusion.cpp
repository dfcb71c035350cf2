// Suite `fusion`: fused against unfused for whole networks and single blocks, from where fusion
// wins to where it does not.
#include "fusion/networks.hpp"
#include "suite.hpp"

int main(int argc, char** argv) {
  bench::suite suite{"fused against unfused kernels"};
  suite.takes_batches(), suite.takes_threads(), suite.takes_rounds(9);
  return suite.run(argc, argv, [&] {
    double const peak = bench::fma_peak();
    std::printf("FMA peak %.1f GFLOP/s a core; medians of %d rounds\n", peak / 1e9, suite.rounds);
    bench::print_heading();
    std::vector<bench::row> all;
    for (auto const& n : bench::fusion_networks()) {
      auto const rows = n.measure(n.name, peak, suite.batches, suite.threads, suite.rounds);
      bench::print(rows);
      all.insert(all.end(), rows.begin(), rows.end());
    }
    return bench::to_json(all);
  });
}
