// Suite `fusion`: fused against unfused for whole networks and single blocks, from where fusion
// wins to where it does not.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "fusion/networks.hpp"
#include "rows_json.hpp"

int main(int argc, char** argv) try {
  std::vector<int> batches{1, 64};
  int threads = 1, rounds = 9;
  std::string json;
  CLI::App app{"Measures fused against unfused kernels"};
  app.add_option("--batch", batches, "batch sizes")->capture_default_str();
  app.add_option("--threads", threads, "threads")->check(CLI::Range(1, 1024))->capture_default_str();
  app.add_option("--rounds", rounds, "rounds, of which the median counts")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--json", json, "write the rows to this file");
  CLI11_PARSE(app, argc, argv);

  double const peak = bench::fma_peak();
  std::printf("FMA peak %.1f GFLOP/s a core; medians of %d rounds\n", peak / 1e9, rounds);
  bench::print_heading();
  std::vector<bench::row> all;
  for (auto const& n : bench::fusion_networks()) {
    auto const rows = n.measure(n.name, peak, batches, threads, rounds);
    bench::print(rows);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  if (!json.empty()) laminate::write_atomically(json, nlohmann::json{{"rows", bench::to_json(all)}}.dump(2) + "\n");
} catch (std::exception const& e) {
  std::fprintf(stderr, "error: %s\n", e.what());
  return 1;
}
