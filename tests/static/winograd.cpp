// Winograd's matrices, made of points, give the sums of a filter: Σ_p Aᵀ(i, p) G(p, j) Bᵀ(p, l) is 1 where l = i + j,
// and 0 elsewhere.
#include <laminate/kernels/winograd/matrices.hpp>

using namespace laminate;

namespace {

template<minimal_filtering F>
constexpr bool filters = [] {
  using made = kernels::winograd<F>;
  for (int i = 0; i < F.outputs; ++i)
    for (int j = 0; j < F.taps; ++j)
      for (int l = 0; l < F.side(); ++l) {
        double sum = l == i + j ? -1 : 0;
        for (int p = 0; p < F.side(); ++p) sum += made::output[i][p] * made::weight[p][j] * made::input[p][l];
        if (sum > 1e-13 || sum < -1e-13) return false;
      }
  return true;
}();
static_assert(filters<{2, 2}> && filters<{4, 2}> && filters<{6, 2}> && filters<{2, 3}> && filters<{4, 3}> &&
              filters<{6, 3}> && filters<{2, 4}> && filters<{4, 4}> && filters<{2, 5}> && filters<{4, 5}> &&
              filters<{2, 6}> && filters<{2, 7}>);
static_assert(minimal_filtering{4, 3}.products() == 36 && minimal_filtering{2, 5}.products() == 36);

}  // namespace
