// What is compiled for another processor computes what the reference does.
#include "laws/comparison.hpp"
#include "network.hpp"

#include <cstdio>

using namespace laminate;
using architectures::Net;

int main() {
  std::vector<int> const batches{5, laws::largest_batch};
  auto const reference = laws::make_specimen<Net, Reference>();
  auto const start = laws::disturbed(reference->state(), reference->nodes);
  auto const measured = laws::make_specimen<Net, Fused, float>();  // double is tried on the processor here
  auto const found = laws::differences(laws::observe_from(start, *measured, batches),
                                       laws::observe_from(start, *reference, batches), 1e-4);
  std::printf("%s: %zu tensors differ%s\n", kernels::default_arch::name(), found.size(), laws::joined(found).c_str());
  return found.empty() ? 0 : 1;
}
