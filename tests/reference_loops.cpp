// The reference's loops in double do not depend on the network, and take most of the laws' time where they are not
// optimised: compiled once, with the optimiser. What calls them says so in laws/comparison.hpp.
#include <laminate/kernels/reference/stage.hpp>

namespace laminate::kernels::reference {
template void compute(stage<double> const&);
template void add_gradients(stage<double> const&);
}  // namespace laminate::kernels::reference
