// Suite `kernels`: convolutions alone, each in its three directions, as Auto computes them beside the direct algorithm,
// and depthwise ones beside groups of two channels.
#include "kernels/convolutions.hpp"
#include "suite.hpp"

int main(int argc, char** argv) {
  bench::suite suite{"convolutions on one thread against the processor's peak"};
  int batch = 16;
  suite.app.add_option("--batch", batch, "images")->check(CLI::Range(1, 1024))->capture_default_str();
  suite.takes_rounds(7);
  return suite.run(argc, argv, [&] {
    double const peak = bench::fma_peak();
    std::printf(
        "FMA peak %.1f GFLOP/s a core; medians of %d rounds, batches of %d; %% of it by the direct algorithm's\n"
        "multiplications, padding counted\n",
        peak / 1e9, suite.rounds, batch);
    std::printf("%-24s %-17s %-12s %10s %10s %8s %8s\n", "convolution", "work", "Auto is", "us/N", "peer us/N", "ratio",
                "% peak");
    std::vector<bench::row> all;
    for (auto const& measure : bench::convolutions())
      for (bench::row const& r : measure(peak, batch, suite.rounds)) {
        std::printf("%-24s %-17s %-12s %10.2f %10.2f %7.2fx %7.1f%%\n", r.name.c_str(), r.work.c_str(), r.ours.c_str(),
                    r.ours_us, r.peer_us, r.ratio, r.percent_of_peak);
        all.push_back(r);
      }
    return bench::to_json(all);
  });
}
