// The laws of random networks, compiled once: they see models as specimens.
#include "laws.hpp"

namespace laws {
namespace {

bool finite(trace const& seen) {
  for (auto const& step : seen)
    for (auto const& t : step.tensors)
      for (double v : t.values)
        if (!std::isfinite(v)) return false;
  return true;
}

/// What inference in between does to gradients, other samples to a sample, and a NaN to those.
std::string broken_samples(subject const& one, specimen& reference, dictionary const& start) {
  std::string broken;
  generator random{21};
  auto const model = one.make(1);
  std::size_t const in = model->in.size(), out = model->out.size();
  numbers const x = normal(random, 3 * in), dy = normal(random, 3 * out), others = normal(random, 5 * in);

  auto const gradients_with = [&](bool infers) {
    auto const fresh = one.make(1);
    fresh->load(start);
    fresh->forward(x);
    if (infers) fresh->infer(others);
    fresh->backward(dy);
    return trace{{"", fresh->gradients()}};
  };
  broken += joined(differences(gradients_with(true), gradients_with(false), 0));

  model->load(start);
  numbers const together = model->infer(others);
  double const limit = 1e-3 * one.tolerance * magnitude(together);
  for (std::size_t n = 0; n < 5; ++n) {
    numbers const alone = model->infer({others.begin() + n * in, others.begin() + (n + 1) * in});
    for (std::size_t i = 0; i < out; ++i)
      if (!(std::abs(alone[i] - together[n * out + i]) <= limit)) return broken + "\n  a sample alone differs";
  }

  numbers poisoned = others;
  poisoned[in + in / 2] = std::nan("");
  numbers const measured = model->infer(poisoned), expected = reference.infer(poisoned);
  for (std::size_t n : {0, 2, 3, 4})
    if (!same_bits(std::span(measured).subspan(n * out, out), std::span(together).subspan(n * out, out)))
      return broken + "\n  a NaN gets into other samples";
  for (std::size_t i = out; one.exact_zeros && i < 2 * out; ++i)
    if (std::isnan(measured[i]) != std::isnan(expected[i]))
      return broken + "\n  a NaN is not where the reference has one";
  return broken;
}

}  // namespace

std::string broken(std::vector<subject> const& all) {
  std::string found;
  auto const note = [&](subject const& one, std::string const& what, std::string const& broken) {
    if (!broken.empty()) found += "\n" + one.policy + ", " + what + ":" + broken;
  };
  auto const reference = all[0].make(1);
  bool const drops =
      std::ranges::any_of(reference->nodes, [](graph_node const& v) { return v.acts_as == role::dropout; });
  bool const groups = std::ranges::any_of(reference->nodes, [](graph_node const& v) { return v.how.groups > 1; });
  int const capacity = all[0].capacity;
  auto const batches = reference->takes_one_sample() ? std::vector{5, 1, capacity, 3} : std::vector{5, capacity, 3};
  dictionary const drawn = reference->state(), start = disturbed(drawn, reference->nodes);
  trace const expected = observe_from(start, *reference, batches);
  if (!finite(expected)) return "\nthe reference:\n  not finite, nothing can be compared";
  dictionary const updated = all[0].trained(start, 1);

  for (std::size_t i = 1; i < all.size(); ++i) {
    subject one = all[i];
    bool const single = one.tolerance > 1e-6;
    one.exact_zeros = one.exact_zeros && !groups;
    note(one, "its first parameters",
         joined(differences({{"", one.make(1)->state()}}, {{"", drawn}}, single ? 1e-6 : 1e-15)));
    trace const alone = observe_from(start, *one.make(1), batches);
    note(one, "in batches", joined(differences(alone, expected, one.tolerance)));
    for (int const threads : {2, 3})
      note(one, with_number("threads", threads),
           joined(differences(observe_from(start, *one.make(threads), batches), alone, 0)));
    if (!drops) note(one, "its samples", broken_samples(one, *reference, start));
    if (!single)
      note(one, "updated", joined(differences({{"", one.trained(start, 2)}}, {{"", updated}}, one.tolerance * 100)));
    note(one, "by itself", one.broken_alone());
  }
  return found;
}

}  // namespace laws
