// Which algorithm computes a convolution, in each of its directions: a part of every policy.
#pragma once

#include <laminate/describe/algorithm.hpp>
#include <laminate/describe/weights.hpp>

namespace laminate {

/// Every convolution directly.
struct Direct {
  static constexpr algorithm choose(sliding, direction) { return algorithm::direct; }
};

/// F(M×M, K×K) for kernels of K×K wherever it can be, M = 2, 4 or 6, and smaller tiles where those would be larger than
/// 8×8. Larger ones are mostly faster and round more: see docs/05_kernels.md.
template<int M> struct Winograd {
  static_assert(M == 2 || M == 4 || M == 6, "Winograd<M> computes tiles of 2×2, 4×4 or 6×6 outputs");
  static constexpr algorithm choose(sliding g, direction) {
    algorithm largest = algorithm::direct;
    for (algorithm a : tiled_algorithms)
      if (suits_algorithm(g, a) && filtering_of(a, g.how).outputs <= M) largest = a;
    return largest;
  }
};

}  // namespace laminate

namespace laminate::fusion {

/// What Auto reckons with, in the time of one multiply-add of 16 numbers, all measured on AVX-512. A tile's transforms
/// are those of one block of channels, in and out, loads and stores included. Weights and their sums pass by in
/// vectors of 16 numbers, which take the longer the more there are: up to half a level-2 cache of 1 MiB, up to what is
/// left to one of two threads of a last-level cache of 32 MiB, and beyond. Where a sample comes alone, all weights of a
/// network pass before a layer's are read again, and a layer of more than 2 MiB is of a network of many.
struct prices {
  static constexpr double transform_of(int products) { return products * (products > 36 ? 9.5 : 8.3); }
  static constexpr long level_2 = level_2_bytes / 2, last_level = last_level_bytes,
                        last_level_of_one = 2L * 1024 * 1024;
  static constexpr double pass_in_level_2 = 1, pass_in_last_level = 2, pass_in_memory = 12;
  static constexpr double larger_tiles = 0.93;    // of the smaller ones' time, or they are not worth their code
  static constexpr double images_of_a_part = 16;  // whose weight gradient has a sum of its own

  static constexpr double pass_of(double vectors, int batch) {
    double const bytes = vectors * channel_block * sizeof(float);
    return vectors * (bytes <= level_2                                        ? pass_in_level_2
                      : bytes <= (batch > 1 ? last_level : last_level_of_one) ? pass_in_last_level
                                                                              : pass_in_memory);
  }
};

/// Products of an axis that do not meet the padding: of outputs and taps.
constexpr int products_inside(window const& how, int input, int output) {
  int count = 0;
  for (int tap = 0; tap < how.kernel; ++tap) {
    int const first = tap * how.dilation - how.padding;  // what output 0 reads
    int const begin = first < 0 ? (how.stride - 1 - first) / how.stride : 0;
    int const end = std::min(output, input > first ? (input - first + how.stride - 1) / how.stride : 0);
    count += std::max(0, end - begin);
  }
  return count;
}

/// Blocks of channels that are computed: of few channels, half of one.
constexpr double blocks_computed(int channels) { return static_cast<double>(tile_channels(channels)) / channel_block; }

/// Images that weights are read for at once, at most.
inline constexpr int large_batch = most_samples_of_tiles;

/// What one image of a batch takes: products, transforms, and the way of weights through the caches. A forward
/// convolution, which a data gradient is as well, reads them once for each image or block of tiles; a weight gradient
/// reads and writes its sum as often, and each part of a batch begins a sum and adds it to the others.
constexpr double cost_of(sliding g, direction d, algorithm a, int batch = large_batch) {
  bool const sums = d == direction::weight_gradient, direct = a == algorithm::direct;
  // The direct sum of a weight gradient is of whole blocks.
  double const in = g.in.channels, out = direct && sums ? blocks_of(g.out.channels) : blocks_computed(g.out.channels);
  double products = 0, transforms = 0, vectors = 0, blocks = 1;
  if (direct) {
    double const met = is_depthwise(g) ? 1 : std::min<double>(in, most_connected(g) * channel_block);
    products =
        met * out * products_inside(g.how, g.in.height, g.out.height) * products_inside(g.how, g.in.width, g.out.width);
    vectors = met * out * g.how.kernel * g.how.kernel;
  } else {
    tiling const t = tiling_of(g, a);
    int const of_tile = filtering_of(a, g.how).products();
    double const tiles = t.across * t.down;
    products = tiles * of_tile * in * out;
    transforms = tiles * prices::transform_of(of_tile) * (blocks_computed(g.in.channels) + out);
    vectors = of_tile * in * out;
    int const together = std::min(t.samples, batch);
    blocks = static_cast<double>((together * t.down + t.rows - 1) / t.rows) / together;
  }
  double const passes = sums ? 2 * (blocks + 1 / prices::images_of_a_part) : blocks;
  return products + transforms + passes * prices::pass_of(vectors, batch);
}

}  // namespace laminate::fusion

namespace laminate {

/// The cheapest by cost_of for batches of `Batch` samples. `FusedBy<AutoFor<1>>` infers single samples faster than
/// Fused where layers are deep: Winograd's weights, up to four times as many, are read for one image.
template<int Batch> struct AutoFor {
  static_assert(Batch > 0, "AutoFor<Batch> chooses for batches of Batch samples");
  static constexpr algorithm choose(sliding g, direction d) {
    algorithm best = algorithm::direct;
    double least = fusion::cost_of(g, d, best, Batch);
    for (algorithm a : tiled_algorithms) {
      if (!suits_algorithm(g, a)) break;
      double const cost = fusion::cost_of(g, d, a, Batch);
      if (cost < (best == algorithm::direct ? 1 : fusion::prices::larger_tiles) * least) best = a, least = cost;
    }
    return best;
  }
};

/// The same for batches, of any size.
struct Auto : AutoFor<fusion::large_batch> {};

}  // namespace laminate
