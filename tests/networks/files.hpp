// What must hold of a drawn network that leaves the program: as a file, as a state of training, as source.
#pragma once

#include "laws.hpp"

#include <laminate/io/npz.hpp>
#include <laminate/io/onnx.hpp>
#include <laminate/model/frozen_model.hpp>

namespace laws {

namespace fs = std::filesystem;

/// What a model infers, and what it computes in a step that follows.
template<class Model> std::vector<float> results_of(Model& model, int samples) {
  generator random{3};
  std::size_t const n = samples, out = n * model.out.size();
  std::vector<float> const x = to<float>(normal(random, n * model.in.size())), dy = to<float>(normal(random, out));
  std::vector<float> all(2 * out), dx(x.size());
  model.infer(x, std::span(all).first(out));
  model.forward(x, std::span(all).last(out));
  model.backward(dy, dx);
  all.insert(all.end(), dx.begin(), dx.end());
  all.insert(all.end(), model.gradients().begin(), model.gradients().end());
  for (auto const& t : state_dict(model)) all.insert(all.end(), t.values.begin(), t.values.end());
  return all;
}

/// Another model that has read a file: chosen at run time, of another seed, for other batches.
template<class Net> struct reader {
  AnyModel<Net, Net> model{1, 2, 7};
  explicit reader(auto const& read) { read(model), model.threads(3); }
};

/// A model that is saved in each way does what those do that read the files.
template<class Net> std::string broken_by_files(fs::path const& folder) {
  std::string broken;
  Model<Net> model{1, 6};
  results_of(model, 6);  // statistics and random numbers have moved on
  extras const kept{{"some numbers", {1.5f, -2}}};
  training_state<float> state, found;
  state.optimizer = "SGD", state.epoch = 3, state.random = model.random_state();
  state.buffers.push_back({"momentum_buffer", {model.parameters().begin(), model.parameters().end()}});
  save(model, folder / "saved", kept), save_npz(model, folder / "saved.npz", kept);
  save_checkpoint(model, state, folder / "checkpoint", kept);
  auto const drawn = model.random_state();
  std::vector<float> const expected = results_of(model, 5);

  auto const compare = [&](std::string const& how, auto const& read) {
    reader<Net> other([&](auto& m) {
      if (read(m) != kept) broken += "\n" + how + ": other extras";
    });
    if (!same_bits(results_of(other.model, 5), expected)) broken += "\n" + how + ": other results";
  };
  compare("safetensors", [&](auto& m) { return m.random_state(drawn), load(m, folder / "saved"); });
  compare("NPZ", [&](auto& m) { return m.random_state(drawn), load_npz(m, folder / "saved.npz"); });
  compare("a checkpoint", [&](auto& m) { return load_checkpoint(m, found, folder / "checkpoint"); });
  if (!(state == found)) broken += "\na checkpoint: another state of training";
  return broken;
}

/// A run that goes on in another model, after a checkpoint, ends as one that was never interrupted.
template<class Net> std::string broken_by_interruption(fs::path const& folder) {
  int const samples = 11, classes = Model<Net>::out.size();
  dataset data{Model<Net>::in, classes, {}, {}};
  generator random{9};
  data.images = to<float>(normal(random, static_cast<std::size_t>(samples) * data.sample.size()));
  for (int i = 0; i < samples; ++i) data.labels.push_back(i % classes);
  fit_options<AdamW> options{.epochs = 2, .batch = 4, .seed = 5, .optimizer = {.lr = 1e-4}};
  options.schedule = schedule::Cosine{};
  Model<Net> whole{1, 4}, begun{1, 4};
  training_state<float> at_its_end, state, found;
  try {
    fit(whole, data, options, at_its_end);
    options.until = 1;
    fit(begun, data, options, state);
  } catch (error const& failure) {
    std::string const why = failure.what();
    return why.find("not finite") != why.npos ? "" : "\nan interrupted run: " + why;
  }
  save_checkpoint(begun, state, folder / "interrupted");
  reader<Net> other([&](auto& m) { load_checkpoint(m, found, folder / "interrupted"); });
  options.until = 0;
  fit(other.model, data, options, found);
  bool const same = found == at_its_end && same_bits(results_of(other.model, 4), results_of(whole, 4));
  return same ? "" : "\nan interrupted run: ends otherwise";
}

/// The model as ONNX, and that as source again; an example for ONNX Runtime. "" or what is wrong.
std::string exchange(onnx_network const& network, dictionary const& example, shape in, bool fold,
                     fs::path const& folder);

/// Leaves in the folder what a second program is made of: the network embedded, with inputs and what it infers, and
/// the network that ONNX made of it.
template<class Net> std::string broken_by_exchange(fs::path const& folder, bool fold) {
  constexpr std::size_t samples = 5;
  specimen_of<Model<Net>> model(1, samples);
  Model<Net, Reference, double> reference{1, samples};
  dictionary const start = disturbed(model.state(), model.nodes);
  model.load(start), load_state_dict(reference, start);
  generator random{3};
  std::vector<float> const x = to<float>(normal(random, samples * model.in.size()));
  std::vector<float> y(samples * model.out.size());
  numbers exact(y.size());
  model.model.infer(x, y), reference.infer(to<double>(x), exact);
  save(model.model, folder / "net.safetensors", {{"x", x}, {"y", y}});
  laminate::freeze(folder / "net.safetensors", folder, "embedded");
  return exchange(laminate::detail::describe_for_onnx("onnx", model.model),
                  {{"x", {}, to<double>(x)}, {"y", {}, exact}}, model.in, fold, folder);
}

/// What the second program finds: the weights within it compute the same bits, …
template<class Net, class Weights> std::string broken_when_embedded() {
  constexpr int capacity = 3;
  static FrozenModel<Net, Weights, capacity> model;
  std::size_t const in = model.in.size(), out = model.out.size();
  std::vector<float> y(Weights::y.size());
  for (std::size_t n = 0, next; n < y.size() / out; n = next) {
    next = std::min(n + capacity, y.size() / out);
    if (!model.infer(std::span(Weights::x).subspan(n * in, (next - n) * in),
                     std::span(y).subspan(n * out, (next - n) * out)))
      return "\nembedded: refuses a batch";
  }
  return same_bits(y, Weights::y) ? "" : "\nembedded: other results";
}

/// … and what came back from ONNX the same within rounding.
template<class Net, class Weights> std::string broken_when_imported(fs::path const& folder, double tolerance) {
  Model<Net, Reference, double> model{2, 5};
  load(model, folder / "imported.safetensors");
  numbers const expected = to<double>(Weights::y);
  numbers y(expected.size());
  model.infer(to<double>(Weights::x), std::span(y));
  return joined(differences({{"imported: ", {{"y", {}, y}}}}, {{"", {{"y", {}, expected}}}}, tolerance));
}

}  // namespace laws
