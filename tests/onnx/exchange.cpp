// onnx_exchange write FOLDER makes the files of every network; onnx_exchange import FOLDER imports them again, and
// foreign ones, with a header for each group that includes all of its networks.
#include "foreign.hpp"
#include "networks.hpp"

#include <laminate/io/onnx/import.hpp>

#include <cstdio>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace onnx_tests {
exported constant_network();
}
using namespace onnx_tests;

namespace {

/// Throws unless the networks have every activation, every role of a node, and windows of every kind.
void check_coverage() {
  std::set<std::string> wanted{"depthwise",
                               "groups",
                               "Conv dilation 2",
                               "Conv stride 4",
                               "Conv with padding given",
                               "MaxPool overlapping",
                               "MaxPool padded",
                               "AvgPool overlapping",
                               "AvgPool padded",
                               "Concat of 4",
                               "Image",
                               "Features"};
  [&]<class... Words>(std::tuple<Words...>) { (wanted.insert(laws::spelled<Words>()), ...); }(laws::activation_table{});
  for (int r = 0; r <= static_cast<int>(role::concatenation); ++r)
    if (r != static_cast<int>(role::custom)) wanted.insert(laws::with_number("role", r));  // ONNX knows no such loops
  for (int const kernel : {1, 2, 3, 4, 5, 6, 7}) wanted.insert(laws::with_number("Conv kernel", kernel));
  for (int const bias : {0, 1, 2})
    for (std::string const layer : {"Conv bias", "Dense bias"}) wanted.insert(laws::with_number(layer.c_str(), bias));
  for (auto const& word : wanted)
    if (!laws::covered().words.contains(word)) throw error("no network has: " + word);
}

void import_group(std::filesystem::path const& folder, std::string const& group,
                  std::vector<std::string> const& names) {
  std::string includes, uses;
  for (auto const& name : names) {
    import_onnx(folder / (name + ".onnx"), folder, name);
    includes += "#include \"" + name + ".hpp\"\n";
    uses += "  use.template operator()<" + name + "::Net>(\"" + name + "\");\n";
  }
  write_atomically(folder / (group + "_networks.hpp"),
                   includes + "template<class Use> void for_each_network(Use use) {\n" + uses + "}\n");
}
void import_group(std::filesystem::path const& folder, std::string const& group, std::vector<exported> const& all) {
  std::vector<std::string> names;
  for (auto const& network : all) names.push_back(network.name);
  import_group(folder, group, names);
}

}  // namespace

int main(int, char** arguments) try {
  std::filesystem::path const folder = arguments[2];
  if (arguments[1] == std::string("write")) {
    for (auto const& group :
         {image_networks(), feature_networks(), zoo_networks(), further_networks(), std::vector{constant_network()}})
      for (auto const& network : group) network.write(folder, network.name);
    check_coverage();
  } else {
    import_group(folder, "images", image_networks());
    auto features = feature_networks();  // and what else is small, as every group costs the headers
    for (auto& network : further_networks()) features.push_back(std::move(network));
    import_group(folder, "features", features);
    import_group(folder, "zoo", zoo_networks());
    import_group(folder / "foreign", "foreign", write_foreign(folder / "foreign"));
  }
} catch (laminate::error const& failure) {
  std::fprintf(stderr, "error: %s\n", failure.what());
  return 1;
}
