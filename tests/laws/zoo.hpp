// The law of one network type; what the files zoo_*.cpp have in common.
#pragma once

#include <laminate/zoo.hpp>

#include "generated.hpp"

namespace laws {

// What takes time is compiling kernels: few channels, small images and little depth keep them few. The
// networks are spread over several files because g++ 12 looks through all kernels it has met at each new one.
using Tiny = Image<3, 4, 4>;

/// What differs between Fused, Unfused and Reference on Net; "" where nothing does.
template<class Net> std::string broken_law() {
  return broken_law(
      {spelled<Net>(), make_specimen<Net, Fused>, make_specimen<Net, Unfused>, make_specimen<Net, Reference>},
      1e-10);
}

}  // namespace laws
