// Files that are mapped: loading takes no memory for their numbers, pipes are read, and what happens to the file.
#include "scratch_folder.hpp"

#include <laminate/io/checkpoint.hpp>
#include <laminate/layers.hpp>
#include <laminate/model/reference_model.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace {

std::atomic<std::size_t> allocated{0};

void* counted(std::size_t size, std::size_t alignment) {
  allocated += size;
  if (void* const memory = std::aligned_alloc(alignment, (size + alignment) / alignment * alignment)) return memory;
  throw std::bad_alloc();
}

}  // namespace

// These serve the whole program; all forms, as sanitizers bring their own of those that are left out. Not inlined:
// g++ 12 otherwise takes free() for a mismatch of new.
[[gnu::noinline]] void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
[[gnu::noinline]] void* operator new[](std::size_t size) { return counted(size, alignof(std::max_align_t)); }
[[gnu::noinline]] void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return std::malloc(size); }
[[gnu::noinline]] void* operator new[](std::size_t size, std::nothrow_t const&) noexcept { return std::malloc(size); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t at) {
  return counted(size, static_cast<std::size_t>(at));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

using namespace laminate;
using tests::content_of;
using tests::put;
using tests::scratch_folder;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;

namespace {

using Net = Network<Features<1024>, Dense<1024>, ReLU, Dense<10>>;  // 4 MB, nearly all of it one tensor
using model = Model<Net, Reference>;

bool same(model const& a, model const& b) {
  auto const x = state_dict(a), y = state_dict(b);
  return std::ranges::equal(x, y, {}, &named_tensor<float>::values, &named_tensor<float>::values);
}

/// Sends the content through a pipe of this name, and stays until it is read or refused.
std::thread send(fs::path const& pipe, std::string const& content) {
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::signal(SIGPIPE, SIG_IGN);
  return std::thread([=] { put(pipe, content); });
}

}  // namespace

TEST_CASE("loading a file takes no memory of its size") {
  scratch_folder folder;
  fs::path const path = folder.path / "m.safetensors";
  model const made{1, 1};
  save(made, path);
  std::size_t const size = fs::file_size(path);
  REQUIRE(size > 4 << 20);
  std::size_t before = allocated;
  std::string const content = content_of(path);
  CHECK(allocated - before > size);  // they are counted
  model other{2, 1};
  before = allocated;
  load(other, path);
  CHECK(allocated - before < 100'000);
  CHECK(same(other, made));

  before = allocated;
  safetensors const read = read_safetensors(path);
  CHECK(allocated - before < 100'000);
  CHECK(numbers_of<float>(read.tensors[0]) == state_dict(made)[0].values);

  Model<Net, Reference, double> precise{3, 1};  // converted, a tensor at a time
  load(precise, path);
  CHECK(static_cast<float>(state_dict(precise)[2].values[5]) == state_dict(made)[2].values[5]);
}

TEST_CASE("a tensor outlives the file it was read from, and what is written over it") {
  scratch_folder folder;
  fs::path const path = folder.path / "t.safetensors";
  std::vector<float> const a{1, 2, 3}, b{4, 5, 6};
  write_safetensors(path, {{store_tensor<float>("a", {3}, a)}, {}});
  stored_tensor const kept = read_safetensors(path).tensors[0];
  safetensors read = read_safetensors(path);
  read.tensors.push_back(store_tensor<float>("b", {3}, b));
  write_safetensors(path, read);  // over the file that is mapped
  fs::remove(path);
  CHECK(numbers_of<float>(kept) == a);
  write_safetensors(path, read);
  CHECK(read_safetensors(path) == read);
}

TEST_CASE("numbers that are not on a multiple of their size are read as well") {
  scratch_folder folder;
  fs::path const path = folder.path / "odd.safetensors";
  Model<Network<Features<1>, Dense<1>>, Reference> made{1, 1}, other{2, 1};
  save(made, path);
  std::string content = content_of(path);
  std::uint64_t length = 0;
  std::memcpy(&length, content.data(), 8);
  content.insert(8 + length, " "), ++length;  // the numbers begin a byte later
  std::memcpy(content.data(), &length, 8);
  put(path, content);
  CHECK_FALSE(numbers_in_place<float>(read_safetensors(path).tensors[0]));
  load(other, path);
  CHECK(state_dict(other)[0].values == state_dict(made)[0].values);
}

TEST_CASE("pipes are read, and no further than a file goes") {
  scratch_folder folder;
  fs::path const path = folder.path / "m.safetensors", pipe = folder.path / "pipe";
  model const made{1, 1};
  save(made, path);
  std::string const whole = content_of(path);
  model other{2, 1};
  std::thread sender = send(pipe, whole);
  load(other, pipe);
  sender.join();
  CHECK(same(other, made));
  auto const refuse = [&](std::string const& content, std::string const& why) {
    fs::remove(pipe);
    std::thread until_refused = send(pipe, content);
    std::size_t const before = allocated;
    CHECK_THROWS_WITH(read_safetensors(pipe), Contains(pipe.string() + ": byte ") && Contains(why));
    CHECK(allocated - before < 100'000'000);
    until_refused.join();
  };
  refuse("", "byte 0: expected 8 bytes of header length, found the end of the file");
  refuse(whole.substr(0, 100), "byte 100: expected a header of ");
  refuse(whole.substr(0, whole.size() - 1), "the end of the file after");
  refuse(whole + std::string(5'000'000, 'x'), "the end of the file after the last tensor, found 1 bytes more");
  refuse(std::string(5'000'000, '\0'), "byte 8: expected '{'");
  refuse(std::string(5'000'000, 'y'), "a header of at most 100000000 bytes");
  std::string const huge =
      R"({"a":{"dtype":"F32","shape":[1073741824,1073741824],"data_offsets":[0,4611686018427387904]}})";
  std::uint64_t const length = huge.size();
  refuse(std::string(reinterpret_cast<char const*>(&length), 8) + huge + "1234",
         "expected 4611686018427387904 bytes of tensor \"a\", found the end of the file after 4");
}

TEST_CASE("links are followed, and files without permission or a place are named") {
  scratch_folder folder;
  fs::path const path = folder.path / "m.safetensors", link = folder.path / "newest", circle = folder.path / "circle";
  write_safetensors(path, {});
  fs::create_symlink("m.safetensors", link);
  CHECK(read_safetensors(link) == safetensors{});
  fs::create_symlink("nothing", folder.path / "dangling");
  CHECK_THROWS_WITH(read_safetensors(folder.path / "dangling"), Contains("dangling: no such file"));
  CHECK_THROWS_WITH(read_safetensors(path / "below"), Contains("below: no such file"));
  fs::create_symlink("circle", circle);
  CHECK_THROWS_WITH(read_safetensors(circle), Contains("circle: cannot be opened: Too many levels of symbolic links"));
  if (::geteuid() != 0) {
    fs::permissions(path, fs::perms::none);
    CHECK_THROWS_WITH(read_safetensors(path), Contains("cannot be opened: Permission denied"));
  }
}

TEST_CASE("a number of batches that is none is refused, and changes nothing") {
  scratch_folder folder;
  fs::path const path = folder.path / "bn.safetensors";
  Model<Network<Features<2>, BN, Dense<1>>, Reference> made{1, 1}, other{2, 1};
  auto content = to_tensors(state_dict(made), {});
  auto const counted = std::ranges::find(content.tensors, "0.num_batches_tracked", &stored_tensor::name);
  REQUIRE(counted != content.tensors.end());
  auto const before = state_dict(other);
  for (double const wrong : {-1.0, 1e30, std::numeric_limits<double>::quiet_NaN()}) {
    *counted = store_tensor<double>("0.num_batches_tracked", {}, std::vector{wrong});
    write_safetensors(path, content);
    CHECK_THROWS_WITH(load(other, path),
                      Contains("wrong number: 0.num_batches_tracked is ") && Contains(", expected a count"));
    CHECK(
        std::ranges::equal(before, state_dict(other), {}, &named_tensor<float>::values, &named_tensor<float>::values));
  }
  *counted = store_tensor<double>("0.num_batches_tracked", {}, std::vector{7.0});
  write_safetensors(path, content);
  load(other, path);
  CHECK(other.batches_tracked() == 7);
}
