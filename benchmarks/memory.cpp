// Suite `memory`: what a network adds to a process that trains it or infers with it, beside what was planned, and
// beside libtorch where it is there.
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include <laminate/model/costs.hpp>

#include "networks/networks.hpp"
#include "suite.hpp"

using namespace laminate;

namespace {

/// A line of the kernel's account of this process, such as "VmRSS: 1234 kB", in bytes.
long of_this_process(std::string const& what) {
  std::ifstream account("/proc/self/status");
  for (std::string line; std::getline(account, line);)
    if (line.starts_with(what + ":")) return std::stol(line.substr(what.size() + 1)) * 1024;
  throw error("/proc/self/status", "expected a line " + what + ", found none");
}

/// By how many bytes `work` makes a process grow, at its peak. `warm_up` reads the code and starts what a library
/// starts. In a process of its own: what one contender gives back is not there for the next.
long growth(std::function<void()> const& warm_up, std::function<void()> const& work) {
  int ends[2];
  if (pipe(ends) != 0) throw error("memory", "there is no pipe");
  pid_t const child = fork();
  if (child == 0) {
    long grown = -1;
    try {
      warm_up();
      malloc_trim(0);                               // what was freed is taken anew
      std::ofstream("/proc/self/clear_refs") << 5;  // the peak counts from here on
      long const before = of_this_process("VmRSS");
      work();
      grown = of_this_process("VmHWM") - before;
    } catch (std::exception const& failure) {
      std::fprintf(stderr, "error: %s\n", failure.what());
    }
    bool const told = write(ends[1], &grown, sizeof grown) == sizeof grown;
    _exit(told ? 0 : 1);
  }
  long grown = -1;
  bool const told = child > 0 && read(ends[0], &grown, sizeof grown) == sizeof grown;
  close(ends[0]), close(ends[1]);
  if (child > 0) waitpid(child, nullptr, 0);
  if (!told || grown < 0) throw error("memory", "a process that was to be measured failed");
  return grown;
}

struct row {
  std::string name, work;
  int batch;
  long planned, ours, theirs;  ///< bytes; theirs is 0 where there is no peer
};

template<class Net, class Policy = Fused>
void measure(char const* name, std::vector<int> const& batches, std::vector<row>& rows) {
  for (bool const trains : {true, false})
    for (int const batch : batches) {
      bench::learner<Net> told(1, 1);
      auto const known = bench::told_of(told.model);
      auto const ours = [&](int samples) {
        bench::learner<Net, Policy> one(samples, 1);
        for (int n = 0; n < 2; ++n) one.work(trains);
      };
      auto const theirs = [&](int samples) {
        auto const one = bench::make_libtorch(known, false, 1);
        std::vector<float> x;
        for (int n = 0; n < samples; ++n) x.insert(x.end(), told.x.begin(), told.x.end());
        std::vector<int> const labels(static_cast<std::size_t>(samples));
        one->take(x, labels);
        for (int n = 0; n < 2; ++n) trains ? void(one->learn()) : void(one->infer());
      };
      row r{name, trains ? "train" : "infer", batch, static_cast<long>(plan<Net, Policy>.arena_bytes(batch)), 0, 0};
      r.ours = growth([&] { ours(1); }, [&] { ours(batch); });
      if (!bench::libtorch_version().empty()) r.theirs = growth([&] { theirs(1); }, [&] { theirs(batch); });
      std::printf("%-12s %-6s %5d %12.1f %12.1f", name, r.work.c_str(), batch, r.planned / 1048576., r.ours / 1048576.);
      if (r.theirs > 0) std::printf(" %12.1f %7.2fx", r.theirs / 1048576., double(r.theirs) / double(r.ours));
      std::printf("\n");
      std::fflush(stdout);
      rows.push_back(r);
    }
}

}  // namespace

int main(int argc, char** argv) {
  bench::suite suite{"what networks add to a process"};
  suite.batches = {64};
  suite.takes_batches();
  return suite.run(argc, argv, [&] {
    std::string const version = bench::libtorch_version();
    std::printf("MiB, at the peak of two steps; planned: arenas for training and testing; %s\n",
                version.empty() ? "libtorch is missing: benchmarks/run memory --with-peers" : version.c_str());
    std::printf("%-12s %-6s %5s %12s %12s", "network", "work", "N", "planned", "grown by");
    std::printf(version.empty() ? "\n" : " %12s %8s\n", "libtorch", "ratio");
    std::vector<row> rows;
    measure<zoo::ResNet<20, 10, 16, zoo::Projected>>("ResNet-20", suite.batches, rows);
    measure<zoo::ResNet<20, 10, 16, zoo::Projected>, Recompute>("recomputing", suite.batches, rows);
    measure<zoo::LeNet5<>>("LeNet-5", suite.batches, rows);
    measure<zoo::MLP<10, 128>>("MLP", suite.batches, rows);
    nlohmann::json all = nlohmann::json::array();
    for (row const& r : rows)
      all.push_back({{"suite", "memory"},
                     {"case", r.name},
                     {"work", r.work},
                     {"batch", r.batch},
                     {"planned_bytes", r.planned},
                     {"ours_bytes", r.ours},
                     {"peer", version},
                     {"peer_bytes", r.theirs},
                     {"ratio", static_cast<double>(r.theirs) / static_cast<double>(r.ours)}});
    return all;
  });
}
