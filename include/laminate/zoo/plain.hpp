// The plain networks that residual ones were measured against.
#pragma once

#include <laminate/zoo/stages.hpp>

namespace laminate::zoo {

/// He, Zhang, Ren & Sun, "Deep residual learning for image recognition" (arXiv:1512.03385), section 4.2: 6n +
/// 2 layers with weights and no shortcuts. Plain<20>, Plain<56>.
template<int Depth, int Classes = 10, int W = 16, class Input = Image<3, 32, 32>, int N = blocks(Depth, 2)>
using Plain = Network<Input, Repeat<1 + 2 * N, Conv<3, W>, BN, ReLU>,                                    //
                      Conv<3, 2 * W, Stride<2>>, BN, ReLU, Repeat<2 * N - 1, Conv<3, 2 * W>, BN, ReLU>,  //
                      Conv<3, 4 * W, Stride<2>>, BN, ReLU, Repeat<2 * N - 1, Conv<3, 4 * W>, BN, ReLU>,  //
                      GlobalAvgPool, Dense<Classes>>;

}  // namespace laminate::zoo
