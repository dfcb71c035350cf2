// Loops in parts: each part once, by the thread that it is told, whoever opens the loop and whatever runs besides.
#include <catch2/catch.hpp>

#include <laminate/support/parallel.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

using namespace laminate;

namespace {

/// How often each part was run, and whether each time by one of the threads there are.
bool runs_each_part_once(int parts, int threads) {
  std::vector<int> runs(parts);
  std::atomic<bool> is_one_of_them = true;
  parallel_for(parts, threads, [&](int part, int thread) {
    ++runs[part];
    if (thread < 0 || thread >= threads) is_one_of_them = false;
  });
  return is_one_of_them && std::ranges::all_of(runs, [](int n) { return n == 1; });
}

}  // namespace

TEST_CASE("a loop runs each part once, loop after loop, with more threads and fewer", "[threads]") {
  for (int loop = 0; loop < 3000; ++loop)
    if (!runs_each_part_once(1 + loop % 23, 1 + loop % 5)) FAIL("loop " << loop);
}

TEST_CASE("threads that have gone to sleep come back", "[threads]") {
  for (int loop = 0; loop < 20; ++loop) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    CHECK(runs_each_part_once(7, 3));
  }
}

TEST_CASE("who is late finds the parts of a slow thread", "[threads]") {
  std::atomic<int> done = 0;
  parallel_for(8, 4, [&](int part, int) {
    std::this_thread::sleep_for(std::chrono::milliseconds(part == 0 ? 20 : 1));
    ++done;
  });
  CHECK(done == 8);
}

TEST_CASE("a loop within a part is that thread's alone", "[threads]") {
  std::atomic<int> inner = 0, by_the_first = 0;
  parallel_for(4, 3,
               [&](int, int) { parallel_for(5, 3, [&](int, int thread) { ++inner, by_the_first += thread == 0; }); });
  CHECK(inner == 20);
  CHECK(by_the_first == 20);
}

#ifdef _OPENMP
TEST_CASE("a loop within a parallel region is that thread's alone", "[threads]") {
  std::atomic<int> parts = 0, by_the_first = 0;
#pragma omp parallel num_threads(2)
  parallel_for(5, 3, [&](int, int thread) { ++parts, by_the_first += thread == 0; });
  CHECK(parts > 0);
  CHECK(by_the_first == parts);
}
#endif

TEST_CASE("several threads have loops at the same time", "[threads]") {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> all;
  for (int t = 0; t < 4; ++t)
    all.emplace_back([&] {
      for (int loop = 0; loop < 300; ++loop) wrong += !runs_each_part_once(3 + loop % 4, 2);
    });
  for (std::thread& t : all) t.join();
  CHECK(wrong == 0);
}

// Where its threads do not exist.
TEST_CASE("the child of a fork has loops, and ends", "[threads]") {
  CHECK(runs_each_part_once(4, 2));
  pid_t const child = fork();
  if (child == 0) _exit(runs_each_part_once(5, 2) ? 0 : 1);
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

// Objects of a thread die in turn, the last one first, and static ones later.
TEST_CASE("a thread that ends has loops until the end", "[threads]") {
  struct late {
    std::atomic<bool>* right = nullptr;
    ~late() {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));  // so that the others are gone
      *right = runs_each_part_once(5, 3);
    }
  };
  for (int n = 0; n < 5; ++n) {
    std::atomic<bool> before = false, right = false;
    std::thread([&] {
      static thread_local late after_the_others;
      after_the_others.right = &right;
      before = runs_each_part_once(4, 3);
    }).join();
    CHECK(before);
    CHECK(right);
  }
}
