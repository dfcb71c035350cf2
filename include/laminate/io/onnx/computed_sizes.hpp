// Shapes that an ONNX graph computes: what x.size(0), view and expand_as become.
#pragma once

#include <laminate/io/onnx/reading.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace laminate::detail {

/// In place of the batch's size, which is any.
inline constexpr std::int64_t any_batch = std::numeric_limits<std::int64_t>::min();

/// Whole numbers that follow from constants and from shapes of values.
class onnx_size_reader {
 public:
  explicit onnx_size_reader(onnx_reading const& r) : r_(r) {}

  using sizes = std::optional<std::vector<std::int64_t>>;

  /// What operand i of a node is; nothing where that is not known.
  sizes operand(onnx_node_reader const& node, int i) {
    if (!node.has_input(i) || ++steps_ > most_steps) return {};
    std::string const& name = node.input(i);
    if (r_.is_constant(name)) {
      auto whole = r_.constant(node, i).whole;
      return whole.size() <= most ? sizes(std::move(whole)) : sizes{};
    }
    int const maker = r_.maker(name);
    return maker < 0 ? sizes{} : computed(r_.node(maker));
  }

 private:
  // Shapes are short, and computed in few steps: hostile graphs end here.
  static constexpr std::size_t most = 8;
  static constexpr int most_steps = 200;

  sizes computed(onnx_node_reader const& node) {
    if (!node.is_standard()) return {};
    if (node.does() == "Shape") return shape_of(node);
    if (node.does() == "Concat") return joined(node);
    if (node.does() == "Gather") return gathered(node);
    if (node.does() == "Slice") return sliced(node);
    bool const same = node.does() == "Cast" || node.does() == "Identity" || node.does() == "Squeeze" ||
                      node.does() == "Unsqueeze";  // a number, or a list of one
    return same ? operand(node, 0) : sizes{};
  }

  sizes shape_of(onnx_node_reader const& node) {
    if (!node.has_input(0) || !r_.is_known(node.input(0))) return {};
    onnx_value const& value = r_.seen(node, 0);
    if (value.padding > 0 || value.axis(0) != 0) return {};
    auto all = value.sizes(r_.part(value.part).out);
    all.insert(all.begin(), any_batch);
    return part_of(std::move(all), node.integer("start", 0), node.integer("end", 9));
  }

  sizes joined(onnx_node_reader const& node) {
    std::vector<std::int64_t> all;
    for (int i = 0; i < node.inputs(); ++i) {
      sizes const next = operand(node, i);
      if (!next || all.size() + next->size() > most) return {};
      all.insert(all.end(), next->begin(), next->end());
    }
    return all;
  }

  sizes gathered(onnx_node_reader const& node) {
    sizes const from = operand(node, 0), which = operand(node, 1);
    if (!from || !which) return {};
    std::vector<std::int64_t> all;
    for (std::int64_t i : *which) {
      auto const count = static_cast<std::int64_t>(from->size());
      if (i < -count || i >= count) return {};
      all.push_back((*from)[static_cast<std::size_t>(i < 0 ? i + count : i)]);
    }
    return all;
  }

  sizes sliced(onnx_node_reader const& node) {
    sizes const from = operand(node, 0), start = operand(node, 1), end = operand(node, 2);
    sizes const step = node.has_input(4) ? operand(node, 4) : std::vector<std::int64_t>{1};
    bool const known = from && start && end && step && start->size() == 1 && end->size() == 1;
    return known && *step == std::vector<std::int64_t>{1} ? part_of(*from, (*start)[0], (*end)[0]) : sizes{};
  }

  static sizes part_of(std::vector<std::int64_t> all, std::int64_t start, std::int64_t end) {
    auto const count = static_cast<std::int64_t>(all.size());
    auto const within = [&](std::int64_t i) {
      return std::clamp<std::int64_t>(i < 0 ? std::max(i, -count) + count : i, 0, count);
    };
    all.resize(static_cast<std::size_t>(within(end)));
    all.erase(all.begin(), all.begin() + std::min(within(start), within(end)));
    return all;
  }

  onnx_reading const& r_;
  int steps_ = 0;
};

/// Operand i of a node as whole numbers, `any_batch` among them where they depend on the batch; nothing where they
/// depend on more than sizes.
inline std::optional<std::vector<std::int64_t>> sizes_at(onnx_reading const& r, onnx_node_reader const& node, int i) {
  return onnx_size_reader(r).operand(node, i);
}

}  // namespace laminate::detail
