// Networks that go to ONNX and back, in groups that are compiled apart.
#pragma once

#include "example.hpp"
#include "laws/zoo.hpp"

#include <laminate/io/onnx.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace onnx_tests {

using namespace laminate;

/// A network under a name that is an identifier. `write` makes name.onnx, and name.json with an input and what infer()
/// answers.
struct exported {
  std::string name;
  void (*write)(std::filesystem::path const& folder, std::string const& name);
};

/// Plain, with its normalisations folded, or with a scaling of its input.
enum class form { plain, folded, scaled };

/// No parameter is 0 and no scale 1 (see disturbed()), so that nothing can be left out unnoticed.
template<class Net, class Policy, class T, form Form>
void write_network(std::filesystem::path const& folder, std::string const& name) {
  laws::specimen_of<Model<Net, Policy, T>> specimen(1, samples);
  auto const words = boost::hana::unpack(leaves<Net>, [](auto... types) {
    return std::vector<std::string>{laws::spelled<typename decltype(types)::type>()...};
  });
  laws::cover(facts_of<Net>, words, specimen.nodes);
  specimen.load(laws::disturbed(specimen.state(), specimen.nodes));
  generator random{3};
  auto x = laws::normal(random, samples * static_cast<std::size_t>(specimen.in.size()));
  for (double& v : x) v = static_cast<float>(v);
  onnx_options options{.fold_batch_norm = Form == form::folded};
  auto scaled = x;
  if (Form == form::scaled) {
    auto const pixels = static_cast<std::size_t>(specimen.in.pixels());
    for (int c = 0; c < specimen.in.channels; ++c) {
      options.scaling.mean.push_back(0.25f * static_cast<float>(c + 1));
      options.scaling.scale.push_back(2.0f + static_cast<float>(c));
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
      std::size_t const c = i / pixels % options.scaling.mean.size();
      scaled[i] = (x[i] - options.scaling.mean[c]) / options.scaling.scale[c];
    }
  }
  save_onnx(specimen.model, folder / (name + ".onnx"), options);
  write_example(folder / (name + ".json"), specimen.in, x, specimen.infer(scaled));
}

template<class Net, form Form = form::plain> exported reference(std::string name) {
  return {std::move(name), write_network<Net, Reference, double, Form>};
}
template<class Net, form Form = form::plain> exported fused(std::string name) {
  return {std::move(name), write_network<Net, Fused, float, Form>};
}

/// Networks of consecutive seeds from a table of laws/generated.hpp; every second one is folded.
template<class Table, int First, int Count, int... Channels> std::vector<exported> generated(std::string const& kind) {
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    return std::vector{reference < laws::generated<Table, First + I, Channels...>,
                       I % 2 ? form::folded : form::plain > (kind + std::to_string(First + I))...};
  }
  (std::make_integer_sequence<int, Count>{});
}

std::vector<exported> image_networks();
std::vector<exported> feature_networks();
std::vector<exported> further_networks();
std::vector<exported> zoo_networks();

}  // namespace onnx_tests
