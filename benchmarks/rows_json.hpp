// A benchmark's rows as JSON, written atomically.
#pragma once

#include <laminate/io/atomic_file.hpp>
#include <nlohmann/json.hpp>

#include "fusion_table.hpp"

namespace bench {

inline nlohmann::json to_json(std::vector<row> const& rows) {
  nlohmann::json all = nlohmann::json::array();
  for (row const& r : rows)
    all.push_back({{"suite", r.suite},
                   {"case", r.name},
                   {"work", r.work},
                   {"batch", r.batch},
                   {"threads", r.threads},
                   {"ours_us", r.ours_us},
                   {"peer", r.peer},
                   {"peer_us", r.peer_us},
                   {"ratio", r.ratio},
                   {"percent_of_peak", r.percent_of_peak},
                   {"rounds", r.rounds},
                   {"spread", r.spread},
                   {"algorithm", r.ours},
                   {"flops", r.flops},
                   {"bytes", r.bytes}});
  return all;
}

}  // namespace bench
