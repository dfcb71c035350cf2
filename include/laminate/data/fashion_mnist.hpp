// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747): where it lies, and how it is read.
#pragma once

#include <laminate/data/dataset.hpp>
#include <laminate/data/idx.hpp>
#include <laminate/support/error.hpp>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace laminate {

inline constexpr std::array<std::string_view, 10> fashion_mnist_classes = {
    "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"};

/// Images and labels as (N, 1, rows, columns) with values 0..1; refuses labels that are no class.
inline dataset read_idx_dataset(std::filesystem::path const& images_file, std::filesystem::path const& labels_file,
                                int classes) {
  idx_images const images = read_idx_images(images_file);
  std::vector<unsigned char> const labels = read_idx_labels(labels_file);
  if (labels.size() != static_cast<std::size_t>(images.count))
    throw error(labels_file.string(), 4,
                std::to_string(images.count) + " labels, one for each image in " + images_file.string(),
                std::to_string(labels.size()));
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] >= classes)
      throw error(labels_file.string(), 8 + i, "a label of 0.." + std::to_string(classes - 1),
                  std::to_string(labels[i]));
  dataset data{{1, images.rows, images.columns}, classes, {}, {labels.begin(), labels.end()}};
  data.images.reserve(images.pixels.size());
  for (unsigned char const pixel : images.pixels) data.images.push_back(static_cast<float>(pixel) / 255.0f);
  return data;
}

namespace detail {

/// `name`, or `name`.gz, in the directory; nothing when neither is there.
inline std::optional<std::filesystem::path> find_idx(std::filesystem::path const& directory, std::string const& name) {
  std::error_code ignored;
  for (char const* ending : {"", ".gz"})
    if (auto const file = directory / (name + ending); std::filesystem::exists(file, ignored)) return file;
  return {};
}

inline bool has_fashion_mnist(std::filesystem::path const& directory) {
  for (char const* name :
       {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"})
    if (!find_idx(directory, name)) return false;
  return true;
}

inline dataset read_fashion_mnist_half(std::filesystem::path const& directory, std::string const& half) {
  auto const find = [&](std::string const& name) {
    if (auto const file = find_idx(directory, name)) return *file;
    throw error((directory / name).string(), "no such file, with or without .gz");
  };
  std::filesystem::path const images = find(half + "-images-idx3-ubyte");
  std::filesystem::path const labels = find(half + "-labels-idx1-ubyte");
  dataset data = read_idx_dataset(images, labels, 10);
  if (data.sample != shape{1, 28, 28})
    throw error(images.string(), 8, "images of 28 × 28",
                std::to_string(data.sample.height) + " × " + std::to_string(data.sample.width));
  return data;
}

}  // namespace detail

/// The training and the test set (60,000 and 10,000 images), 1×28×28 with values 0..1, from four files that
/// may be packed (.gz). MNIST has the same names and shapes.
inline split read_fashion_mnist(std::filesystem::path const& directory) {
  dataset train = detail::read_fashion_mnist_half(directory, "train");
  return {std::move(train), detail::read_fashion_mnist_half(directory, "t10k")};
}

/// The first of $LAMINATE_DATA, $LAMINATE_DATA/fashion-mnist and the place of Debian's
/// `dataset-fashion-mnist` that has all four files; nothing when none has (then `generate_shapes` stands in).
inline std::optional<std::filesystem::path> fashion_mnist_directory() {
  if (char const* const own = std::getenv("LAMINATE_DATA"); own && *own)
    for (auto const& place : {std::filesystem::path(own), std::filesystem::path(own) / "fashion-mnist"})
      if (detail::has_fashion_mnist(place)) return place;
  std::filesystem::path const installed = "/usr/share/datasets/fashion-mnist";
  if (detail::has_fashion_mnist(installed)) return installed;
  return {};
}

}  // namespace laminate
