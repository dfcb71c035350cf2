// Names of others: torchvision's residual networks, pairs by hand, and files under such names.
#include "scratch_folder.hpp"

#include <laminate/io/checkpoint.hpp>
#include <laminate/io/key_map.hpp>
#include <laminate/model/reference_model.hpp>
#include <laminate/zoo/resnet_imagenet.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <set>
#include <string>

using namespace laminate;
using Catch::Matchers::Contains;

namespace {

/// The names in the state_dict of torchvision.models.resnet*, from the structure of its ResNet class
/// (https://github.com/pytorch/vision/blob/main/torchvision/models/resnet.py).
std::set<std::string> torchvision_names(std::array<int, 4> blocks, int convolutions, bool first_projects) {
  std::set<std::string> names{"fc.weight", "fc.bias"};
  auto const pair = [&](std::string const& convolution, std::string const& normalisation) {
    names.insert(convolution + ".weight");
    for (char const* what : {"weight", "bias", "running_mean", "running_var", "num_batches_tracked"})
      names.insert(normalisation + "." + what);
  };
  pair("conv1", "bn1");
  for (int stage = 1; stage <= 4; ++stage)
    for (int block = 0; block < blocks[stage - 1]; ++block) {
      std::string const at = "layer" + std::to_string(stage) + "." + std::to_string(block) + ".";
      for (int c = 1; c <= convolutions; ++c) pair(at + "conv" + std::to_string(c), at + "bn" + std::to_string(c));
      if (block == 0 && (stage > 1 || first_projects)) pair(at + "downsample.0", at + "downsample.1");
    }
  return names;
}

template<class Net> std::set<std::string> mapped_names() {
  auto const map = torchvision_resnet<Net>();
  std::set<std::string> names;
  for (auto const& entry : entries_of<Net>()) {
    std::string const theirs = map.theirs(entry.name);
    CHECK(map.ours(theirs) == entry.name);
    CHECK(names.insert(theirs).second);
  }
  return names;
}

using thin = zoo::ImageNetResNet<3, 4, Image<3, 16, 16>, Repeat<1, zoo::Block<4>>, zoo::ProjectedStage<1, 8>>;

}  // namespace

TEST_CASE("the zoo's residual networks map to torchvision's names") {
  CHECK(mapped_names<zoo::ResNet18<>>() == torchvision_names({2, 2, 2, 2}, 2, false));
  CHECK(mapped_names<zoo::ResNet34<>>() == torchvision_names({3, 4, 6, 3}, 2, false));
  CHECK(mapped_names<zoo::ResNet50<>>() == torchvision_names({3, 4, 6, 3}, 3, true));
  CHECK(mapped_names<zoo::ResNet18<>>().size() == 122);  // as len(torchvision.models.resnet18().state_dict())
  CHECK(mapped_names<zoo::ResNet50<>>().size() == 320);

  // Shapes go with the names: some that differ where two layers are mixed up.
  auto const map = torchvision_resnet<zoo::ResNet50<>>();
  auto const shape_of = [&](std::string const& theirs) {
    std::string found;
    for (auto const& entry : entries_of<zoo::ResNet50<>>())
      if (entry.name == map.ours(theirs)) found = text_of(entry.shape);
    return found;
  };
  CHECK(shape_of("layer1.0.conv2.weight") == "(64, 64, 3, 3)");
  CHECK(shape_of("layer1.0.downsample.0.weight") == "(256, 64, 1, 1)");
  CHECK(shape_of("layer2.0.conv1.weight") == "(128, 256, 1, 1)");
  CHECK(shape_of("layer3.5.conv3.weight") == "(1024, 256, 1, 1)");
  CHECK(shape_of("layer4.2.bn3.running_var") == "(2048)");
  CHECK(shape_of("fc.weight") == "(1000, 2048)");
}

TEST_CASE("of pairs of names the longest that fits a whole part counts") {
  key_map const map{{"0", "stem"}, {"1", "body"}, {"1.0", "first"}, {"10", "head"}};
  CHECK(map.theirs("0.weight") == "stem.weight");
  CHECK(map.theirs("1.0.weight") == "first.weight");
  CHECK(map.theirs("1.1.weight") == "body.1.weight");
  CHECK(map.theirs("10.weight") == "head.weight");
  CHECK(map.theirs("2.weight") == "2.weight");
  CHECK(map.ours("stem.weight") == "0.weight");
  CHECK(map.ours("stemming.weight") == "stemming.weight");
}

TEST_CASE("files keep names of others, notes, and what the model is") {
  tests::scratch_folder folder;
  auto const path = folder.path / "thin.safetensors";
  Model<thin, Reference> made(1, 1), other(2, 1);
  auto const names = torchvision_resnet<thin>();
  save(made, path, {{"scaling.mean", {0.5f}}}, {{"classes", "cat\ndog"}}, names);
  auto const content = read_safetensors(path);
  CHECK(content.tensors[0].name == "bn1.num_batches_tracked");
  CHECK(content.metadata.at("laminate.version") == std::string(version));
  CHECK_THAT(content.metadata.at("laminate.network"), Contains("Network<Image<3, 16, 16>, Conv<7, 4, Stride<2>"));
  CHECK(read_notes(path) == notes{{"classes", "cat\ndog"}});
  CHECK_THROWS_WITH(load(other, path),
                    Contains("missing: 0.weight") && Contains("unexpected: layer2.0.downsample.0.weight"));
  CHECK(load(other, path, names) == extras{{"scaling.mean", {0.5f}}});
  auto const a = state_dict(made), b = state_dict(other);
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i].values == b[i].values);
}
