// The program of a suite of whole networks.
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "run.hpp"

#include "../roofline.hpp"
#include "../suite.hpp"

namespace bench {
namespace {

// What libraries read when a program starts. libtorch's linear algebra has threads of its own; and libtorch asks the
// allocator for each tensor anew, which these settings keep from giving memory back to the system after every step.
void start_again_with_settings(settings const& s, char** arguments) {
  char const* const told = "OPENBLAS_NUM_THREADS";
  if (std::getenv(told)) return;
  setenv(told, std::to_string(s.threads).c_str(), 1);
  if (s.tuned) {
    setenv("MALLOC_MMAP_THRESHOLD_", "8589934592", 1);
    setenv("MALLOC_TRIM_THRESHOLD_", "17179869184", 1);
    setenv("MALLOC_TOP_PAD_", "67108864", 1);
  }
  execv("/proc/self/exe", arguments);
  throw laminate::error("benchmarks", "the program could not start itself again");
}

void print(row const& r) {
  std::printf("%-18s %-6s %5d %8d %12.2f", r.name.c_str(), r.work.c_str(), r.batch, r.threads, r.ours_us);
  if (r.peer.empty())
    std::printf(" %-16s %12s %8s", "", "", "");
  else
    std::printf(" %-16s %12.2f %7.2fx", r.peer.c_str(), r.peer_us, r.ratio);
  std::printf(" %7.1f%% %6.1f%%\n", r.percent_of_peak, 100 * r.spread);
  std::fflush(stdout);
}

}  // namespace

int run_networks(int argc, char** argv, char const* name, std::string const& what,
                 std::initializer_list<network_measurement> all) {
  bench::suite suite{what +
                     ", beside libtorch, oneDNN, ONNX Runtime, dlib and RTNeural where they are there (run "
                     "--with-peers)"};
  settings s;
  s.suite = name;
  suite.takes_threads(), suite.takes_rounds(9);
  suite.app.add_flag("--tuned", s.tuned,
                     "libtorch with channels last and an allocator that keeps its memory; its rows are added to FILE");
  std::string roofline;
  suite.app.add_option("--roofline", roofline, "draw FLOP per byte and second to this SVG file, by gnuplot");
  return suite.run(argc, argv, [&] {
    s.threads = suite.threads, s.rounds = suite.rounds;
    std::string const version = libtorch_version();
    if (s.tuned && version.empty()) throw laminate::error(name, "these benchmarks were built without libtorch");
    if (!version.empty()) start_again_with_settings(s, argv);
    s.peak = fma_peak();
    std::printf("FMA peak %.1f GFLOP/s a core; medians of %d rounds", s.peak / 1e9, s.rounds);
    std::pair<char const*, std::string> const peers[] = {{"libtorch", version},
                                                         {"oneDNN", onednn_version()},
                                                         {"ONNX Runtime", onnxruntime_version()},
                                                         {"dlib", dlib_version()},
                                                         {"RTNeural", has_rtneural() ? "RTNeural" : ""}};
    for (auto const& [peer, found] : peers)
      std::printf(", %s%s", found.empty() ? peer : found.c_str(), found.empty() ? " is missing" : "");
    std::printf(version.empty() ? ": benchmarks/run %s --with-peers\n" : "\n", name);
    std::printf("%-18s %-6s %5s %8s %12s %-16s %12s %8s %8s %7s\n", "network", "work", "N", "threads", "ours us/N",
                "peer", "peer us/N", "ratio", "% peak", "spread");
    std::vector<row> rows;
    for (network_measurement measure : all)
      for (row const& r : measure(s)) print(r), rows.push_back(r);
    if (!roofline.empty() && !s.tuned) draw_roofline(roofline, rows, s.peak);
    nlohmann::json told = nlohmann::json::array();
    if (std::ifstream before(suite.json); s.tuned && before) told = nlohmann::json::parse(before)["rows"];
    for (auto const& r : to_json(rows)) told.push_back(r);
    return told;
  });
}

}  // namespace bench
