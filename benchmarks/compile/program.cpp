// What is compiled to see what compiling costs: -DNETWORK='ResNet<20>' -DZOO='<laminate/zoo/resnet.hpp>', with -DTRAINS
// a trainer, without it inference alone; -DSECOND='ResNet<32>': a second network beside it; without a NETWORK all
// headers and nothing else. It is linked, but never runs.
#ifndef NETWORK
#include <laminate/laminate.hpp>
int main() {}
#else
#include <laminate/layers.hpp>
#include <laminate/model/model.hpp>
#include ZOO

using Net = laminate::zoo::NETWORK;

#ifdef TRAINS
#include <laminate/data.hpp>
#include <laminate/train.hpp>

template<class Network> void train(laminate::dataset const& data) {
  laminate::Model<Network> model{1, 64};
  fit(model, data, laminate::fit_options{.epochs = 1});
}
void run(laminate::dataset const& data) {
  train<Net>(data);
#ifdef SECOND
  train<laminate::zoo::SECOND>(data);
#endif
}
int main() { run({}); }
#else
void run(std::span<float const> x, std::span<float> y) {
  laminate::Model<Net> model{1, 64};
  model.infer(x, y);
}
int main() { run({}, {}); }
#endif
#endif
