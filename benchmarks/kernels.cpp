// Suite `kernels`: convolutions alone, each in its three directions, as Auto computes them beside the direct algorithm,
// and depthwise ones beside groups of two channels.
#include <cmath>
#include <map>

#include "kernels/convolutions.hpp"
#include "kernels/peer.hpp"
#include "suite.hpp"

namespace {

/// How the 3×3 convolutions of stride 1 and 16 channels or more compare with the better of oneDNN's.
void print_mean(std::vector<bench::row> const& rows) {
  std::map<std::pair<std::string, std::string>, double> least;
  bool has_winograd = false;
  for (bench::row const& r : rows) {
    has_winograd |= r.peer == "oneDNN Winograd";
    if (!r.peer.starts_with("oneDNN") || !r.name.starts_with("3x3") || r.name.find("->") != std::string::npos) continue;
    auto const [at, is_new] = least.insert({{r.name, r.work}, r.ratio});
    at->second = std::min(at->second, r.ratio);
  }
  double logarithms = 0, worst = 1e9;
  for (auto const& [of, ratio] : least) logarithms += std::log(ratio), worst = std::min(worst, ratio);
  if (!has_winograd) std::puts("oneDNN has no Winograd for this processor");
  if (!least.empty())
    std::printf("3x3, stride 1, %zu rows against oneDNN's best: geometric mean %.2fx, least %.2fx\n", least.size(),
                std::exp(logarithms / static_cast<double>(least.size())), worst);
}

}  // namespace

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
    if (!bench::has_convolution_peers()) std::puts("oneDNN: not built with it (--with-peers)");
    std::printf("%-24s %-17s %-12s %10s %-16s %10s %8s %8s\n", "convolution", "work", "Auto is", "us/N", "peer",
                "peer us/N", "ratio", "% peak");
    std::vector<bench::row> all;
    for (auto const& measure : bench::convolutions())
      for (bench::row const& r : measure(peak, batch, suite.rounds)) {
        std::printf("%-24s %-17s %-12s %10.2f %-16s %10.2f %7.2fx %7.1f%%\n", r.name.c_str(), r.work.c_str(),
                    r.ours.c_str(), r.ours_us, r.peer.c_str(), r.peer_us, r.ratio, r.percent_of_peak);
        all.push_back(r);
      }
    if (bench::has_convolution_peers()) print_mean(all);
    return bench::to_json(all);
  });
}
