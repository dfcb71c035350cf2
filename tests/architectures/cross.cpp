// What is compiled for another processor computes what the reference does.
#include "laws/comparison.hpp"
#include "network.hpp"

#include <cstdio>

using namespace laminate;
using architectures::Net;

template<class T> bool differs(laws::specimen& reference, laws::dictionary const& start, double tolerance) {
  std::vector<int> const batches{5, laws::largest_batch};
  auto const measured = laws::make_specimen<Net, Fused, T>();
  auto const found = laws::differences(laws::observe_from(start, *measured, batches),
                                       laws::observe_from(start, reference, batches), tolerance);
  std::printf("%s, %zu bytes: %zu tensors differ%s\n", kernels::default_arch::name(), sizeof(T), found.size(),
              laws::joined(found).c_str());
  return !found.empty();
}

int main() {
  auto const reference = laws::make_specimen<Net, Reference>();
  auto const start = laws::disturbed(reference->state(), reference->nodes);
  bool const floats = differs<float>(*reference, start, 1e-4), doubles = differs<double>(*reference, start, 1e-10);
  return floats || doubles ? 1 : 0;
}
