// Suite `freeze`: inference of frozen models against Model::infer.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "freeze/networks.hpp"
#include "rows_json.hpp"

int main(int argc, char** argv) try {
  std::vector<int> batches{1, 64};
  int threads = 1, rounds = 9;
  std::string json;
  CLI::App app{"Measures frozen models against Model::infer"};
  app.add_option("--batch", batches, "batch sizes")->capture_default_str();
  app.add_option("--threads", threads, "threads")->check(CLI::Range(1, 1024))->capture_default_str();
  app.add_option("--rounds", rounds, "rounds, of which the median counts")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--json", json, "write the rows to this file");
  CLI11_PARSE(app, argc, argv);

  double const peak = bench::fma_peak();
  std::printf("FMA peak %.1f GFLOP/s a core; medians of %d rounds\n", peak / 1e9, rounds);
  std::printf("%-12s %5s %8s %12s %12s %12s %8s %8s %7s\n", "network", "N", "threads", "samples", "frozen us/N",
              "Model us/N", "ratio", "% peak", "spread");
  std::vector<bench::row> all;
  for (bench::freeze_measurement measure :
       {bench::freeze_resnet20, bench::freeze_lenet, bench::freeze_mlp, bench::freeze_mobilenet})
    for (bench::row const& r : measure(peak, batches, threads, rounds)) {
      std::printf("%-12s %5d %8d %12s %12.2f %12.2f %7.2fx %7.1f%% %6.1f%%\n", r.name.c_str(), r.batch, r.threads,
                  r.ours.c_str(), r.ours_us, r.peer_us, r.ratio, r.percent_of_peak, 100 * r.spread);
      all.push_back(r);
    }
  if (!json.empty()) laminate::write_atomically(json, nlohmann::json{{"rows", bench::to_json(all)}}.dump(2) + "\n");
} catch (std::exception const& e) {
  std::fprintf(stderr, "error: %s\n", e.what());
  return 1;
}
