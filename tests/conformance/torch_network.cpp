#include "torch_network.hpp"

#include "torch_layers.hpp"

#include <laminate/kernels/dropout_mask.hpp>

#include <map>
#include <numeric>
#include <stdexcept>

namespace conformance {

namespace nn = torch::nn;
using laminate::graph_node;
using laminate::role;
using torch::Tensor;

namespace {

// A user's activation with a learned parameter: x + sin(a·x)·√(1 + |x|).
struct wave_module : nn::Module {
  Tensor weight = register_parameter("weight", torch::zeros({1}));
  Tensor forward(Tensor const& x) { return x + torch::sin(weight * x) * torch::sqrt(1 + torch::abs(x)); }
};
TORCH_MODULE_IMPL(wave, wave_module);

nn::AnyModule activation(torch_function const& f, graph_node const& v) {
  return f.name == "wave" ? nn::AnyModule(wave()) : module_of_activation(f, v);
}

// Puts a module where its name says, "3.body.0", into modules for the blocks around it.
void put(nn::Module& network, std::string const& name, std::shared_ptr<nn::Module> const& module) {
  nn::Module* at = &network;
  std::size_t begin = 0;
  for (std::size_t dot; (dot = name.find('.', begin)) != name.npos; begin = dot + 1) {
    std::string const block = name.substr(begin, dot - begin);
    auto const* known = at->named_children().find(block);
    at = known ? known->get() : at->register_module(block, std::make_shared<nn::Module>()).get();
  }
  at->register_module(name.substr(begin), module);
}

std::string name_of(laminate::layer_path const& at) {
  std::string name;
  for (int i = 0; i < at.depth; ++i) {
    int const step = at.steps[i];
    name += i ? "." : "";
    name += step == laminate::layer_path::body       ? "body"
            : step == laminate::layer_path::shortcut ? "shortcut"
            : step == laminate::layer_path::branches ? "branches"
                                                     : std::to_string(step);
  }
  return name;
}

}  // namespace

struct torch_network::implementation {
  std::vector<graph_node> nodes;
  std::vector<nn::AnyModule> modules;
  nn::Module network;
  torch::Dtype type;
  Tensor x, y;
  std::vector<Tensor> learned, weights, others;
  std::unique_ptr<torch::optim::Optimizer> optimiser;

  Tensor tensor_of(std::vector<double> const& values, laminate::shape of) const {
    std::int64_t const samples = static_cast<std::int64_t>(values.size()) / of.size();
    std::vector<std::int64_t> sizes{samples, of.channels};
    if (of.is_image()) sizes.insert(sizes.end(), {of.height, of.width});
    return torch::tensor(values, torch::kDouble).reshape(sizes).to(type);
  }

  Tensor drop(Tensor const& in, int n, std::uint64_t key) const {
    std::vector<double> factors(static_cast<std::size_t>(in.numel()));
    for (std::size_t i = 0; i < factors.size(); ++i)
      factors[i] = laminate::kernels::is_dropped(key, static_cast<std::uint32_t>(n), i, nodes[n].rate)
                       ? 0
                       : 1 / (1 - nodes[n].rate);
    return in * torch::tensor(factors, torch::kDouble).reshape(in.sizes()).to(type);
  }

  Tensor run(Tensor const& in, std::uint64_t key) {
    return run_modules(nodes, modules, in,
                       [&](Tensor const& x, int n) { return network.is_training() ? drop(x, n, key) : x; });
  }
};

namespace {

std::vector<double> numbers_of(Tensor const& t) {
  Tensor const dense = t.detach().to(torch::kDouble).contiguous();
  return {dense.data_ptr<double>(), dense.data_ptr<double>() + dense.numel()};
}
torch_tensor named(std::string name, Tensor const& t) {
  return {std::move(name), {t.sizes().begin(), t.sizes().end()}, numbers_of(t)};
}

// What a module owns itself, then its children: the order of Python's state_dict().
void visit(nn::Module const& m, std::string const& prefix, auto&& at) {
  for (auto const& p : m.named_parameters(false)) at(prefix + p.key(), p.value(), true);
  for (auto const& b : m.named_buffers(false)) at(prefix + b.key(), b.value(), false);
  for (auto const& child : m.named_children()) visit(*child.value(), prefix + child.key() + ".", at);
}

}  // namespace

torch_network::torch_network(std::span<graph_node const> nodes, std::span<torch_function const> functions, bool precise)
    : own_(std::make_unique<implementation>()) {
  at::set_num_threads(1);
  own_->nodes.assign(nodes.begin(), nodes.end());
  own_->type = precise ? torch::kDouble : torch::kFloat;
  own_->modules.resize(nodes.size());
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    if (!has_module(nodes[n].acts_as)) continue;
    bool const activates = nodes[n].acts_as == role::activation;
    own_->modules[n] = activates ? activation(functions[n], nodes[n]) : module_of_layer(nodes[n]);
    put(own_->network, name_of(nodes[n].at), own_->modules[n].ptr());
  }
  own_->network.to(own_->type);
  visit(own_->network, "", [&](std::string const&, Tensor const& t, bool learned) {
    if (!learned) return;
    own_->learned.push_back(t);
    (t.dim() > 1 ? own_->weights : own_->others).push_back(t);
  });
}
torch_network::~torch_network() = default;

std::vector<double> torch_network::infer(std::vector<double> const& x) {
  torch::NoGradGuard const no_gradients;
  own_->network.eval();
  return numbers_of(own_->run(own_->tensor_of(x, own_->nodes[0].out), 0));
}

std::vector<double> torch_network::forward(std::vector<double> const& x, std::uint64_t dropout_key) {
  own_->network.train();
  own_->x = own_->tensor_of(x, own_->nodes[0].out).set_requires_grad(true);
  own_->y = own_->run(own_->x, dropout_key);
  return numbers_of(own_->y);
}

std::vector<double> torch_network::backward(std::vector<double> const& dy) {
  own_->network.zero_grad();
  own_->y.backward(own_->tensor_of(dy, own_->nodes.back().out));
  return numbers_of(own_->x.grad());
}

double torch_network::backward_from_loss(std::vector<int> const& labels) {
  own_->network.zero_grad();
  std::vector<std::int64_t> const classes(labels.begin(), labels.end());
  Tensor const loss = nn::functional::cross_entropy(own_->y.flatten(1), torch::tensor(classes));
  loss.backward();
  return loss.item<double>();
}

std::vector<torch_tensor> torch_network::state() const {
  std::vector<torch_tensor> all;
  visit(own_->network, "", [&](std::string const& name, Tensor const& t, bool) { all.push_back(named(name, t)); });
  return all;
}

std::vector<torch_tensor> torch_network::gradients() const {
  std::vector<torch_tensor> all;
  visit(own_->network, "", [&](std::string const& name, Tensor const& t, bool learned) {
    if (learned) all.push_back(named(name, t.grad().defined() ? t.grad() : torch::zeros_like(t)));
  });
  return all;
}

void torch_network::load(std::vector<torch_tensor> const& state) {
  torch::NoGradGuard const no_gradients;
  std::size_t loaded = 0;
  visit(own_->network, "", [&](std::string const& name, Tensor t, bool) {
    for (auto const& from : state) {
      if (from.name != name) continue;
      if (from.shape != std::vector<int>(t.sizes().begin(), t.sizes().end()))
        throw std::runtime_error("of another shape: " + name);
      t.copy_(torch::tensor(from.values, torch::kDouble).reshape(t.sizes()));
      ++loaded;
      return;
    }
    throw std::runtime_error("missing: " + name);
  });
  if (loaded != state.size()) throw std::runtime_error("torch has no place for some of the tensors");
}

template<class Options> Options set(torch_rule const& r) {
  return Options(r.lr).weight_decay(r.weight_decay).eps(r.eps).betas({r.betas[0], r.betas[1]});
}

torch_rule torch_defaults(std::string_view name) {
  auto const adam = [&](auto const& o) {
    auto const [first, second] = o.betas();
    return torch_rule{
        .name = name, .lr = o.lr(), .weight_decay = o.weight_decay(), .eps = o.eps(), .betas = {first, second}};
  };
  if (name == "Adam") return adam(torch::optim::AdamOptions());
  if (name == "AdamW") return adam(torch::optim::AdamWOptions());
  torch::optim::SGDOptions const o(0);
  return {.name = name, .momentum = o.momentum(), .weight_decay = o.weight_decay(), .nesterov = o.nesterov()};
}

void torch_seed(std::uint64_t seed) { torch::manual_seed(seed); }

void torch_network::optimise(torch_rule const& rule) {
  using namespace torch::optim;
  auto const make = [&]<class Rule, class Options>(std::type_identity<Rule>, Options const& options) {
    if (rule.decays_all) return std::unique_ptr<Optimizer>(std::make_unique<Rule>(own_->learned, options));
    auto const undecayed = [&] {
      Options other = options;
      other.weight_decay(0);
      return other;
    }();
    std::vector<OptimizerParamGroup> groups;
    if (!own_->weights.empty()) groups.emplace_back(own_->weights, std::make_unique<Options>(options));
    if (!own_->others.empty()) groups.emplace_back(own_->others, std::make_unique<Options>(undecayed));
    return std::unique_ptr<Optimizer>(std::make_unique<Rule>(std::move(groups), options));
  };
  if (own_->learned.empty())
    own_->optimiser = nullptr;
  else if (rule.name == "SGD")
    own_->optimiser =
        make(std::type_identity<SGD>(),
             SGDOptions(rule.lr).momentum(rule.momentum).weight_decay(rule.weight_decay).nesterov(rule.nesterov));
  else if (rule.name == "Adam")
    own_->optimiser = make(std::type_identity<Adam>(), set<AdamOptions>(rule));
  else if (rule.name == "AdamW")
    own_->optimiser = make(std::type_identity<AdamW>(), set<AdamWOptions>(rule));
  else
    throw std::runtime_error("torch::optim has no such rule");
}

void torch_network::step() {
  if (own_->optimiser) own_->optimiser->step();
}

}  // namespace conformance
