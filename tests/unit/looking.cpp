// summary, explain and to_dot: what they say, and that it fits the page in straight columns.
#include <laminate/io/dot.hpp>
#include <laminate/io/explain.hpp>
#include <laminate/io/summary.hpp>
#include <laminate/layers.hpp>
#include <laminate/model/inference_model.hpp>
#include <laminate/model/model.hpp>
#include <laminate/model/reference_model.hpp>

#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

using namespace laminate;

namespace {

using Small = Network<Image<1, 6, 6>, Conv<3, 4>, BN, ReLU, Residual<Conv<3, 4>, BN>, ReLU, GlobalAvgPool, Dense<3>>;

using Swish = Activation<[](auto x) { return x / (1 + exp(-x)); }>;
using Odd = Network<Image<3, 20, 20>, Conv<5, 24, Groups<3>>, PReLU, Dropout<0.3>, MaxPool<2>,
                    Concat<Conv<1, 8>, Sequential<Conv<3, 8, Dilation<2>>, BN, Swish>, Conv<3, 4>>, LeakyReLU,
                    Residual<Conv<3, 20>, BN, Residual<Sequential<Sequential<Conv<3, 20>, BN, Tanh>>, Tanh>>,
                    AvgPool<2>, Flatten, Dense<30>, BN, ReLU, Dense<10>>;
using Large = Network<Image<3, 128, 128>, Conv<3, 16>, BN, ReLU, Conv<3, 16>, BN, ReLU, GlobalAvgPool, Dense<10>>;

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> lines;
  std::istringstream from(text);
  for (std::string line; std::getline(from, line);) lines.push_back(line);
  return lines;
}

/// One entry for each column of the screen.
std::vector<std::string> columns_of(std::string const& line) {
  std::vector<std::string> columns;
  for (char c : line) {
    if ((c & 0xC0) != 0x80) columns.emplace_back();
    columns.back() += c;
  }
  return columns;
}

void fits_the_page(std::string const& text) {
  for (auto const& line : lines_of(text)) {
    INFO(line);
    CHECK(columns_of(line).size() <= 110);
    CHECK((line.empty() || line.back() != ' '));
    CHECK(line.find('\t') == line.npos);
  }
}

bool contains(std::string const& text, std::string const& part) { return text.find(part) != text.npos; }

template<class Net, class Policy = Fused> std::string explained() {
  std::ostringstream os;
  explain<Net, Policy>(os);
  return os.str();
}
template<class Model> std::string summarised(Model const& model) {
  std::ostringstream os;
  summary(os, model);
  return os.str();
}

}  // namespace

TEST_CASE("a plan's arena is the model's") {
  Model<Small> const model{1, 5};
  CHECK(plan<Small>.arena_bytes(5, sizeof(float), model.threads()) == model.arena_bytes());
  CHECK(model.together == images_together(plan<Small>.infers));
}

TEST_CASE("summary names every layer in straight columns") {
  Model<Small> const model{1, 5};
  std::string const text = summarised(model);
  INFO(text);
  fits_the_page(text);
  auto const lines = lines_of(text);
  REQUIRE(lines.size() == 1u + graph_of<Small>.size + 3);
  std::size_t const output = lines[0].find("output");
  for (int n = 0; n <= graph_of<Small>.size; ++n) {
    auto const columns = columns_of(lines[n]);
    INFO(lines[n]);
    CHECK(columns[output - 1] == " ");
    CHECK(columns[output] != " ");
    CHECK(lines[n].find("  ") != std::string::npos);
  }
  CHECK(contains(lines[2], "0 "));
  CHECK(contains(lines[2], "Conv 3×3 4 "));
  CHECK(contains(lines[2], "1,296"));  // 6·6·4·9 multiply-adds
  CHECK(contains(lines[4], "ReLU"));
  CHECK(contains(lines[5], "3.body.0"));
  CHECK(contains(lines[7], "sum of Residual"));
  CHECK(contains(lines[10], "Dense 3, bias"));
  // 36 + 8, 144 + 8, 15; 1,296 + 5,184 + 12.
  CHECK(contains(text, "211 parameters, 6,492 multiply-adds a sample, depth 3"));
  CHECK(contains(text, "for batches of up to 5"));
}

TEST_CASE("summary of a Reference model has no steps") {
  Model<Small, Reference, double> const model{1, 2};
  std::string const text = summarised(model);
  CHECK(contains(text, "211 parameters"));
  CHECK_FALSE(contains(text, "steps"));
  CHECK_FALSE(contains(text, "infer"));
}

TEST_CASE("explain tells which layers a kernel takes along, and why") {
  std::string const text = explained<Small>();
  INFO(text);
  fits_the_page(text);
  CHECK(contains(text, "kernel 0; while storing 1 2"));                                  // inference
  CHECK(contains(text, "while loading 1 2; kernel 3.body.0; while storing Σ3.body.1"));  // training
  CHECK(contains(text, "convolve 3×3"));
  CHECK(contains(text, "1×6×6 → 4×6×6"));
  CHECK(contains(text, "reads input (144 B)"));
  CHECK(contains(text, "a pass of its own: Σ6, its input comes from the caller"));
  CHECK(contains(text, "kept for the backward pass"));
  CHECK(contains(text, "moved by a training step"));
}

TEST_CASE("factors, layer normalisation, upsampling and transposed convolutions have their words") {
  using Net =
      Network<Image<3, 8, 8>, Conv<3, 16, Stride<2>>, LayerNorm, GELU, Scale<GlobalAvgPool, Dense<16>, Logistic>,
              Upsample<2, Bilinear>, ConvTranspose<2, 8, Stride<2>>, Scale<Tanh>>;
  std::string const table = summarised(Model<Net>{1, 2}), text = explained<Net>();
  INFO(table << text);
  fits_the_page(table), fits_the_page(text);
  CHECK(contains(table, "LayerNorm         "));
  CHECK(contains(table, "product of Scale"));
  CHECK(contains(table, "Upsample 2×, bilinear"));
  CHECK(contains(table, "ConvTranspose 2×2 8, stride 2, bias"));
  CHECK(contains(table, "32,768"));  // 16·8·8·8·4 multiply-adds
  CHECK(contains(table, "3.1 "));    // the Dense in the Scale
  for (char const* words : {"layer norm ", "layer norm back", "scale channels", "factors' gradient", "16×4×4 → 16 ",
                            "upsample ", "upsample back", "convolve transposed 2×2, stride 2",
                            "convolve transposed back 2×2, stride 2", "8×16×16 → 16×8×8"})
    CHECK(contains(text, words));
  std::ostringstream drawing;
  to_dot<Net>(drawing);
  CHECK(contains(drawing.str(), "3\\nproduct of Scale\\n16×4×4"));
}

TEST_CASE("explain keeps to two columns") {
  for (auto const& line : lines_of(explained<Small>())) {
    auto const columns = columns_of(line);
    bool const starts_a_step = columns.size() > 35 && columns[3] != " " && columns[2] == " ";
    if (!starts_a_step) continue;
    INFO(line);
    CHECK(columns[34] == " ");
    CHECK(columns[35] != " ");
  }
}

TEST_CASE("explain tells alike steps once") {
  using Block = Sequential<Residual<Conv<3, 16>, BN, ReLU, Conv<3, 16>, BN>, ReLU>;
  using Head = Network<Image<1, 8, 8>, Conv<3, 16>, BN, ReLU, Repeat<4, Block>, GlobalAvgPool, Dense<10>>;
  using Deep = Network<Image<1, 8, 8>, Conv<3, 16>, BN, ReLU, Repeat<9, Block>, GlobalAvgPool, Dense<10>>;
  std::string const deep = explained<Deep>();
  CHECK(contains(deep, "likewise"));
  CHECK(lines_of(deep).size() < lines_of(explained<Head>()).size() + 8);
  fits_the_page(deep);

  CHECK_FALSE(contains(deep, "kernel again"));
  std::string const again = explained<Deep, Recompute>();
  INFO(again);
  CHECK(contains(again, "convolve 3×3                 kernel again 11.0.body.0"));
  CHECK(contains(again, "kept for the backward pass"));
  fits_the_page(again);
}

TEST_CASE("explain tells each direction's algorithm, and what Auto thinks of it") {
  using Wide = Network<Image<512, 5, 5>, Conv<3, 512>, BN, ReLU, Conv<3, 512>, GlobalAvgPool, Dense<3>>;
  std::string const text = explained<Wide>();
  INFO(text);
  fits_the_page(text);
  CHECK(contains(text, "by Winograd<6>, reckoned at "));
  CHECK(contains(text, "data by Winograd<6>"));
  CHECK(contains(text, "(by Winograd<4> reckoned at 12"));
  CHECK_FALSE(contains(explained<Network<Image<3, 6, 6>, Conv<3, 4>, Conv<3, 4, Stride<2>>>>(), "Winograd"));
  CHECK_FALSE(contains(explained<Small>(), "depthwise"));
  CHECK(contains(explained<Network<Image<8, 6, 6>, Conv<3, 8, Groups<8>>>>(), "depthwise, a channel a lane"));
  CHECK(contains(explained<Wide, FusedBy<Direct>>(), "(by Winograd<6> reckoned at 6"));
}

TEST_CASE("a frozen model tells what is folded, and how many samples go together") {
  auto const frozen = freeze(Model<Odd>{1, 2});
  std::ostringstream os;
  explain(os, frozen);
  std::string const told = os.str(), listed = summarised(frozen);
  INFO(told << listed);
  fits_the_page(told), fits_the_page(listed);
  CHECK(contains(told, "Inference, frozen: "));
  CHECK(contains(told, std::to_string(frozen.together) + " samples go through all steps at a time"));
  CHECK(contains(explained<Odd>(), std::to_string(Model<Odd>::together) + " samples go through all steps at a time"));
  CHECK_FALSE(contains(told, "Training"));
  CHECK(contains(listed, " folded"));
  CHECK(contains(listed, " samples at a time, threads: "));
  CHECK(contains(listed, std::to_string(frozen.together)));
}

TEST_CASE("explain of other policies and odd networks fits the page") {
  std::string const unfused = explained<Small, Unfused>();
  fits_the_page(unfused);
  CHECK(contains(unfused, "with its layer 6"));
  CHECK(contains(unfused, "a pass of its own: 1"));
  CHECK(contains(unfused, "1.00"));
  fits_the_page(explained<Odd>());
  std::string const large = explained<Large>();
  fits_the_page(large);
  CHECK(contains(large, "a sample of 1 MiB would not stay in the cache"));
}

TEST_CASE("layers are written as a person would") {
  auto const types = looking::type_names<Odd>();
  auto const& g = graph_of<Odd>;
  auto written = [&](int n) { return looking::write_layer(g.nodes[n], types[g.nodes[n].leaf]); };
  CHECK(written(0) == "Image 3×20×20");
  CHECK(written(1) == "Conv 5×5 24, groups 3, bias");
  CHECK(written(3) == "Dropout 30%");
  CHECK(written(4) == "MaxPool 2×2");
  CHECK(written(6) == "Conv 3×3 8, dilation 2");
  CHECK(written(8) == "Activation");
  CHECK(looking::write_bytes(1023) == "1023 B");
  CHECK(looking::write_bytes(65536) == "64 KiB");
  CHECK(looking::write_bytes(1536 * 1024) == "1.5 MiB");
  CHECK(looking::write_count(1234567) == "1,234,567");
  CHECK(looking::write_count(999) == "999");
  CHECK(looking::cut("3×32×32", 5) == "3×32…");
}

TEST_CASE("to_dot draws every layer once, in the frame of its step") {
  std::ostringstream os;
  to_dot<Small>(os);
  std::string const text = os.str();
  INFO(text);
  CHECK(text.starts_with("digraph"));
  CHECK(contains(text, "subgraph cluster_1 {"));
  CHECK(contains(text, "n4 [label=\"3.body.0\\nConv 3×3 4\\n4×6×6\"]"));
  CHECK(contains(text, "n3 -> n4;"));
  CHECK(contains(text, "n3 -> n6;"));  // the skip
  CHECK(std::count(text.begin(), text.end(), '{') == std::count(text.begin(), text.end(), '}'));
  for (int n = 0; n < graph_of<Small>.size; ++n) {
    std::string const box = "n" + std::to_string(n) + " [";
    CHECK(contains(text, box));
    CHECK(text.find(box) == text.rfind(box));
  }
  // 1, 2 and 3.body.0 share a frame.
  std::size_t const frame = text.find("subgraph cluster_2");
  std::string const second = text.substr(frame, text.find('}', frame) - frame);
  CHECK((contains(second, "n2 [") && contains(second, "n3 [") && contains(second, "n4 [")));
}
