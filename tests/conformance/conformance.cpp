#include "conformance.hpp"

namespace conformance {

namespace {

dictionary to_dictionary(std::vector<torch_tensor> const& from) {
  dictionary all;
  for (auto const& t : from) all.push_back({t.name, t.shape, t.values});
  return all;
}

/// torch's network as the laws see a model.
struct torch_specimen : laws::specimen {
  torch_network network;
  std::uint64_t random = 1;  // as that of a model made from seed 1

  explicit torch_specimen(declaration const& d) : network(d.nodes, d.functions, d.precise) {
    nodes = d.nodes, in = nodes.front().out, out = nodes.back().out;
  }
  numbers infer(numbers const& x) override { return network.infer(x); }
  numbers forward(numbers const& x) override { return network.forward(x, hash_of(random++, 0)); }
  numbers backward(numbers const& dy) override { return network.backward(dy); }
  dictionary state() const override { return to_dictionary(network.state()); }
  dictionary gradients() const override { return to_dictionary(network.gradients()); }
  void load(dictionary const& state) override {
    std::vector<torch_tensor> all;
    for (auto const& t : state) all.push_back({t.name, t.shape, t.values});
    network.load(all);
  }
};

struct torch_learner : learner {
  torch_specimen own;
  alteration alter;
  torch_learner(declaration const& d, alteration a) : own(d), alter(std::move(a)) {}
  laws::specimen& model() override { return own; }
  void optimise(rule const& r) override {
    torch_rule terms = in_torch_terms(r);
    if (alter) alter(terms);
    own.network.optimise(terms);
  }
  double learn(numbers const& x, std::vector<int> const& labels) override {
    own.forward(x);
    double const loss = own.network.backward_from_loss(labels);
    own.network.step();
    return loss;
  }
};

struct named_rule {
  char const* name;
  rule settings;
};
// Rates are large enough for ten steps to move every parameter by far more than the tolerance. Adam's eps
// keeps a gradient that is zero but for rounding (a bias before a normalisation) from becoming a step. In
// float the rates are a tenth: rounding decides on which side of a kink a value lies, and large steps make
// much of it.
std::vector<named_rule> rules(bool precise) {
  double const r = precise ? 1 : 0.1;
  return {{"SGD", SGD{.lr = 0.05 * r}},
          {"momentum", SGD{.lr = 0.02 * r, .momentum = 0.9}},
          {"momentum and decay", SGD{.lr = 0.02 * r, .momentum = 0.9, .weight_decay = 0.1}},
          {"Nesterov, all decay",
           SGD{.lr = 0.02 * r, .momentum = 0.8, .weight_decay = 0.1, .nesterov = true, .decay_everything = true}},
          {"Adam", Adam{.lr = 0.01 * r, .eps = 1e-4}},
          {"Adam, all decay", Adam{.lr = 0.01 * r, .eps = 1e-4, .weight_decay = 0.1, .decay_everything = true}},
          {"AdamW", AdamW{.lr = 0.01 * r, .eps = 1e-4}},
          {"AdamW, all decay", AdamW{.lr = 0.01 * r, .eps = 1e-4, .weight_decay = 0.1, .decay_everything = true}}};
}

/// Ten steps of a rule from `start`: the losses, and the state at the end. In float the samples are others: of those of
/// 5 one comes within 3·10⁻⁷ of a kink of a thin Plain<8>, where plain loops in float are on the other side, too.
trace learn(learner& one, dictionary const& start, named_rule const& r, bool precise) {
  laws::specimen& model = one.model();
  model.load(start);
  one.optimise(r.settings);
  generator random{precise ? 5u : 6u};
  numbers losses;
  constexpr int samples = 6;
  for (int step = 0; step < 10; ++step) {
    numbers x = laws::normal(random, samples * model.in.size());
    for (double& v : x) v = static_cast<float>(v);
    std::vector<int> labels(samples);
    for (int& label : labels) label = static_cast<int>(random() % model.out.size());
    losses.push_back(one.learn(x, labels));
  }
  return {{std::string(r.name) + ": ", {{"losses", {}, losses}}},
          {"after ten steps of " + std::string(r.name) + ": ", model.state()}};
}

}  // namespace

torch_rule in_torch_terms(rule const& r) {
  if (auto const* s = std::get_if<SGD>(&r))
    return {.name = "SGD",
            .lr = s->lr,
            .momentum = s->momentum,
            .weight_decay = s->weight_decay,
            .nesterov = s->nesterov,
            .decays_all = s->decay_everything};
  auto const adam = [](auto const& a, std::string_view name) {
    return torch_rule{.name = name,
                      .lr = a.lr,
                      .weight_decay = a.weight_decay,
                      .eps = a.eps,
                      .betas = a.betas,
                      .decays_all = a.decay_everything};
  };
  auto const* a = std::get_if<Adam>(&r);
  return a ? adam(*a, "Adam") : adam(std::get<AdamW>(r), "AdamW");
}

std::unique_ptr<learner> make_torch_learner(declaration const& declared, alteration alter) {
  return std::make_unique<torch_learner>(declared, std::move(alter));
}

std::string broken_conformance(declaration const& declared, double tolerance, alteration const& alter) try {
  auto const own = declared.make();
  torch_learner torch(declared, alter);
  dictionary const start = laws::disturbed(own->model().state(), declared.nodes);
  std::vector<int> const batches =
      own->model().takes_one_sample() ? std::vector{5, 1, laws::largest_batch} : std::vector{5, laws::largest_batch};
  auto found = laws::differences(laws::observe_from(start, own->model(), batches),
                                 laws::observe_from(start, torch.model(), batches), tolerance);
  for (auto const& r : declared.learns ? rules(declared.precise) : std::vector<named_rule>{})
    for (auto& text : laws::differences(learn(*own, start, r, declared.precise),
                                        learn(torch, start, r, declared.precise), tolerance))
      found.push_back(std::move(text));
  return found.empty() ? "" : "\n" + declared.name + laws::joined(found);
} catch (std::exception const& failure) {
  std::string const what = failure.what();  // torch adds its whole stack
  return "\n" + declared.name + "\n  " + what.substr(0, what.find('\n'));
}

}  // namespace conformance
