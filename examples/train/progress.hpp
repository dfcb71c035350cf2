// One line on the terminal that moves: loss, accuracy, speed and time left. In a file: a line per epoch only.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <laminate/train/fit_options.hpp>
#include <string>

inline void show_progress(laminate::batch_report const& r) {
  static bool const on_terminal = isatty(STDOUT_FILENO);
  static double shown = -1;
  bool const last = r.batch == r.batches;
  if (!on_terminal || (!last && r.batch > 1 && r.seconds - shown < 0.1)) return;
  shown = r.seconds;
  constexpr int width = 24;
  int const done = width * r.batch / r.batches;
  double const left = r.seconds / r.batch * (r.batches - r.batch);
  std::printf("\repoch %d/%d [%s%s] loss %.4f  accuracy %.4f  %6.0f images/s  %3.0f s left\x1b[K", r.epoch, r.epochs,
              std::string(done, '=').c_str(), std::string(width - done, ' ').c_str(), r.so_far.loss, r.so_far.accuracy,
              r.images_per_second, left);
  std::fflush(stdout);
}

inline void show_epoch(laminate::epoch_report const& r) {
  static bool const on_terminal = isatty(STDOUT_FILENO);
  std::printf("%sepoch %d/%d  loss %.4f  accuracy %.4f  %.0f images/s  %.1f s", on_terminal ? "\r\x1b[K" : "", r.epoch,
              r.epochs, r.train.loss, r.train.accuracy, r.images_per_second, r.seconds);
  if (r.evaluation) std::printf("  test loss %.4f  test accuracy %.4f", r.evaluation->loss, r.evaluation->accuracy);
  std::printf("\n");
  std::fflush(stdout);
}
