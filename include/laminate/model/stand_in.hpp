// What stands in for a refused network.
#pragma once

#include <laminate/layers/dense.hpp>
#include <laminate/layers/input.hpp>
#include <laminate/layers/network.hpp>

namespace laminate {

/// A refused declaration has been reported. A network of one weight stands in for it, so that nothing more is said
/// about whatever the program does with its model.
using stand_in = Network<Features<1>, Dense<1>>;

}  // namespace laminate
