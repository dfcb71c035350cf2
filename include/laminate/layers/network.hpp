// Network: the whole declaration, input first.
#pragma once

#include <laminate/describe/word.hpp>

namespace laminate {

/// Network<Image<1,28,28>, Conv<3,16>, BN, ReLU, …>: a type, and all there is to know about the net.
template<class... Words> struct Network {};

}  // namespace laminate
