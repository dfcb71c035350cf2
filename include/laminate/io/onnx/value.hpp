// What a name stands for in an ONNX graph: a part of the network, maybe seen in a way that no part is.
#pragma once

#include <laminate/describe/shape.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace laminate {

/// The value of a node. Nodes that only turn, pad or spread a value make no parts; what reads it next has to
/// understand.
struct onnx_value {
  int part = 0;
  int padding = 0;           ///< zeros that a Pad has put around it
  std::vector<int> order{};  ///< its axes among (N, C, H, W), {0, 2, 3, 1} of channels last; empty: in that order
  shape expanded{};          ///< the image as which an Expand shows one pixel; without channels: none
  bool is_column = false;    ///< features as (N, C, 1)

  bool is_expanded() const { return expanded.channels > 0; }
  /// Which of our axes its axis `a` is.
  int axis(int a) const { return order.empty() ? a : order[static_cast<std::size_t>(a)]; }

  /// With axis k being what axis perm[k] was.
  onnx_value turned(std::vector<std::int64_t> const& perm) const {
    onnx_value result = *this;
    result.order.clear();
    bool moved = false;
    for (std::size_t k = 0; k < perm.size(); ++k) {
      result.order.push_back(axis(static_cast<int>(perm[k])));
      moved = moved || result.order[k] != static_cast<int>(k);
    }
    if (!moved) result.order.clear();
    return result;
  }

  /// The sizes of a sample, in its order, of a part of this shape.
  std::vector<std::int64_t> sizes(shape of) const {
    if (is_expanded()) of = expanded;
    if (of.is_features())
      return is_column ? std::vector<std::int64_t>{of.channels, 1} : std::vector<std::int64_t>{of.channels};
    std::int64_t const ours[]{of.channels, of.height, of.width};
    std::vector<std::int64_t> all;
    for (int a = 1; a < 4; ++a)
      if (int const from = axis(a); from > 0) all.push_back(ours[from - 1]);
    return all;
  }
};

inline std::vector<int> const channels_last{0, 2, 3, 1};

}  // namespace laminate
