// Networks to ONNX and back, compiled once.
#include "files.hpp"

#include <laminate/io/onnx/import.hpp>

#include "onnx/example.hpp"

namespace laws {

std::string exchange(onnx_network const& network, dictionary const& example, shape in, bool fold,
                     fs::path const& folder) {
  bool const has_loops =
      std::ranges::any_of(network.nodes, [](graph_node const& v) { return v.acts_as == role::custom; });
  if (has_loops) return "";  // ONNX knows no such layers
  try {
    std::string content;
    to_onnx("onnx", network, {.fold_batch_norm = fold}).SerializeToString(&content);
    write_atomically(folder / "net.onnx", content);
    onnx_tests::write_example(folder / "net.json", in, example[0].values, example[1].values);
    import_onnx(folder / "net.onnx", folder, "imported");
  } catch (error const& failure) {
    return std::string("\nto ONNX and back: ") + failure.what();
  }
  return "";
}

}  // namespace laws
