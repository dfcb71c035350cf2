// Images in files, PNG or JPEG, and folders of them: a class a folder. These headers need libpng and libjpeg: link
// laminate::images.
#pragma once

#include <laminate/data/dataset.hpp>
#include <laminate/data/image/fit_image.hpp>
#include <laminate/data/image/read_jpeg.hpp>
#include <laminate/data/image/read_png.hpp>
#include <laminate/support/error.hpp>
#include <laminate/support/input_file.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace laminate {

/// The image in these bytes, which say themselves if they are PNG or JPEG. Throws `error`, which begins with `name`.
inline decoded_image decode_image(std::string const& name, std::span<std::byte const> file) {
  auto const begins = [&](std::string_view with) {
    return file.size() >= with.size() &&
           std::ranges::equal(with, file.first(with.size()), {}, [](char c) { return static_cast<std::byte>(c); });
  };
  if (begins("\x89PNG")) return read_png(name, file);
  if (begins("\xff\xd8\xff")) return read_jpeg(name, file);
  throw error(name, 0, "a PNG or JPEG", file.empty() ? "an empty file" : "neither");
}

/// An image as a sample for a network: fit_image says how. Throws `error` with file, byte and reason.
inline std::vector<float> read_image(std::filesystem::path const& path, shape sample) {
  input_file file(path);
  return fit_image(decode_image(file.name(), file.bytes(std::uint64_t{1} << 31)), sample);
}

/// The classes' names by label, the samples, and the file of each.
struct image_folder {
  std::vector<std::string> classes;
  dataset data;
  std::vector<std::filesystem::path> files;
};

namespace detail {

inline bool is_image_name(std::filesystem::path const& file) {
  std::string ending = file.extension().string();
  for (char& c : ending)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

/// What is in a folder; links count as what they lead to.
inline std::vector<std::filesystem::directory_entry> entries_of(std::filesystem::path const& folder) try {
  return {std::filesystem::directory_iterator(folder), {}};
} catch (std::filesystem::filesystem_error const& failure) {
  throw error(folder.string(), "is no folder that can be read: " + failure.code().message());
}

/// Folders in folders too, each once, whatever circles links make.
inline void find_images(std::filesystem::path const& folder, std::set<std::filesystem::path>& seen,
                        std::vector<std::filesystem::path>& found) {
  std::error_code unknown;
  auto const place = std::filesystem::canonical(folder, unknown);
  if (unknown || !seen.insert(place).second) return;
  for (auto const& entry : entries_of(folder)) {
    if (entry.is_directory(unknown)) find_images(entry.path(), seen, found);
    if (entry.is_regular_file(unknown) && is_image_name(entry.path())) found.push_back(entry.path());
  }
}

}  // namespace detail

/// Reads root/class/….png, .jpg and .jpeg, in the order of torchvision's ImageFolder: classes are the folders by name,
/// and their files by folder and name, all compared byte by byte. All of it is decoded and kept. Throws `error` where
/// there is no class, a class without an image, or an image that is damaged.
inline image_folder read_image_folder(std::filesystem::path const& root, shape sample) {
  image_folder read;
  std::error_code ignored;
  for (auto const& entry : detail::entries_of(root))
    if (entry.is_directory(ignored)) read.classes.push_back(entry.path().filename().string());
  if (read.classes.empty()) throw error(root.string(), "has no folder, and each class is one");
  std::ranges::sort(read.classes);
  read.data = {sample, static_cast<int>(read.classes.size()), {}, {}};
  for (int label = 0; label < read.data.classes; ++label) {
    std::filesystem::path const folder = root / read.classes[static_cast<std::size_t>(label)];
    std::set<std::filesystem::path> seen;
    std::vector<std::filesystem::path> files;
    detail::find_images(folder, seen, files);
    if (files.empty()) throw error(folder.string(), "has no image: no file .png, .jpg or .jpeg");
    std::ranges::sort(files, {}, [](std::filesystem::path const& file) {
      return std::pair(file.parent_path().string(), file.filename().string());
    });
    for (auto& file : files) {
      auto const numbers = read_image(file, sample);
      read.data.images.insert(read.data.images.end(), numbers.begin(), numbers.end());
      read.data.labels.push_back(label);
      read.files.push_back(std::move(file));
    }
  }
  return read;
}

}  // namespace laminate
