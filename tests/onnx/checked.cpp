// What save_onnx writes passes ONNX's own checker, says what it should, and is written whole or not at all.
#include "unit/scratch_folder.hpp"

#include <laminate/io/onnx.hpp>
#include <laminate/layers.hpp>
#include <laminate/model/reference_model.hpp>

#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace laminate;
using Catch::Matchers::Contains;
using tests::content_of;
using tests::put;
using tests::scratch_folder;

namespace {

struct Everything : word {
  static constexpr auto value = [](auto x, auto a) {
    return where(x < a, exp(-x) * sin(x), cos(x) / sqrt(1 + x * x)) + log(2 + abs(x)) - log1p(abs(a)) +
           atan(x) * erf(x);
  };
  static constexpr facts about = mathematics<Everything>::about();
};

using Net = Network<Image<3, 8, 8>, Conv<3, 8, Stride<2>, Groups<1>>, BN, ReLU, Dropout<0.3>,
                    Residual<Shortcut<Conv<1, 8>, BN>, Conv<3, 8, Dilation<2>, Groups<2>>, BN, PReLUPerChannel>,
                    Concat<Identity, Sequential<Conv<1, 2>, GELU>, MaxPool<3, Stride<1>, Padding<1>>, ELUWith<0.5>>,
                    AvgPool<2>, SiLU, SoftPlus, BinaryStep, Everything, Flatten, Dense<6>, BN, Tanh, PReLU, Dense<4>>;

onnx::ModelProto saved(onnx_options const& options = {}) {
  scratch_folder folder;
  Model<Net, Reference> model{1, 1};
  save_onnx(model, folder.path / "net.onnx", options);
  onnx::ModelProto read;
  REQUIRE(read.ParseFromString(content_of(folder.path / "net.onnx")));
  return read;
}

}  // namespace

TEST_CASE("the model passes ONNX's checker, and its shapes are those of the network") {
  for (bool const fold : {false, true})
    for (bool const scale : {false, true}) {
      onnx_options options{.fold_batch_norm = fold};
      if (scale) options.scaling = {{1, 2, 3}, {4, 5, 6}};
      onnx::ModelProto model = saved(options);
      CHECK_NOTHROW(onnx::checker::check_model(model));
      CHECK_NOTHROW(onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(),
                                                       onnx::ShapeInferenceOptions{true, 1, false}));
      std::map<std::string, onnx::TensorShapeProto const*> shapes;
      for (auto const& value : model.graph().value_info()) shapes[value.name()] = &value.type().tensor_type().shape();
      static constexpr auto& g = graph_of<Net>;
      int compared = 0;
      for (int n = 1; n < g.size; ++n) {
        auto const found = shapes.find(name_of(g.nodes[n].at));
        if (found == shapes.end()) continue;
        INFO(found->first);
        shape const out = g.nodes[n].out;
        CHECK(found->second->dim(0).dim_param() == "N");
        CHECK(found->second->dim(1).dim_value() == out.channels);
        if (out.is_image()) {
          CHECK(found->second->dim(2).dim_value() == out.height);
          CHECK(found->second->dim(3).dim_value() == out.width);
        }
        ++compared;
      }
      CHECK(compared >= (fold ? 18 : 21));
    }
}

TEST_CASE("weights have the names of state_dict, nodes those of layers, and the model says where it is from") {
  onnx::ModelProto const model = saved({.metadata = {{"classes", "a\nb"}}});
  std::set<std::string> names;
  for (auto const& tensor : model.graph().initializer())
    if (tensor.name().find('/') == tensor.name().npos) names.insert(tensor.name());
  std::set<std::string> expected;
  for (auto const& tensor : state_dict(Model<Net, Reference>{1, 1}))
    if (!tensor.name.ends_with("num_batches_tracked")) expected.insert(tensor.name);
  CHECK(names == expected);
  std::set<std::string> nodes;
  for (auto const& node : model.graph().node()) CHECK(nodes.insert(node.name()).second);
  for (char const* layer : {"0", "1", "4.body.0", "4.shortcut.1", "4", "5.branches.1.0.1", "5", "12", "16"})
    CHECK(nodes.contains(layer));
  CHECK(model.producer_name() == "laminate");
  CHECK(model.producer_version() == version);
  CHECK(model.ir_version() == 8);
  CHECK(model.opset_import(0).version() == 17);
  std::map<std::string, std::string> said;
  for (auto const& entry : model.metadata_props()) said[entry.key()] = entry.value();
  CHECK(said["classes"] == "a\nb");
  CHECK_THAT(said["laminate.network"], Contains("Network<Image<3, 8, 8>, Conv<3, 8"));
  CHECK(model.graph().input(0).type().tensor_type().shape().dim(0).dim_param() == "N");
}

TEST_CASE("folding leaves only the normalisations that no layer with weights can take") {
  auto const count = [](onnx::ModelProto const& model, std::string const& type) {
    int found = 0;
    for (auto const& node : model.graph().node()) found += node.op_type() == type;
    return found;
  };
  CHECK(count(saved(), "BatchNormalization") == 4);
  CHECK(count(saved({.fold_batch_norm = true}), "BatchNormalization") == 0);
  CHECK(count(saved(), "Dropout") == 0);
  using Kept = Network<Features<4>, BN, Dense<4>, Concat<BN, Identity>>;
  scratch_folder folder;
  save_onnx(Model<Kept, Reference>{1, 1}, folder.path / "net.onnx", {.fold_batch_norm = true});
  onnx::ModelProto read;
  REQUIRE(read.ParseFromString(content_of(folder.path / "net.onnx")));
  CHECK(count(read, "BatchNormalization") == 2);
}

namespace {
// An operation of a user's own, which the library has never heard of.
struct cubic {
  static auto of(auto const& a) { return a * a * a; }
};
template<expression::Expression A> constexpr auto cube(A a) { return expression::apply<cubic>(a); }
struct Cube : word {
  static constexpr auto value = [](auto x) { return cube(x); };
  static constexpr auto slope = [](auto x) { return 3 * x * x; };
  static constexpr facts about = mathematics<Cube>::about();
};
}  // namespace

TEST_CASE("what ONNX cannot say is refused, and the file is as it was") {
  scratch_folder folder;
  auto const path = folder.path / "net.onnx";
  put(path, "before");
  Model<Network<Features<2>, Dense<2>, Residual<Cube>>, Reference> cubic_model{1, 1};
  CHECK_THROWS_WITH(save_onnx(cubic_model, path), Contains("net.onnx: layer 1.body.0: its formula has an operation"));
  Model<Network<Features<2>, Dense<2>>, Reference, double> model{1, 1};
  auto state = state_dict(model);
  state[0].values[1] = 1e300;
  load_state_dict(model, state);
  CHECK_THROWS_WITH(save_onnx(model, path), Contains("net.onnx: a number of 0.weight is too large for float"));
  state[0].values[1] = 1;
  load_state_dict(model, state);
  CHECK_THROWS_WITH(save_onnx(model, path, {.scaling = {{1}, {1, 2}}}),
                    Contains("net.onnx: the scaling has 1 means and 2 scales, and the input 2 channels"));
  CHECK(content_of(path) == "before");
  CHECK_THROWS_WITH(save_onnx(model, folder.path / "none" / "net.onnx"), Contains("cannot be written"));
  save_onnx(model, path);
  CHECK(content_of(path).size() > 100);
}
