// A roofline (Williams et al. 2009): FLOP per byte and FLOP per second, under what the machine can.
#pragma once

#include <cstdio>
#include <filesystem>
#include <laminate/support/error.hpp>
#include <laminate/support/parallel.hpp>
#include <memory>

#include "measure.hpp"
#include "row.hpp"

namespace bench {

/// Bytes per second that `threads` cores read from memory: sums over 256 MiB, the best of several.
inline double read_bandwidth(int threads) {
  constexpr int parts = 64, size = 1 << 20;  // floats
  std::vector<float> const data(static_cast<std::size_t>(parts) * size, 1);
  double best = 0;
  for (int attempt = 0; attempt < 8; ++attempt) {
    double const begin = seconds_now();
    laminate::parallel_for(parts, threads, [&](int part, int) {
      using namespace laminate::kernels;
      constexpr int width = lanes<float, default_arch>, chains = 8;
      float const* const from = data.data() + static_cast<std::size_t>(part) * size;
      vector<float, default_arch> sums[chains];
      for (auto& sum : sums) sum = broadcast<float, default_arch>(0.f);
      for (int i = 0; i < size; i += chains * width)
        for (int c = 0; c < chains; ++c) sums[c] += vector<float, default_arch>::load_unaligned(from + i + c * width);
      observe(sums);
    });
    best = std::max(best, sizeof(float) * double(parts) * size / (seconds_now() - begin));
  }
  return best;
}

/// Draws rows that state their FLOPs and bytes, by gnuplot. `peak`: FLOP/s of one core.
inline void draw_roofline(std::filesystem::path const& file, std::vector<row> const& rows, double peak) {
  int const threads = rows.empty() ? 1 : rows.front().threads;
  double const most = peak * threads / 1e9, bandwidth = read_bandwidth(threads) / 1e9;
  std::filesystem::path partial = file;
  partial += ".partial";
  std::unique_ptr<FILE, int (*)(FILE*)> gnuplot(popen("gnuplot", "w"), pclose);
  if (!gnuplot) throw laminate::error(file.string(), "gnuplot could not be started");
  std::FILE* const to = gnuplot.get();
  std::vector<row> shown;
  for (row const& r : rows)
    if (r.bytes > 0) shown.push_back(r);
  std::fprintf(to, "$points << EOD\n");
  for (row const& r : shown) std::fprintf(to, "%g %g\n", r.flops / r.bytes, r.flops / r.ours_us / 1e3);
  std::fprintf(to,
               "EOD\nset terminal svg noenhanced size 860,500 background rgb 'white' font 'sans,13'\nset output '%s'\n"
               "set logscale xy\nset grid lc rgb '#dddddd'\nset key outside right Left reverse samplen 1 font ',11'\n"
               "set xrange [0.5:200]\nset yrange [0.5:%g]\nset xlabel 'FLOP per byte of memory that the plan moves'\n"
               "set ylabel 'GFLOP/s on %d thread%s'\nroof(x) = x * %g < %g ? x * %g : %g\n"
               "plot roof(x) with lines lw 2 lc rgb '#888888' title '%.0f GFLOP/s, %.1f GB/s'",
               partial.c_str(), 1.6 * most, threads, threads == 1 ? "" : "s", bandwidth, most, bandwidth, most, most,
               bandwidth);
  for (std::size_t i = 0; i < shown.size(); ++i)  // a sign for each, as they lie close
    std::fprintf(to, ", $points every ::%zu::%zu using 1:2 with points pt %zu lw 1.5 lc %zu title '%s %s %d'", i, i,
                 i + 1, i + 1, shown[i].name.c_str(), shown[i].work.c_str(), shown[i].batch);
  std::fprintf(to, "\n");
  if (pclose(gnuplot.release()) != 0 || !std::filesystem::exists(partial))
    throw laminate::error(file.string(), "gnuplot (package gnuplot-nox) did not draw it");
  std::filesystem::rename(partial, file);
}

}  // namespace bench
