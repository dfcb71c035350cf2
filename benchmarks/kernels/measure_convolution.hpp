// Times one convolution in its three directions, by an algorithm and directly.
#pragma once

#include <laminate/fusion/algorithms.hpp>
#include <laminate/kernels/convolve/convolve.hpp>
#include <laminate/kernels/shuffle.hpp>
#include <laminate/kernels/unit.hpp>
#include <laminate/kernels/winograd/weight_gradient.hpp>
#include <laminate/kernels/winograd/weights.hpp>
#include <laminate/support/aligned_buffer.hpp>
#include <laminate/support/error.hpp>
#include <laminate/support/random.hpp>

#include <cmath>
#include <functional>

#include "../measure.hpp"
#include "convolutions.hpp"
#include "peer.hpp"

namespace bench {

using namespace laminate;
using namespace laminate::kernels;
using arch = default_arch;

/// A batch's tensors of one convolution, in the kernels' layouts.
template<sliding G, layout In> struct convolution_bench {
  static constexpr bool planar = In == layout::planar;
  static constexpr long x_size = stored_size(G.in, In), z_size = stored_size(G.out);
  static constexpr int in = G.in.channels, out = G.out.channels;

  int batch;
  aligned_buffer<float> x, z, dz, dx, dw, w, wt;
  convolution_data plain;  ///< the same, as peers take it

  explicit convolution_bench(int n)
      : batch(n),
        x(n * x_size),
        z(n * z_size),
        dz(n * z_size),
        dx(n * stored_size(G.in)),
        dw(weights_size(G)),
        w(weights_size(G)),
        wt(planar ? 0 : weights_size(exchanged(G))),
        plain{.g = G, .batch = n} {
    generator random{1};
    constexpr int fan_in = G.how.kernel * G.how.kernel * in / G.how.groups;
    auto const draw = [&](std::vector<float>& to, long size, double deviation) {
      to.resize(static_cast<std::size_t>(size));
      for (float& v : to) v = static_cast<float>(random.normal() * deviation);
    };
    draw(plain.x, n * static_cast<long>(G.in.size()), 1), draw(plain.dz, n * static_cast<long>(G.out.size()), 1);
    draw(plain.w, static_cast<long>(fan_in) * out, 1 / std::sqrt(fan_in));
    for (int i = 0; i < n; ++i) {
      float const* const image = plain.x.data() + i * static_cast<long>(G.in.size());
      planar ? void(std::copy_n(image, G.in.size(), x.data() + i * x_size))
             : to_blocked(image, x.data() + i * x_size, in, G.in.pixels());
      to_blocked(plain.dz.data() + i * static_cast<long>(G.out.size()), dz.data() + i * z_size, out, G.out.pixels());
    }
    pack_weights(G, plain.w.data(), w.data());
    if (!planar) transpose_weights(G, w.data(), wt.data());
  }

  /// What has been computed last in a direction, as peers give it.
  std::vector<float> result(direction way) const {
    std::vector<float> all;
    if (way == direction::weight_gradient) {
      all.resize(plain.w.size());
      unpack_weights(G, dw.data(), all.data());
      return all;
    }
    bool const forward = way == direction::forward;
    shape const of = forward ? G.out : G.in;
    all.resize(static_cast<std::size_t>(batch) * static_cast<std::size_t>(of.size()));
    for (int i = 0; i < batch; ++i)
      to_planar((forward ? z.data() : dx.data()) + i * static_cast<long>(stored_size(of)),
                all.data() + i * static_cast<long>(of.size()), of.channels, of.pixels());
    return all;
  }

  static constexpr auto ignore = [](auto...) {};

  double forward_directly() {
    return time_of([&] {
      for (int n = 0; n < batch; ++n)
        convolve<float, arch, G, In>(x.data() + n * x_size, w.data(), z.data() + n * z_size, nothing_to_prepare{},
                                     ignore);
      observe(z.data());
    });
  }
  double back_directly() {
    return time_of([&] {
      for (int n = 0; n < batch; ++n)
        if constexpr (sums_few<float, arch>(G))
          convolve_few_data_gradient<float, arch, G>(dz.data() + n * z_size, w.data(), dx.data() + n * x_size,
                                                     nothing_to_prepare{}, ignore);
        else
          convolve_data_gradient<float, arch, G>(dz.data() + n * z_size, wt.data(), dx.data() + n * x_size,
                                                 nothing_to_prepare{}, ignore);
      observe(dx.data());
    });
  }
  double weights_directly() {
    return time_of([&] {
      std::fill_n(dw.data(), dw.size(), 0.f);
      for (int n = 0; n < batch; ++n)
        convolve_weight_gradient<float, arch, G, In>(x.data() + n * x_size, dz.data() + n * z_size, dw.data());
      observe(dw.data());
    });
  }

  /// By tiles; the weights are transformed anew each time, as in a training step.
  template<sliding of, algorithm by> double convolve_tiles(float const* weights, float const* from, float* to) {
    if constexpr (by != algorithm::direct) {
      constexpr tiling tiles = tiling_of(of, by);
      constexpr int samples = tiles.samples;
      constexpr long from_size = stored_size(of.in), to_size = stored_size(of.out);
      aligned_buffer<float> u(transformed_size(of, by)), work(block_size(of, by));
      return time_of([&] {
        transform_weights<float, arch, filtering_of(by, of.how)>(weights, u.data(), of.in.channels, of.out.channels);
        for (int n = 0; n < batch; n += samples)
          convolve_by_tiles<float, arch, tile_kind_of(of, by)>(
              of, tiles, [&](int s, int) { return from + (n + s) * from_size; }, u.data(),
              samples_of<float>{to + n * to_size, to_size}, std::min(samples, batch - n), work.data(), ignore);
        observe(to);
      });
    }
    return 0;
  }
  template<algorithm by> double weight_tiles() {
    if constexpr (by != algorithm::direct) {
      constexpr tiling tiles = tiling_of(G, by);
      constexpr int samples = tiles.samples;
      aligned_buffer<float> du(transformed_size(G, by)), work(block_size(G, by));
      return time_of([&] {
        for (int n = 0; n < batch; n += samples)
          add_weight_gradient_by_tiles<float, arch, tile_kind_of(G, by), in % channel_block>(
              G, tiles, [&](int s) { return x.data() + (n + s) * x_size; },
              [&](int s) { return dz.data() + (n + s) * z_size; }, du.data(), std::min(samples, batch - n), work.data(),
              n == 0);
        transform_weight_gradient<float, arch, filtering_of(by, G.how)>(du.data(), dw.data(), in, out, 0,
                                                                        blocks_of(in) * blocks_of(out));
        observe(dw.data());
      });
    }
    return 0;
  }
};

inline char const* name_of(algorithm a) {
  constexpr char const* names[]{"direct", "Winograd<2>", "Winograd<4>", "Winograd<6>"};
  return names[static_cast<int>(a)];
}

/// "16@28" is C@H: as many filters as channels; "16->32@28 s2" changes both.
inline std::string name_of(sliding const& g) {
  auto const text = [](int n) { return std::to_string(n); };
  window const& w = g.how;
  return text(w.kernel) + "x" + text(w.kernel) + " " + text(g.in.channels) +
         (g.in.channels == g.out.channels ? "" : "->" + text(g.out.channels)) + "@" + text(g.in.height) +
         (w.stride > 1 ? " s" + text(w.stride) : "");
}

inline char const* name_of(direction way) {
  return way == direction::forward ? "forward" : way == direction::data_gradient ? "backward data" : "backward weights";
}

/// The largest difference, relative to the largest number of the first.
inline double apart(std::vector<float> const& a, std::vector<float> const& b) {
  double most = 0, difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    most = std::max<double>(most, std::abs(a[i]));
    difference = std::max<double>(difference, std::abs(a[i] - b[i]));
  }
  return difference / most;
}

/// One convolution in one direction, as we compute it.
struct measured_convolution {
  std::string name;
  direction way;
  std::string algorithm;
  double flops, peak;  ///< of one sample; of a core
  int batch, rounds;

  row beside(std::string const& peer, duel const& d) const {
    double const us = median(d.ours) / batch * 1e6;
    return {.suite = "kernels",
            .name = name,
            .work = name_of(way),
            .batch = batch,
            .ours_us = us,
            .peer = peer,
            .peer_us = median(d.theirs) / batch * 1e6,
            .ratio = median(d.ratios),
            .percent_of_peak = 100 * flops / us * 1e6 / peak,
            .rounds = rounds,
            .spread = spread(d.ratios),
            .ours = algorithm};
  }
};

/// Rows of `ours`, which computes what b.result answers with: beside another of our own, and beside all peers. Throws
/// `error` where a peer computes something else.
template<class Bench>
void measure(std::vector<row>& rows, Bench const& b, measured_convolution const& c, std::function<double()> const& ours,
             char const* other_name, std::function<double()> const& other) {
  rows.push_back(c.beside(other_name, duel(c.rounds, ours, other)));
  for (convolution_peer const& peer : convolution_peers(b.plain, c.way)) {
    duel const d(c.rounds, ours, [&] { return time_of(peer.compute); });
    if (double const found = apart(b.result(c.way), peer.result()); !(found < 1e-3))
      throw error("kernels", c.name + ", " + name_of(c.way) + ": " + peer.name + " computes something else, by " +
                                 std::to_string(found));
    rows.push_back(c.beside(peer.name, d));
  }
}

template<sliding G, layout In = layout::blocked>
std::vector<row> measure_convolution(double peak, int batch, int rounds) {
  convolution_bench<G, In> b(batch);
  double const flops = 2.0 * G.out.size() * G.in.channels * G.how.kernel * G.how.kernel;
  std::vector<row> rows;
  auto const add = [&](direction way, algorithm by, std::function<double()> const& chosen,
                       std::function<double()> const& direct) {
    measure(rows, b, {name_of(G), way, name_of(by), flops, peak, batch, rounds},
            by == algorithm::direct ? direct : chosen, "direct", direct);
  };
  constexpr algorithm forward = Auto::choose(G, direction::forward);
  add(
      direction::forward, forward,
      [&] { return b.template convolve_tiles<G, forward>(b.w.data(), b.x.data(), b.z.data()); },
      [&] { return b.forward_directly(); });
  if constexpr (In == layout::blocked) {
    constexpr algorithm back = Auto::choose(backwards(G), direction::data_gradient);
    add(
        direction::data_gradient, back,
        [&] { return b.template convolve_tiles<backwards(G), back>(b.wt.data(), b.dz.data(), b.dx.data()); },
        [&] { return b.back_directly(); });
  }
  constexpr algorithm weights = Auto::choose(G, direction::weight_gradient);
  add(
      direction::weight_gradient, weights, [&] { return b.template weight_tiles<weights>(); },
      [&] { return b.weights_directly(); });
  return rows;
}

/// A depthwise convolution, beside one of two channels a group, whose kernels multiply the zeros between groups.
template<sliding G> std::vector<row> measure_depthwise(double peak, int batch, int rounds) {
  constexpr sliding pairs{G.in, G.out, {G.how.kernel, G.how.stride, G.how.padding, G.how.dilation, G.how.groups / 2}};
  convolution_bench<G, layout::blocked> b(batch);
  convolution_bench<pairs, layout::blocked> p(batch);
  double const flops = 2.0 * G.out.size() * G.how.kernel * G.how.kernel;
  std::vector<row> rows;
  auto const add = [&](direction way, std::function<double()> const& ours, std::function<double()> const& in_pairs) {
    measure(rows, b, {"depthwise " + name_of(G), way, "lanes", flops, peak, batch, rounds}, ours, "groups of 2",
            in_pairs);
  };
  add(
      direction::forward, [&] { return b.forward_directly(); }, [&] { return p.forward_directly(); });
  add(
      direction::data_gradient, [&] { return b.back_directly(); }, [&] { return p.back_directly(); });
  add(
      direction::weight_gradient, [&] { return b.weights_directly(); }, [&] { return p.weights_directly(); });
  return rows;
}

/// K×K from C to F channels on H×H, padding "same".
template<int K, int C, int F, int H, int S = 1> constexpr sliding square() {
  window const how{K, S, K / 2, 1, 1};
  return {{C, H, H}, {F, how.output(H), how.output(H)}, how};
}

/// K×K, each of C channels on its own.
template<int K, int C, int H, int S = 1> constexpr sliding depthwise() {
  sliding g = square<K, C, C, H, S>();
  g.how.groups = C;
  return g;
}

}  // namespace bench
