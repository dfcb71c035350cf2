// CIFAR-10 (Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html), its binary version.
#pragma once

#include <laminate/data/dataset.hpp>
#include <laminate/data/packed_file.hpp>
#include <laminate/support/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace laminate {

inline constexpr std::array<std::string_view, 10> cifar10_classes = {
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};

namespace detail {

/// A record is a label and 32×32 bytes each of red, green and blue, row by row.
inline constexpr std::uint64_t cifar_pixels = 3 * 32 * 32;
/// The data set has 60,000; a packed file of 300 KB may hold these, which take over 1 GB of memory.
inline constexpr int cifar_most_images = 100'000;

inline void append_cifar10(dataset& data, std::filesystem::path const& path) {
  packed_file file(path);
  do {
    std::uint64_t const at = file.offset();
    auto const record = file.read(1 + cifar_pixels, "label and pixels");
    if (record[0] >= cifar10_classes.size()) throw error(file.name(), at, "a label of 0..9", std::to_string(record[0]));
    if (data.size() >= cifar_most_images)
      throw error(file.name(), at, "at most " + std::to_string(cifar_most_images) + " images", "more");
    data.labels.push_back(record[0]);
    for (std::size_t i = 1; i < record.size(); ++i) data.images.push_back(static_cast<float>(record[i]) / 255.0f);
  } while (!file.at_end());
}

}  // namespace detail

/// One file, such as data_batch_1.bin, plain or packed by gzip: images 3×32×32 with values 0..1. Throws
/// `error` with file, byte, expected and found where it is missing, damaged, or no whole number of records.
inline dataset read_cifar10_batch(std::filesystem::path const& path) {
  dataset data{{3, 32, 32}, 10, {}, {}};
  detail::append_cifar10(data, path);
  return data;
}

/// The training set of data_batch_1.bin to data_batch_5.bin and the test set of test_batch.bin (50,000 and
/// 10,000 images), which may be packed (.gz).
inline split read_cifar10(std::filesystem::path const& directory) {
  auto const find = [&](std::string const& name) {
    std::error_code ignored;
    for (char const* ending : {"", ".gz"})
      if (auto const file = directory / (name + ending); std::filesystem::exists(file, ignored)) return file;
    throw error((directory / name).string(), "no such file, with or without .gz");
  };
  dataset train{{3, 32, 32}, 10, {}, {}};
  for (int i = 1; i <= 5; ++i) detail::append_cifar10(train, find("data_batch_" + std::to_string(i) + ".bin"));
  return {std::move(train), read_cifar10_batch(find("test_batch.bin"))};
}

}  // namespace laminate
