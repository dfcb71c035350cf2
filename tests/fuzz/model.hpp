// The network whose files are damaged.
#pragma once

#include "../laws/same_bits.hpp"

#include <laminate/layers.hpp>
#include <laminate/model/reference_model.hpp>
#include <laminate/model/state_dict.hpp>

#include <algorithm>

namespace fuzz {

using model = laminate::Model<
    laminate::Network<laminate::Features<2>, laminate::Dense<3>, laminate::BN, laminate::ReLU, laminate::Dense<2>>,
    laminate::Reference>;

inline bool equal(model const& a, model const& b) {
  auto const x = laminate::state_dict(a), y = laminate::state_dict(b);
  return a.random_state() == b.random_state() && std::ranges::equal(x, y, [](auto const& one, auto const& other) {
           return laws::same_bits(one.values, other.values);
         });
}

}  // namespace fuzz
