// Suite `freeze`: inference of frozen models against Model::infer.
#include "freeze/networks.hpp"
#include "suite.hpp"

int main(int argc, char** argv) {
  bench::suite suite{"frozen models against Model::infer"};
  suite.takes_batches(), suite.takes_threads(), suite.takes_rounds(9);
  return suite.run(argc, argv, [&] {
    double const peak = bench::fma_peak();
    std::printf("FMA peak %.1f GFLOP/s a core; medians of %d rounds\n", peak / 1e9, suite.rounds);
    std::printf("%-12s %5s %8s %12s %12s %12s %8s %8s %7s\n", "network", "N", "threads", "samples", "frozen us/N",
                "Model us/N", "ratio", "% peak", "spread");
    std::vector<bench::row> all;
    for (bench::freeze_measurement measure :
         {bench::freeze_resnet20, bench::freeze_lenet, bench::freeze_mlp, bench::freeze_mobilenet})
      for (bench::row const& r : measure(peak, suite.batches, suite.threads, suite.rounds)) {
        std::printf("%-12s %5d %8d %12s %12.2f %12.2f %7.2fx %7.1f%% %6.1f%%\n", r.name.c_str(), r.batch, r.threads,
                    r.ours.c_str(), r.ours_us, r.peer_us, r.ratio, r.percent_of_peak, 100 * r.spread);
        all.push_back(r);
      }
    return bench::to_json(all);
  });
}
