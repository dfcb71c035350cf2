// CIFAR-10's binary files: read, plain and packed; cut off, damaged, mislabelled ones are refused by name and
// byte.
#include "scratch_folder.hpp"

#include <laminate/data/cifar.hpp>

#include <zlib.h>
#include <catch2/catch.hpp>

#include <string>

using namespace laminate;
using Catch::Matchers::Contains;
using tests::put;

namespace {

/// So many records; each pixel says where it is.
std::string records(int count, int first_label = 0) {
  std::string content;
  for (int n = 0; n < count; ++n) {
    content += static_cast<char>((first_label + n) % 10);
    for (int i = 0; i < 3072; ++i) content += static_cast<char>((n * 7 + i) % 251);
  }
  return content;
}

void put_packed(std::filesystem::path const& path, std::string const& content) {
  gzFile const file = ::gzopen(path.c_str(), "wb");
  REQUIRE(::gzwrite(file, content.data(), static_cast<unsigned>(content.size())) == static_cast<int>(content.size()));
  REQUIRE(::gzclose(file) == Z_OK);
}

}  // namespace

TEST_CASE("CIFAR-10's files are read, plain and packed") {
  tests::scratch_folder folder;
  for (int i = 1; i <= 5; ++i) {
    auto const name = "data_batch_" + std::to_string(i) + ".bin";
    if (i == 3)
      put_packed(folder.path / (name + ".gz"), records(2, i));
    else
      put(folder.path / name, records(2, i));
  }
  CHECK_THROWS_WITH(read_cifar10(folder.path), Contains("test_batch.bin: no such file, with or without .gz"));
  put(folder.path / "test_batch.bin", records(3));
  split const data = read_cifar10(folder.path);
  data.train.check(), data.test.check();
  CHECK(data.train.labels == std::vector{1, 2, 2, 3, 3, 4, 4, 5, 5, 6});
  CHECK(data.test.labels == std::vector{0, 1, 2});
  CHECK(data.test.sample == shape{3, 32, 32});
  CHECK(data.test.image(2)[1024 + 33] == static_cast<float>((14 + 1057) % 251) / 255);  // green, row 1, column 1
}

TEST_CASE("CIFAR-10's files that are damaged are refused by name and byte") {
  tests::scratch_folder folder;
  auto const path = folder.path / "b.bin";
  auto const refuse = [&](std::string const& why) {
    CHECK_THROWS_WITH(read_cifar10_batch(path), Contains(path.string()) && Contains(why));
  };
  refuse("cannot be opened: No such file");
  std::string const whole = records(2);
  for (std::size_t size = 0; size < whole.size(); size += size < 8 || size > 3060 ? 1 : 97)
    if (size != 3073) {
      put(path, whole.substr(0, size));
      refuse("expected 3073 bytes of label and pixels, found the end of the file at byte " + std::to_string(size));
    }
  std::string wrong = whole;
  wrong[3073] = 10;
  put(path, wrong);
  refuse("byte 3073: expected a label of 0..9, found 10");

  put_packed(path, whole);
  std::string const packed = tests::content_of(path);
  put(path, packed.substr(0, packed.size() - 9));
  refuse("intact gzip data");
  put(path, packed.substr(0, packed.size() - 8) + std::string(8, '\1'));  // its checksum
  refuse("intact gzip data");
}

TEST_CASE("CIFAR-10's packed files cut off anywhere or with any bit flipped are refused, or read the same") {
  tests::scratch_folder folder;
  auto const path = folder.path / "b.bin.gz";
  std::string record(3073, '\x40');
  record[0] = 7;
  put_packed(path, record);
  std::string const packed = tests::content_of(path);
  auto const attempt = [&](std::string const& content) {
    put(path, content);
    try {
      dataset const read = read_cifar10_batch(path);
      CHECK(read.labels == std::vector{7});
      CHECK(read.images == std::vector<float>(3072, 64 / 255.0f));
      return true;
    } catch (error const& refused) {
      if (!std::string(refused.what()).starts_with(path.string() + ": byte ")) FAIL(refused.what());
      return false;
    }
  };
  CHECK(attempt(packed));
  for (std::size_t size = 0; size < packed.size(); ++size) CHECK_FALSE(attempt(packed.substr(0, size)));
  std::size_t accepted = 0;
  for (std::size_t bit = 0; bit < 8 * packed.size(); ++bit) {
    std::string bad = packed;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    accepted += attempt(bad);
  }
  CHECK(accepted <= 80);  // gzip's own header of 10 bytes: time, system and the like
}

TEST_CASE("CIFAR-10's files are no way to all of the memory, and links are followed") {
  tests::scratch_folder folder;
  auto const path = folder.path / "b.bin", link = folder.path / "link";
  put(path, records(1));
  std::filesystem::create_symlink("b.bin", link);
  CHECK(read_cifar10_batch(link).size() == 1);
  std::filesystem::create_symlink("nothing", folder.path / "dangling");
  CHECK_THROWS_WITH(read_cifar10_batch(folder.path / "dangling"), Contains("dangling: cannot be opened: No such file"));
  dataset full{{3, 32, 32}, 10, {}, std::vector<int>(detail::cifar_most_images)};
  CHECK_THROWS_WITH(detail::append_cifar10(full, path), Contains("byte 0: expected at most 100000 images, found more"));
}
