// A fusion rule of one's own, and a policy with it: what it fuses, what that saves, and that it computes the same.
// ctest:
#include <laminate/laminate.hpp>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>

using namespace laminate;

// An activation runs where its input is made, while that is in the registers. It is asked for every operation, in the
// order they compute, and answers whether it has given it a place.
struct activation_while_storing {
  static constexpr char const* says = "with its layer";  // `explain` quotes it

  template<class Fusing> static constexpr bool place(Fusing& f, int i, bool /*training*/) {
    if (f.op(i).does != fusion::work::activate) return false;
    int const s = f.latest_maker(i);  // the step that makes the last of its inputs
    if (s < 0 || f.room(s, fusion::side::store) < 1 || !f.at_hand(i, s)) return false;
    f.put(i, s, fusion::side::store);
    return true;
  }
};

// Rules are asked in order; the last must place everything. The rest is as without fusion.
struct OnlyActivations : Unfused {
  using rules = fusion::rules<fusion::kernel_alone, fusion::bias_while_storing, activation_while_storing,
                              fusion::a_pass_of_its_own>;
};

using Net = Network<Image<1, 28, 28>, Conv<3, 16>, BN, ReLU, Residual<Conv<3, 16>, ReLU, Conv<3, 16>, BN>, ReLU,
                    MaxPool<2>, Conv<3, 16>, GELU, GlobalAvgPool, Dense<10>>;

static_assert(run_together<Net, OnlyActivations, 4, 5>(), "the ReLU after a convolution comes with it");
static_assert(run_together<Net, OnlyActivations, 2, 3>(), "and the one after a normalisation");
static_assert(!run_together<Net, Unfused, 4, 5>() && !run_together<Net, OnlyActivations, 1, 2>());
static_assert(plan<Net, Fused>.bytes < plan<Net, OnlyActivations>.bytes);
static_assert(plan<Net, OnlyActivations>.bytes < plan<Net, Unfused>.bytes);

// One step of training from the same parameters.
template<class Policy> std::vector<float> gradients_by(char const* name) {
  Model<Net, Policy> model{1, 8};
  std::vector<float> x(8 * model.in.size()), y(8 * model.out.size()), dy(y.size(), 1);
  generator random{2};
  for (float& v : x) v = static_cast<float>(random.normal());
  model.forward(x, y);
  model.backward(dy);
  auto const& p = plan<Net, Policy>;
  std::cout << std::left << std::setw(16) << name << std::right << std::setw(6) << p.steps << std::setw(8) << p.passes
            << std::setw(20) << p.bytes / 1024 << '\n';
  std::vector<float> all;
  for (auto const& t : gradients(model)) all.insert(all.end(), t.values.begin(), t.values.end());
  return all;
}

int main() {
  std::cout << "policy           steps  passes  KiB moved a sample\n";
  auto const unfused = gradients_by<Unfused>("Unfused"), own = gradients_by<OnlyActivations>("OnlyActivations"),
             fused = gradients_by<Fused>("Fused");
  float largest = 0, apart = 0;
  for (std::size_t i = 0; i < own.size(); ++i) {
    largest = std::max(largest, std::abs(unfused[i]));
    apart = std::max({apart, std::abs(own[i] - unfused[i]), std::abs(fused[i] - unfused[i])});
  }
  std::cout << "gradients differ by " << apart / largest << " of the largest\n";
  return largest > 0 && apart < 1e-4f * largest ? 0 : 1;
}
