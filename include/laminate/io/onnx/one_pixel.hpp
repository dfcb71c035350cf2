// Images of one pixel as features: what lies between a GlobalAvgPool, in which they begin, and what takes features as
// well: Dense for a 1×1 convolution, and no Flatten.
#pragma once

#include <laminate/io/onnx/part.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace laminate {

namespace detail {

class onnx_pixels {
 public:
  explicit onnx_pixels(onnx_contents& contents) : parts_(contents.parts), output_(contents.output) {
    readers_.resize(parts_.size());
    for (int i = 0; i < size(); ++i)
      for (int const input : at(i).inputs) readers_[static_cast<std::size_t>(input)].push_back(i);
  }

  void make_features() {
    chosen_.resize(parts_.size());
    for (int i = 1; i < size(); ++i) chosen_[static_cast<std::size_t>(i)] = begins(i) || goes_on(i);
    for (int i = 0; i < size(); ++i) check(i);
    stands_for_.resize(parts_.size());
    for (int i = 0; i < size(); ++i) stands_for_[static_cast<std::size_t>(i)] = i;
    for (int i = 1; i < size(); ++i)
      if (is_chosen(i) || is_flatten_of_chosen(i)) change(i);
    for (auto& part : parts_)
      for (int& input : part.inputs) input = stands_for_[static_cast<std::size_t>(input)];
    output_ = stands_for_[static_cast<std::size_t>(output_)];
  }

 private:
  int size() const { return static_cast<int>(parts_.size()); }
  onnx_part& at(int i) { return parts_[static_cast<std::size_t>(i)]; }
  bool is_chosen(int i) const { return chosen_[static_cast<std::size_t>(i)]; }
  bool is_pixel(int i) { return at(i).out.is_image() && at(i).out.pixels() == 1; }
  bool is_flatten_of_chosen(int i) { return at(i).word == "Flatten" && is_chosen(at(i).inputs[0]); }

  /// Features as an image, or the mean of each channel.
  bool begins(int i) {
    onnx_part const& part = at(i);
    if (part.is != onnx_part::layer || !is_pixel(i) || at(part.inputs[0]).out.channels != part.out.channels)
      return false;
    return part.word.empty() || is_mean(part);
  }
  bool is_mean(onnx_part const& part) {
    shape const in = at(part.inputs[0]).out;
    return part.word == "AvgPool" && in.height == in.width && part.arguments == std::vector{std::to_string(in.height)};
  }

  /// Whether the same can be said of features, if that was said of its inputs.
  bool goes_on(int i) {
    onnx_part const& part = at(i);
    if (!is_pixel(i) || !std::ranges::all_of(part.inputs, [&](int input) { return is_chosen(input); })) return false;
    bool const is_dense = part.word == "Conv" && part.arguments[0] == "1" && part.arguments.size() == 2;
    return part.is != onnx_part::layer || is_dense || part.word.starts_with("LayerNorm") || part.word == "BN" ||
           part.word == "BatchNorm";
  }

  bool is_taken(int i, int by) {
    if ((is_chosen(by) && goes_on(by)) || at(by).word == "Flatten") return true;
    return at(by).is == onnx_part::product && at(by).inputs[1] == i && at(by).inputs[0] != i;
  }

  bool holds(int i) {
    auto const& readers = readers_[static_cast<std::size_t>(i)];
    return i != output_ && (begins(i) || goes_on(i)) &&
           std::ranges::all_of(readers, [&](int by) { return is_taken(i, by); });
  }

  /// Part i stays an image if something wants it as one, and so does what it is made of and what is made of it.
  void check(int first) {
    std::vector<int> open{first};
    while (!open.empty()) {
      int const i = open.back();
      open.pop_back();
      if (!is_chosen(i) || holds(i)) continue;
      auto const& readers = readers_[static_cast<std::size_t>(i)];
      chosen_[static_cast<std::size_t>(i)] = false;
      open.insert(open.end(), readers.begin(), readers.end());
      open.insert(open.end(), at(i).inputs.begin(), at(i).inputs.end());
    }
  }

  void change(int i) {
    onnx_part& part = at(i);
    if (part.word == "Flatten" ||
        (part.word.empty() && part.is == onnx_part::layer && at(part.inputs[0]).out.is_features())) {
      stands_for_[static_cast<std::size_t>(i)] = stands_for_[static_cast<std::size_t>(part.inputs[0])];
    } else if (part.is == onnx_part::layer && (part.word.empty() || part.word == "AvgPool")) {
      part.word = "GlobalAvgPool", part.arguments.clear();
    } else if (part.word == "Conv") {
      part.word = "Dense", part.arguments.erase(part.arguments.begin());
      part.tensors[0].shape.resize(2);
    }
    part.out = shape{part.out.channels};
  }

  std::vector<onnx_part>& parts_;
  int& output_;
  std::vector<std::vector<int>> readers_;
  std::vector<bool> chosen_;
  std::vector<int> stands_for_;  // other parts than themselves, of parts that do nothing to features
};

}  // namespace detail

/// What came from a mean of each channel, or from features, and goes to a factor for each channel or to features.
inline void make_pixels_features(onnx_contents& contents) { detail::onnx_pixels(contents).make_features(); }

}  // namespace laminate
