// Networks that went to ONNX and came back as source: with the weights that came with them they infer what the first
// ones did.
#include NETWORKS

#include <laminate/io/checkpoint.hpp>
#include <laminate/io/safetensors/json.hpp>
#include <laminate/model/reference_model.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

using namespace laminate;

namespace {

std::vector<double> numbers(json_t const* example, char const* name) {
  std::vector<double> all;
  json_t const* const list = json_object_get(example, name);
  for (std::size_t i = 0; i < json_array_size(list); ++i) all.push_back(json_number_value(json_array_get(list, i)));
  return all;
}

template<class Net> bool infers_the_same(std::filesystem::path const& folder, std::string const& name) {
  json_owner const example(json_load_file((folder / (name + ".json")).c_str(), 0, nullptr));
  auto x = numbers(example.get(), "x"), expected = numbers(example.get(), "y");
  Model<Net, Reference, double> model{2, 5};
  extras const kept = load(model, folder / (name + ".safetensors"));
  if (kept.contains("scaling.mean"))
    for (std::size_t i = 0; i < x.size(); ++i) {
      std::size_t const channel = i / static_cast<std::size_t>(model.in.pixels()) % kept.at("scaling.mean").size();
      x[i] = (x[i] - kept.at("scaling.mean")[channel]) / kept.at("scaling.scale")[channel];
    }
  std::vector<double> y(5 * static_cast<std::size_t>(model.out.size()));
  model.infer(x, y);
  double apart = y.size() == expected.size() ? 0 : HUGE_VAL, most = 0;
  for (std::size_t i = 0; i < std::min(y.size(), expected.size()); ++i)
    apart = std::max(apart, std::abs(y[i] - expected[i])), most = std::max(most, std::abs(expected[i]));
  if (apart <= 1e-4 * most) return true;
  std::printf("%s: outputs are apart by %.2e of %.2e\n", name.c_str(), apart, most);
  return false;
}

}  // namespace

int main(int, char** arguments) try {
  int right = 0, all = 0;
  for_each_network([&]<class Net>(char const* name) {
    ++all;
    right += infers_the_same<Net>(arguments[1], name);
  });
  std::printf("%d of %d networks\n", right, all);
  return right == all && all > 0 ? 0 : 1;
} catch (laminate::error const& failure) {
  std::printf("error: %s\n", failure.what());
  return 1;
}
