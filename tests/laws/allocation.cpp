// After construction a model takes no memory: allocations are counted by replacing operator new and, as buffers come
// from it, calloc.
#include <catch2/catch.hpp>

#include <laminate/layers.hpp>
#include <laminate/model/inference_model.hpp>
#include <laminate/model/model.hpp>
#include <laminate/model/reference_model.hpp>
#include <laminate/support/aligned_buffer.hpp>
#include <laminate/support/parallel.hpp>
#include <laminate/support/random.hpp>
#include <laminate/train/loss/softmax_cross_entropy.hpp>
#include <laminate/train/optimizer/adam_w.hpp>
#include <laminate/train/optimizer/sgd.hpp>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <new>
#include <type_traits>
#include <vector>

#ifdef __linux__
#include <unistd.h>
#endif

namespace {

std::atomic<long> allocations{0};

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  std::size_t const whole = (size + alignment - 1) / alignment * alignment;
  if (void* const memory = std::aligned_alloc(alignment, whole > 0 ? whole : alignment)) return memory;
  throw std::bad_alloc();
}

}  // namespace

// These serve the whole program; the other forms of new and delete end in them. Not inlined: g++ 12 otherwise takes
// free() for a mismatch of new.
[[gnu::noinline]] void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t at) {
  return counted(size, static_cast<std::size_t>(at));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

#ifdef __GLIBC__
extern "C" void* __libc_calloc(std::size_t count, std::size_t size);
extern "C" void* calloc(std::size_t count, std::size_t size) noexcept {
  ++allocations;
  return __libc_calloc(count, size);
}
#endif

using namespace laminate;

namespace {

using Net = Network<Image<3, 8, 7>, Conv<3, 18>, BN, PReLU, MaxPool<2>, Residual<Conv<3, 18>, BN, ReLU, Conv<3, 18>>,
                    SiLU, Concat<Conv<1, 5>, AvgPool<3, Stride<1>, Padding<1>>>, Dropout<0.3>, GlobalAvgPool, Dense<17>,
                    BN, Tanh, Dense<5>>;

static_assert(!std::is_polymorphic_v<Model<Net, Fused>>);
static_assert(!std::is_polymorphic_v<Model<Net, Unfused>>);
static_assert(!std::is_polymorphic_v<Model<Net, Reference>>);
static_assert(!std::is_polymorphic_v<optimizer<SGD, float>>);

template<class Policy> void check_no_allocation() {
  constexpr int images = 9;
  Model<Net, Policy> model{1, images};
  model.threads(2);
  optimizer sgd{SGD{.lr = 0.1, .momentum = 0.9, .weight_decay = 1e-4, .nesterov = true}, model};
  optimizer adam{AdamW{}, model};
  std::vector<float> x(images * model.in.size()), dx(x.size()), y(images * model.out.size()), dy(y.size());
  generator random{2};
  for (float& v : x) v = static_cast<float>(random.normal());
  for (float& v : dy) v = static_cast<float>(random.normal());

  parallel_for(2, 2, [](int, int) {});  // threads take memory when they are made
  long const before = allocations;
  for (int const n : {images, 2, images}) {
    std::span<float const> const batch{x.data(), static_cast<std::size_t>(n * model.in.size())};
    std::span<float> const result{y.data(), static_cast<std::size_t>(n * model.out.size())};
    std::span<float const> const gradient{dy.data(), result.size()};
    model.infer(batch, result);
    model.forward(batch, result);
    model.backward(gradient, std::span<float>(dx.data(), batch.size()));
    model.forward(batch, result);
    model.backward(gradient);
    sgd.step(model);
    adam.step(model);
    model.infer(batch, result);
  }
  CHECK(allocations - before == 0);
}

}  // namespace

TEST_CASE("allocations are counted", "[laws][allocation]") {
  long const before = allocations;
  Model<Net, Fused> const model{1, 4};
  CHECK(allocations > before);
  long const after = allocations;
  delete new (std::align_val_t(64)) char;
  std::vector<int> const several(100);
  CHECK(allocations == after + 2);
#ifdef __GLIBC__
  aligned_buffer<float> const buffer(100);
  CHECK(allocations == after + 3);
#endif
}

TEST_CASE("inference, forward, backward and update allocate nothing", "[laws][allocation]") {
  check_no_allocation<Fused>();
  check_no_allocation<Unfused>();
}

TEST_CASE("a frozen model infers without an allocation, whatever the batch", "[laws][allocation]") {
  auto frozen = freeze(Model<Net>{1, 4});
  frozen.threads(2);
  std::vector<float> x(100 * frozen.in.size()), y(100 * frozen.out.size());
  parallel_for(2, 2, [](int, int) {});
  long const before = allocations;
  for (std::size_t const n : {100, 1, 37})
    frozen.infer(std::span<float const>(x).first(n * frozen.in.size()),
                 std::span<float>(y).first(n * frozen.out.size()));
  CHECK(allocations - before == 0);
}

#ifdef __linux__
namespace {
long resident_bytes() {
  long all = 0, pages = 0;
  std::ifstream("/proc/self/statm") >> all >> pages;
  return pages * sysconf(_SC_PAGESIZE);
}
}  // namespace

TEST_CASE("a model that only infers takes no memory for training, nor for samples that do not come",
          "[laws][allocation]") {
  long const before = resident_bytes();
  Model<Net> model{1, 20'000};
  REQUIRE(model.arena_bytes() > 400'000'000);
  std::vector<float> const x(model.in.size());
  std::vector<float> y(model.out.size());
  model.infer(std::span(x), std::span(y));
  CHECK(resident_bytes() - before < 20'000'000);
}
#endif
