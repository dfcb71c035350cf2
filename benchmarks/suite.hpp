// What every suite has in common: options, rows as JSON written atomically, and errors in one line.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "rows_json.hpp"

namespace bench {

/// A suite's command line. Those of the options that it takes are asked for before `run`.
struct suite {
  CLI::App app;
  std::vector<int> batches{1, 64};
  int threads = 1, rounds = 9;
  std::string json;

  explicit suite(std::string const& measures) : app("Measures " + measures) {
    app.add_option("--json", json, "write the rows to this file");
  }

  void takes_batches() { app.add_option("--batch", batches, "batch sizes")->capture_default_str(); }
  void takes_threads() {
    app.add_option("--threads", threads, "threads")->check(CLI::Range(1, 1024))->capture_default_str();
  }
  void takes_rounds(int usual, int most = 1000, std::string const& counts = "the median") {
    rounds = usual;
    app.add_option("--rounds", rounds, "rounds, of which " + counts + " counts")
        ->check(CLI::Range(1, most))
        ->capture_default_str();
  }

  /// main(): measure() prints its rows, and answers with them.
  template<class Measure> int run(int argc, char** argv, Measure&& measure) try {
    CLI11_PARSE(app, argc, argv);
    nlohmann::json const rows = measure();
    if (!json.empty()) laminate::write_atomically(json, nlohmann::json{{"rows", rows}}.dump(2) + "\n");
    return 0;
  } catch (std::exception const& e) {
    std::fprintf(stderr, "error: %s\n", e.what());
    return 1;
  }
};

}  // namespace bench
