// The weights that the repository ships: docs/lecture/headline.safetensors is a file of the library as it is.
#include <catch2/catch.hpp>
#include <laminate/laminate.hpp>

#include <filesystem>

using namespace laminate;

TEST_CASE("the lecture's headline can be loaded, with what belongs to it", "[headline]") {
  std::filesystem::path const file = LAMINATE_LECTURE "/headline.safetensors";
  CHECK(std::filesystem::file_size(file) < 2'000'000);
  using Net = zoo::ResNet<20, 10, 16, zoo::Projected, Image<1, 28, 28>>;
  Model<Net> model{1, 1};
  extras const kept = load(model, file);
  CHECK(kept.at("scaling.mean").size() == 1);
  CHECK(kept.at("scaling.scale").size() == 1);
  CHECK(read_notes(file).at("classes").starts_with("T-shirt/top\ntrouser\n"));
  CHECK(model.batches_tracked() == 48 * 469);
  // A white square is most like a bag to it.
  std::vector<float> x(28 * 28), y(10);
  for (int row = 8; row < 24; ++row)
    for (int column = 6; column < 22; ++column) x[static_cast<std::size_t>(row * 28 + column)] = 1;
  standardisation{kept.at("scaling.mean"), kept.at("scaling.scale")}.apply(x, model.in);
  model.infer(x, y);
  CHECK(std::ranges::max_element(y) - y.begin() == 8);
}
