// The network whose checkpoints are damaged.
#pragma once

#include <laminate/layers.hpp>
#include <laminate/model/reference_model.hpp>
#include <laminate/model/state_dict.hpp>

namespace fuzz {

using model = laminate::Model<
    laminate::Network<laminate::Features<2>, laminate::Dense<3>, laminate::BN, laminate::ReLU, laminate::Dense<2>>,
    laminate::Reference>;

}  // namespace fuzz
