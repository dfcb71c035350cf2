// One line of a benchmark's table.
#pragma once

#include <string>

namespace bench {

/// Times are per sample; `ratio` = peer / ours, the median over rounds.
struct row {
  std::string suite, name, work;
  int batch = 1, threads = 1;
  double ours_us = 0;
  std::string peer;
  double peer_us = 0, ratio = 0, percent_of_peak = 0;
  int rounds = 0;
  double spread = 0;
  std::string ours = {};        ///< which algorithm, where there is a choice
  double flops = 0, bytes = 0;  ///< of one sample, by the plan; 0: not told
};

}  // namespace bench
