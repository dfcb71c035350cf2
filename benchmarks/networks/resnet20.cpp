// ResNet-20 with projections: for 3×32×32 images, and the lecture's headline, for 1×28×28.
#include "networks.hpp"

using namespace laminate;

namespace {

/// A training step that keeps everything against one that keeps checkpoints.
template<class Net> bench::row recomputing(char const* name, int batch, bench::settings const& s) {
  bench::learner<Net> ours(batch, s.threads);
  bench::learner<Net, Recompute> theirs(batch, s.threads);
  bench::expect_same("the loss with Recompute", ours.learn(), theirs.learn());
  bench::duel const d(
      s.rounds, [&] { return bench::time_of([&] { ours.learn(); }); },
      [&] { return bench::time_of([&] { theirs.learn(); }); });
  return bench::row_of(name, {"train", batch}, s, plan<Net>.training_flops, d, "Recompute");
}

}  // namespace

std::vector<bench::row> bench::measure_resnet20(settings const& s) {
  auto rows = network_rows<zoo::ResNet<20, 10, 16, zoo::Projected>>(
      "ResNet-20", {{"infer", 1}, {"infer", 64}, {"train", 64}, {"train", 128}}, s);
  if (!s.tuned)  // which is libtorch alone
    rows.push_back(recomputing<zoo::ResNet<20, 10, 16, zoo::Projected>>("ResNet-20", 64, s));
  using Grey = zoo::ResNet<20, 10, 16, zoo::Projected, Image<1, 28, 28>>;
  for (row const& r : network_rows<Grey>("ResNet-20@28", {{"train", 128}}, s)) rows.push_back(r);
  return rows;
}
