// Suite `networks`: whole networks, inference and training, beside libtorch, oneDNN, ONNX Runtime, dlib and RTNeural
// where they are there.
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "networks/networks.hpp"
#include "roofline.hpp"
#include "suite.hpp"

namespace {

// What libraries read when a program starts. libtorch's linear algebra has threads of its own; and libtorch asks the
// allocator for each tensor anew, which these settings keep from giving memory back to the system after every step.
void start_again_with_settings(bench::settings const& s, char** arguments) {
  char const* const told = "OPENBLAS_NUM_THREADS";
  if (std::getenv(told)) return;
  setenv(told, std::to_string(s.threads).c_str(), 1);
  if (s.tuned) {
    setenv("MALLOC_MMAP_THRESHOLD_", "8589934592", 1);
    setenv("MALLOC_TRIM_THRESHOLD_", "17179869184", 1);
    setenv("MALLOC_TOP_PAD_", "67108864", 1);
  }
  execv("/proc/self/exe", arguments);
  throw laminate::error("networks", "the program could not start itself again");
}

void print(bench::row const& r) {
  std::printf("%-16s %-6s %5d %8d %12.2f", r.name.c_str(), r.work.c_str(), r.batch, r.threads, r.ours_us);
  if (r.peer.empty())
    std::printf(" %-16s %12s %8s", "", "", "");
  else
    std::printf(" %-16s %12.2f %7.2fx", r.peer.c_str(), r.peer_us, r.ratio);
  std::printf(" %7.1f%% %6.1f%%\n", r.percent_of_peak, 100 * r.spread);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  bench::suite suite{
      "whole networks, beside libtorch, oneDNN, ONNX Runtime, dlib and RTNeural where they are there (run "
      "--with-peers)"};
  bench::settings s;
  suite.takes_threads(), suite.takes_rounds(9);
  suite.app.add_flag("--tuned", s.tuned,
                     "libtorch with channels last and an allocator that keeps its memory; its rows are added to FILE");
  std::string roofline;
  suite.app.add_option("--roofline", roofline, "draw FLOP per byte and second to this SVG file, by gnuplot");
  return suite.run(argc, argv, [&] {
    s.threads = suite.threads, s.rounds = suite.rounds;
    std::string const version = bench::libtorch_version();
    if (s.tuned && version.empty()) throw laminate::error("networks", "these benchmarks were built without libtorch");
    if (!version.empty()) start_again_with_settings(s, argv);
    s.peak = bench::fma_peak();
    std::printf("FMA peak %.1f GFLOP/s a core; medians of %d rounds", s.peak / 1e9, s.rounds);
    std::pair<char const*, std::string> const peers[] = {{"libtorch", version},
                                                         {"oneDNN", bench::onednn_version()},
                                                         {"ONNX Runtime", bench::onnxruntime_version()},
                                                         {"dlib", bench::dlib_version()},
                                                         {"RTNeural", bench::has_rtneural() ? "RTNeural" : ""}};
    for (auto const& [name, found] : peers)
      std::printf(", %s%s", found.empty() ? name : found.c_str(), found.empty() ? " is missing" : "");
    std::printf(version.empty() ? ": benchmarks/run networks --with-peers\n" : "\n");
    std::printf("%-16s %-6s %5s %8s %12s %-16s %12s %8s %8s %7s\n", "network", "work", "N", "threads", "ours us/N",
                "peer", "peer us/N", "ratio", "% peak", "spread");
    std::vector<bench::row> all;
    for (bench::network_measurement measure :
         {bench::measure_resnet20, bench::measure_resnet18, bench::measure_lenet, bench::measure_mlp,
          bench::measure_tiny_mlp, bench::measure_mobilenet, bench::measure_vgg11, bench::measure_wide_resnet})
      for (bench::row const& r : measure(s)) print(r), all.push_back(r);
    if (!roofline.empty() && !s.tuned) bench::draw_roofline(roofline, all, s.peak);
    nlohmann::json rows = nlohmann::json::array();
    if (std::ifstream before(suite.json); s.tuned && before) rows = nlohmann::json::parse(before)["rows"];
    for (auto const& r : bench::to_json(all)) rows.push_back(r);
    return rows;
  });
}
