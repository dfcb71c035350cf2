// Kept apart from the programs: CLI11 takes longer to compile than a network.
#include "experiment.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace lecture {

spread spread_of(std::vector<double> const& values) {
  spread s{0, 0, *std::ranges::min_element(values), *std::ranges::max_element(values)};
  for (double const v : values) s.mean += v / static_cast<double>(values.size());
  for (double const v : values) s.deviation += (v - s.mean) * (v - s.mean);
  s.deviation = values.size() > 1 ? std::sqrt(s.deviation / static_cast<double>(values.size() - 1)) : 0;
  return s;
}

std::string text(spread const& s, char const* format) {
  char mean[64], deviation[64];
  std::snprintf(mean, sizeof mean, format, s.mean);
  std::snprintf(deviation, sizeof deviation, format, s.deviation);
  return std::string(mean) + " ± " + deviation;
}

table::table(std::filesystem::path const& file, std::string const& made_by, std::string const& columns) {
  if (file.empty()) return;  // an unopened stream swallows what it gets
  file_.open(file);
  file_.precision(7);
  file_ << "# " << made_by << '\n' << columns << '\n';
  if (!file_) throw laminate::error(file.string(), "cannot be written");
}

experiment::experiment(int argc, char** argv, std::string const& claim) {
  CLI::App app{claim};
  std::string commit;
  app.add_flag("--quick", quick, "check the direction of the effects in seconds; fail where one is absent");
  app.add_option("--seeds", seeds, "repeat with the seeds 1, 2, …")->check(CLI::Range(1, 100))->capture_default_str();
  app.add_option("--out", out_, "write CSV files into this folder")->check(CLI::ExistingDirectory);
  app.add_option("--commit", commit, "what the CSV files name as the commit that made them");
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& e) {
    std::exit(app.exit(e));
  }
  made_by_ = std::filesystem::path(argv[0]).filename().string() + " --seeds " + std::to_string(seeds) +
             (commit.empty() ? "" : ", commit " + commit);
  std::printf("%s\n\n", claim.c_str());
}

laminate::split experiment::images(int train, int test, laminate::standardisation* scaling) const {
  using namespace laminate;
  auto const folder = quick ? std::nullopt : fashion_mnist_directory();
  if (!quick && !folder) std::puts("Fashion-MNIST is not on this machine: figures drawn by the library stand in");
  split data = folder ? read_fashion_mnist(*folder) : generate_shapes(train, test, 1);
  data = {data.train.first(train), data.test.first(test)};
  auto const measured = standardise(data.train);
  measured.apply(data.train), measured.apply(data.test);
  if (scaling) *scaling = measured;
  return data;
}

table experiment::csv(std::string const& name, std::string const& columns) const {
  return {out_.empty() ? out_ : out_ / (name + ".csv"), made_by_, columns};
}

void experiment::expect(bool holds, std::string const& claim) {
  std::printf("%s: %s\n", holds ? "holds" : "DOES NOT HOLD", claim.c_str());
  failed_ = failed_ || !holds;
}

}  // namespace lecture
