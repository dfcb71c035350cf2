// The law of frozen models: freeze(model).infer = model.infer, for any batch and number of threads, and the model is
// as it was.
#pragma once

#include <laminate/model/inference_model.hpp>

#include "generated.hpp"

namespace laws {

/// What a frozen model of Net, computing in T, does otherwise than the reference it is made from; "" where nothing. The
/// tolerance is relative to the largest output.
template<class Net, class T = double> std::string broken_when_frozen(double tolerance) {
  Model<Net, Reference, T> reference{1, largest_batch};
  auto& g = graph_of<Net>;
  dictionary const start = disturbed(to_double(state_dict(reference)), {g.nodes, static_cast<std::size_t>(g.size)});
  load_state_dict(reference, start);
  auto frozen = freeze(reference);
  std::string broken;

  generator random{11};
  std::vector<T> const x = to<T>(normal(random, static_cast<std::size_t>(largest_batch) * Model<Net>::in.size()));
  std::vector<T> expected(static_cast<std::size_t>(largest_batch) * Model<Net>::out.size()), y(expected.size());
  reference.infer(x, std::span(expected));
  frozen.threads(1);
  frozen.infer(x, std::span(y));
  double const limit = tolerance * magnitude(to<double>(expected));
  double worst = 0;
  for (std::size_t i = 0; i < y.size(); ++i)
    if (double const apart = std::abs(static_cast<double>(y[i]) - expected[i]); !(apart <= worst)) worst = apart;
  if (!(worst <= limit)) broken += "\noutputs differ by " + std::to_string(worst / limit) + " times what is allowed";
  if (limit == 0) broken += "\nthe output is zero";

  // Every sample alone, then on threads: the same bits.
  std::vector<T> again(y.size());
  auto const same = [&] { return same_bits(y, again); };
  std::size_t const in = Model<Net>::in.size(), out = Model<Net>::out.size();
  for (std::size_t n = 0; n < largest_batch; ++n)
    frozen.infer(std::span(x).subspan(n * in, in), std::span(again).subspan(n * out, out));
  if (!same()) broken += "\na sample alone gives other bits";
  for (int threads : {2, 3}) {
    std::ranges::fill(again, T(0));
    frozen.threads(threads);
    frozen.infer(x, std::span(again));
    if (!same()) broken += "\nother bits with " + std::to_string(threads) + " threads";
  }

  // The model is as it was, and what becomes of it changes nothing.
  trace const before{{"", start}}, after{{"", to_double(state_dict(reference))}};
  broken += joined(differences(after, before, 0));
  std::ranges::fill(reference.parameters(), T(0)), reference.parameters_changed();
  frozen.infer(x, std::span(again));
  if (!same()) broken += "\nit changed with the model";
  return broken.empty() ? "" : spelled<Net>() + broken;
}

/// Puts generated networks of consecutive seeds to the law.
template<class Table, int First, int... Channels, int... I>
std::vector<std::string> broken_when_frozen(double tolerance, std::integer_sequence<int, I...>) {
  return {broken_when_frozen<generated<Table, First + I, Channels...>>(tolerance)...};
}

}  // namespace laws
