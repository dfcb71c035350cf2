// A checkpoint outlives what happens while the next one is written: kill -9 at any moment, a full disk,
// links.
#include "linear_model.hpp"
#include "scratch_folder.hpp"

#include <laminate/io/checkpoint.hpp>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <new>
#include <string>

using namespace laminate;
using tests::scratch_folder;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;

namespace {

// 100,000 numbers, all the same: half a file of them would be noticed, and takes a while to write.
using model = tests::linear_model<float, 5000, 20>;

void fill(model& m, float value) { std::ranges::fill(m.parameters(), value); }
float value_of(model& m) {
  load_state_dict(m, state_dict(m));  // its gaps are no parameters
  float const first = m.parameters()[0];
  for (auto const& tensor : state_dict(m))
    if (tensor.name == "0.weight" || tensor.name == "0.bias")
      for (float const v : tensor.values)
        if (v != first) return -1;
  return first;
}

/// Saves 1, 2, 3, … until it is killed; `done` is the last that is complete.
[[noreturn]] void save_for_ever(model& m, fs::path const& path, std::atomic<int>& done) {
  for (int k = 1;; ++k) {
    fill(m, static_cast<float>(k));
    save(m, path);
    done = k;
  }
}

int kills() {
  char const* const wanted = std::getenv("LAMINATE_KILLS");
  return wanted ? std::atoi(wanted) : 200;
}

}  // namespace

// LAMINATE_KILLS=1000 for more of them.
TEST_CASE("a program that is killed while it saves has lost nothing that was saved") {
  scratch_folder folder;
  fs::path const path = folder.path / "run.safetensors";
  void* const shared =
      ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(shared != MAP_FAILED);
  auto& done = *new (shared) std::atomic<int>(0);
  generator random(static_cast<std::uint64_t>(::getpid()));
  int newer = 0, partial = 0;
  model m;
  auto const start = std::chrono::steady_clock::now();
  save(m, path);
  auto const taken = std::chrono::steady_clock::now() - start;
  // Killed at any moment of the next save. Some are in the middle of a file; until one was, nothing has been tested.
  auto const longest = 2 * std::chrono::duration_cast<std::chrono::microseconds>(taken).count() + 100;
  for (int i = 0; i < kills() || (partial + newer == 0 && i < 5 * kills()); ++i) {
    fs::remove(path);
    done = 0;
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) save_for_ever(m, path, done);
    while (done == 0) ::usleep(100);
    ::usleep(static_cast<useconds_t>(random() % static_cast<std::uint64_t>(longest)));
    REQUIRE(::kill(child, SIGKILL) == 0);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    model read;
    load(read, path);
    float const found = value_of(read);
    CHECK(found >= static_cast<float>(done));
    CHECK(found <= static_cast<float>(done + 1));
    newer += found > static_cast<float>(done);
    for (auto const& entry : fs::directory_iterator(folder.path)) partial += entry.path().extension() == ".partial";
    for (auto const& entry : fs::directory_iterator(folder.path))
      if (entry.path().extension() == ".partial") fs::remove(entry.path());
  }
  CHECK(partial + newer > 0);
  ::munmap(shared, sizeof(std::atomic<int>));
}

TEST_CASE("a full disk is said, and the checkpoint before is still there") {
  scratch_folder folder;
  fs::path const path = folder.path / "run.safetensors", link = folder.path / "newest";
  model m;
  fill(m, 1);
  save(m, path);
  fs::create_symlink(path, link);
  fill(m, 2);
  CHECK_THROWS_WITH(save(m, "/dev/full"),
                    Contains("/dev/full: cannot be written: it exists and is not a regular file"));
  CHECK_THROWS_WITH(save(m, folder.path / "none" / "run"), Contains("cannot be written: No such file or directory"));

  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  rlimit small = before;
  auto const handler = std::signal(SIGXFSZ, SIG_IGN);
  std::string said = "nothing";
  for (rlim_t const most : {0, 1, 4096, 200'000, 390'000}) {  // of 401 thousand bytes
    small.rlim_cur = most;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    try {
      save(m, link);
    } catch (error const& failure) {
      said = failure.what();
    }
    ::setrlimit(RLIMIT_FSIZE, &before);
    CHECK_THAT(said, Contains(path.string() + ": cannot be written: File too large"));
    said = "nothing";
    model read;
    load(read, link);
    CHECK(value_of(read) == 1);
    CHECK(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) == 2);
  }
  std::signal(SIGXFSZ, handler);
  save(m, link);
  CHECK(fs::is_symlink(link));
  model read;
  load(read, path);
  CHECK(value_of(read) == 2);
}
