// onnx_exchange write FOLDER makes the files of every network; onnx_exchange import FOLDER imports them again, with a
// header for each group that includes all of its networks.
#include "networks.hpp"

#include <laminate/io/onnx/import.hpp>

#include <cstdio>

namespace onnx_tests {
exported constant();
}
using namespace onnx_tests;

namespace {

void import_group(std::filesystem::path const& folder, std::string const& group, std::vector<exported> const& all) {
  std::string includes, uses;
  for (auto const& network : all) {
    import_onnx(folder / (network.name + ".onnx"), folder, network.name);
    includes += "#include \"" + network.name + ".hpp\"\n";
    uses += "  use.operator()<" + network.name + "::Net>(\"" + network.name + "\");\n";
  }
  write_atomically(folder / (group + "_networks.hpp"),
                   includes + "template<class Use> void for_each_network(Use use) {\n" + uses + "}\n");
}

}  // namespace

int main(int, char** arguments) try {
  std::filesystem::path const folder = arguments[2];
  if (arguments[1] == std::string("write")) {
    for (auto const& group : {images(), features(), zoo(), std::vector{constant()}})
      for (auto const& network : group) network.write(folder, network.name);
  } else {
    import_group(folder, "images", images());
    import_group(folder, "features", features());
    import_group(folder, "zoo", zoo());
  }
} catch (laminate::error const& failure) {
  std::fprintf(stderr, "error: %s\n", failure.what());
  return 1;
}
