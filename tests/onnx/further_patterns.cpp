// What other programs write for factors, layer normalisation and larger images, and how they turn values around.
#include "imports.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using Catch::Matchers::Contains;
using onnx_tests::imported;
using onnx_tests::read;
using onnx_tests::refuse;
using onnx_tests::weights;

namespace {

std::string const an_image = "float[N, 4, 8, 8] input", a_wide_one = "float[N, 4, 6, 8] input",
                  turned = "float[N, 6, 8, 4] input", some_features = "float[N, 4] input",
                  net = "Network<Image<4, 8, 8>, ", wide = "Network<Image<4, 6, 8>, ";

/// Nodes that compute a shape: the batch, and what follows.
std::string computed(std::string const& rest) {
  return "sh = Shape(input)\n z = Constant<value = int64 {0}>()\n one = Constant<value = int64 {1}>()\n"
         "n0 = Gather(sh, z)\n c0 = Gather(sh, one)\n ax = Constant<value = int64[1] {0}>()\n n = Unsqueeze(n0, ax)\n"
         "c = Unsqueeze(c0, ax)\n u = Constant<value = int64[1] {1}>()\n to = Concat<axis = 0>(" +
         rest + ")\n";
}
std::string sizes(std::string const& name, std::string const& values, int count) {
  return name + " = Constant<value = int64[" + std::to_string(count) + "] {" + values + "}>()\n";
}

}  // namespace

TEST_CASE("squeeze-and-excitation is a Scale, however its pixel becomes features and back") {
  std::vector<weights> const all{{"k1", {2, 4, 1, 1}}, {"b1", {2}},    {"k2", {4, 2, 1, 1}}, {"b2", {4}},
                                 {"w1", {2, 4}},       {"w2", {4, 2}}, {"g", {4, 2, 1, 1}}};
  std::string const excited = "Scale<GlobalAvgPool, Dense<2>, ReLU, Dense<4>, Logistic>>",
                    convs = "b = Conv(a, k1, b1)\n c = Relu(b)\n d = Conv(c, k2, b2)\n s = Sigmoid(d)\n",
                    gemms =
                        "f1 = Gemm<transB = 1>(f, w1, b1)\n f2 = Relu(f1)\n f3 = Gemm<transB = 1>(f2, w2, b2)\n"
                        "s = Sigmoid(f3)\n";
  auto const found = imported(an_image, "a = GlobalAveragePool(input)\n" + convs + "output = Mul(s, input)", all);
  CHECK(found.type == net + excited);
  CHECK(found.tensors.at("0.1.weight").size() == 8);
  CHECK(found.tensors.at("0.3.bias").size() == 4);
  CHECK(read(a_wide_one, "a = ReduceMean<axes = [-2, -1]>(input)\n" + convs + "output = Mul(input, s)", all) ==
        wide + excited);
  std::string const pooled = "a = GlobalAveragePool(input)\n f = Flatten(a)\n" + gemms;
  auto const is = [&](std::string const& nodes) { CHECK(read(a_wide_one, nodes, all) == wide + excited); };
  is(pooled + sizes("to", "-1, 4, 1, 1", 4) + "e = Reshape(s, to)\n output = Mul(input, e)");
  is(pooled + sizes("to", "2, 3", 2) + "e = Unsqueeze(s, to)\n output = Mul(input, e)");
  is(pooled + sizes("t2", "2", 1) + sizes("t3", "3", 1) +
     "e1 = Unsqueeze(s, t2)\n e = Unsqueeze(e1, t3)\n output = Mul(input, e)");
  is("a = GlobalAveragePool(input)\n" + sizes("t", "-1", 1) + "f0 = Squeeze(a, t)\n f = Squeeze(f0, t)\n" + gemms +
     sizes("to", "0, -1, 1, 1", 4) + "e = Reshape(s, to)\n output = Mul(input, e)");
  // b, c, _, _ = x.size(); y = pool(x).view(b, c); x * fc(y).view(b, c, 1, 1).expand_as(x)
  is("a = GlobalAveragePool(input)\n" + computed("n, c") + "f = Reshape(a, to)\n" + gemms +
     "to2 = Concat<axis = 0>(n, c, u, u)\n e = Reshape(s, to2)\n x = Expand(e, sh)\n output = Mul(input, x)");
  refuse(an_image, "a = GlobalAveragePool(input)\n output = Squeeze(a)", {}, "it names no axes");
  // With groups there is no Dense: it stays an image.
  CHECK(read(an_image, "a = GlobalAveragePool(input)\n b = Conv<group = 2>(a, g)\n output = Mul(input, b)", all) ==
        net + "Scale<AvgPool<8>, Conv<1, 4, Groups<2>, Bias<false>>>>");
  refuse(a_wide_one, "a = GlobalAveragePool(input)\n b = Conv<group = 2>(a, g)\n output = Mul(input, b)", all,
         "node 0 (\"GlobalAveragePool\"): its result is used as an image of one pixel");
}

TEST_CASE("a product of a result and of what is made of it is a Scale") {
  std::vector<weights> const all{{"k", {4, 4, 1, 1}}, {"c", {4, 1, 1}}, {"m", {1, 4, 1, 1}}, {"w", {4, 4}}};
  std::string const conv = "Conv<1, 4, Bias<false>>";
  CHECK(read(an_image, "a = Conv(input, k)\n b = Sigmoid(a)\n output = Mul(input, b)", all) ==
        net + "Scale<" + conv + ", Logistic>>");
  CHECK(read(an_image, "a = Conv(input, k)\n b = Mul(a, input)\n output = Add(b, input)", all) ==
        net + "Residual<Scale<" + conv + ">>>");
  CHECK(read(some_features, "a = MatMul(input, w)\n output = Mul(a, input)", all) ==
        "Network<Features<4>, Scale<Dense<4, Bias<false>>>>");
  CHECK(read(an_image, "a = Conv(input, k)\n b = Mul(c, a)\n output = Add(input, b)", all) ==
        net + "Residual<" + conv + ", LayerScale>>");
  auto const scaled = imported(an_image, "a = Conv(input, k)\n output = Mul(a, m)", all);
  CHECK(scaled.type == net + conv + ", LayerScale>");
  CHECK(scaled.tensors.at("1.weight").size() == 4);
  refuse(an_image, "a = Conv(input, k)\n b = Conv(input, k)\n output = Mul(a, b)", all,
         "node 2 (\"Mul\"): it multiplies two results neither of which is made of the other alone");
  refuse(an_image, "a = ReduceMean<axes = [1]>(input)\n output = Mul(a, input)", all, "not over rows and columns");
  refuse(an_image, "a = MaxPool<kernel_shape = [2, 2]>(input)\n output = Mul(input, a)", all,
         "node 1 (\"Mul\"): its operands are results of different shapes");
  refuse(an_image, "a = GlobalAveragePool(input)\n output = Add(input, a)", all, "adds results of different shapes");
}

TEST_CASE("layer normalisation is read as one operator and in steps, of channels that are last and first") {
  std::vector<weights> const all{{"s", {4}, {2, 3, 4, 5}}, {"t", {4}, {6, 7, 8, 9}}, {"e5", {}, {1e-5f}},
                                 {"e3", {}, {1e-3f}},      {"two", {}, {2}},         {"odd", {}, {2e-5f}},
                                 {"s1", {4, 1, 1}},        {"t1", {1, 4, 1, 1}},     {"b", {8}}};
  std::string const last = "x = Transpose<perm = [0, 2, 3, 1]>(input)\n",
                    back = "output = Transpose<perm = [0, 3, 1, 2]>(y)";
  auto const found = imported(some_features, "output = LayerNormalization(input, s, t)", all);
  CHECK(found.type == "Network<Features<4>, LayerNorm>");
  CHECK(found.tensors.at("0.weight") == std::vector<float>{2, 3, 4, 5});
  CHECK(found.tensors.at("0.bias") == std::vector<float>{6, 7, 8, 9});
  CHECK(read(an_image, last + "y = LayerNormalization<epsilon = 0.000001>(x, s)\n" + back, all) ==
        net + "LayerNormWith<6>>");
  auto const steps = [](std::string const& x, std::string const& axis, std::string const& epsilon) {
    std::string const mean = "ReduceMean<axes = [" + axis + "]>";
    return "m = " + mean + "(" + x + ")\n d = Sub(" + x + ", m)\n q = Pow(d, two)\n v = " + mean + "(q)\n w = Add(v, " +
           epsilon + ")\n r = Sqrt(w)\n h = Div(d, r)\n";
  };
  auto const stepped = imported(some_features, steps("input", "-1", "e5") + "y = Mul(h, s)\n output = Add(y, t)", all);
  CHECK(stepped.type == "Network<Features<4>, LayerNorm>");
  CHECK(stepped.tensors.at("0.weight") == std::vector<float>{2, 3, 4, 5});
  CHECK(stepped.tensors.at("0.bias") == std::vector<float>{6, 7, 8, 9});
  CHECK(read(an_image, last + steps("x", "3", "e3") + "g = Mul(s, h)\n y = Add(g, t)\n" + back, all) ==
        net + "LayerNormWith<3>>");
  CHECK(read(an_image, steps("input", "1", "e5") + "g = Mul(s1, h)\n output = Add(g, t1)", all) == net + "LayerNorm>");
  // What comes after scale and shift is a layer of its own.
  CHECK(read(some_features, steps("input", "-1", "e5") + "y = Mul(h, s)\n z = Add(y, t)\n output = Mul(z, s)", all) ==
        "Network<Features<4>, LayerNorm, LayerScale>");
  CHECK(read(some_features, "a = LayerNormalization(input, s, t)\n output = Mul(a, s)", all) ==
        "Network<Features<4>, LayerNorm, LayerScale>");
  refuse(some_features, "output = LayerNormalization<epsilon = 0.00002>(input, s, t)", all,
         "its epsilon is none of the");
  refuse(some_features, steps("input", "-1", "odd") + "output = Relu(h)", all, "(\"Div\"): its epsilon is none of");
  refuse(an_image, "output = LayerNormalization(input, b)", all, "normalises over something else than the channels");
  refuse(an_image, last + "output = LayerNormalization<axis = 1>(x, s)", all, "normalises over something else");
  refuse(an_image, steps("input", "2", "e5") + "output = Relu(h)", all, "normalises over something else");
  refuse(some_features, "output = LayerNormalization(input, b)", all, "its input 1 has 8 numbers for 4 channels");
  refuse(some_features, steps("input", "-1", "e5") + "output = Add(d, h)", all,
         "node 0 (\"ReduceMean\"): it gets features");
}

TEST_CASE("a block of ConvNeXt, whose dense layers are over channels that are last") {
  std::vector<weights> const all{
      {"k", {4, 1, 7, 7}}, {"b", {4}},          {"s", {4}},     {"w1", {4, 16}},  {"b1", {16}},
      {"w2", {16, 4}},     {"b2", {4}},         {"gamma", {4}}, {"g", {4, 1, 1}}, {"root", {}, {1.4142135f}},
      {"one", {}, {1}},    {"half", {}, {0.5f}}};
  std::string const body =
      "a = Conv<group = 4, pads = [3, 3, 3, 3]>(input, k, b)\n"
      "c = Transpose<perm = [0, 2, 3, 1]>(a)\n d = LayerNormalization<epsilon = 0.000001>(c, s, b)\n"
      "e0 = MatMul(d, w1)\n e = Add(b1, e0)\n f0 = Div(e, root)\n f1 = Erf(f0)\n f2 = Add(f1, one)\n"
      "f3 = Mul(e, f2)\n f = Mul(f3, half)\n h0 = MatMul(f, w2)\n h = Add(h0, b2)\n";
  std::string const expected = wide +
                               "Residual<Conv<7, 4, Groups<4>>, LayerNormWith<6>, Conv<1, 16>, GELU, Conv<1, 4>, "
                               "LayerScale>>";
  CHECK(read(a_wide_one, body + "i = Mul(gamma, h)\n j = Transpose<perm = [0, 3, 1, 2]>(i)\n output = Add(input, j)",
             all) == expected);
  CHECK(read(a_wide_one, body + "i = Transpose<perm = [0, 3, 1, 2]>(h)\n j = Mul(i, g)\n output = Add(j, input)",
             all) == expected);
}

TEST_CASE("values that are transposed and back, and files whose channels are last") {
  std::vector<weights> const all{{"k", {2, 4, 1, 1}}, {"v", {8}}, {"w", {4, 3}}};
  std::string const last = "x = Transpose<perm = [0, 2, 3, 1]>(input)\n";
  CHECK(
      read(an_image, last + "y = Relu(x)\n z = Concat<axis = -1>(y, x)\n output = Transpose<perm = [0, 3, 1, 2]>(z)") ==
      net + "Concat<ReLU, Identity>>");
  CHECK(read(an_image, "a = Transpose<perm = [3, 2, 1, 0]>(input)\n b = Transpose(a)\n output = Relu(b)") ==
        net + "ReLU>");
  CHECK(read(an_image, "a = Transpose<perm = [0, 1, 2, 3]>(input)\n output = Relu(a)") == net + "ReLU>");
  CHECK(read(an_image, last + "a = ReduceMean<axes = [1, 2], keepdims = 0>(x)\n output = MatMul(a, w)", all) ==
        net + "GlobalAvgPool, Dense<3, Bias<false>>>");
  auto const found = imported(turned,
                              "a = Transpose<perm = [0, 3, 1, 2]>(input)\n b = Conv(a, k)\n"
                              "output = Transpose<perm = [0, 2, 3, 1]>(b)",
                              all);
  CHECK(found.type == wide + "Conv<1, 2, Bias<false>>>");
  REQUIRE(found.remarks.size() == 2);
  CHECK(found.remarks[0] == "the input is (N, H, W, C) there, and (N, C, H, W) here");
  CHECK(found.remarks[1] == "the output is (N, H, W, C) there, and (N, C, H, W) here");
  refuse(an_image, last + "output = Conv(x, k)", all, "is transposed, and it wants (N, C, H, W)");
  refuse(an_image, last + "output = Flatten(x)", all, "its features would be in another order");
  refuse(an_image, last + "output = Add(x, input)", all, "transposed in different ways");
  refuse(an_image, last + "output = Mul(x, v)", all, "neither one number nor one for each channel");
  refuse(an_image, "output = Transpose<perm = [0, 1, 3, 2]>(input)", all, "the output \"output\" is transposed");
  refuse(an_image, "output = Transpose<perm = [0, 1, 1, 2]>(input)", all, "its perm is none of the axes");
  refuse(an_image, sizes("p", "0, 0, 1, 1, 0, 0, 1, 1", 8) + "output = Pad(input, p)", all, "\"output\" is padded");
}

TEST_CASE("weights that nodes transpose, cast or give another shape, and constants that are no tensors") {
  std::vector<weights> const all{{"w", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"d", {24}}, {"c", {4}}};
  auto const turned_once =
      imported("float[N, 3] input", "t = Transpose(w)\n u = Cast<to = 1>(t)\n output = MatMul(input, u)", all);
  CHECK(turned_once.type == "Network<Features<3>, Dense<2, Bias<false>>>");
  CHECK(turned_once.tensors.at("0.weight") == std::vector<float>{1, 2, 3, 4, 5, 6});
  CHECK(read(an_image,
             sizes("to", "-1, 4, 3, 1", 4) + sizes("turn", "0", 1) +
                 "a = Reshape(d, to)\n b = Transpose<perm = [3, 2, 1, 0]>(a)\n e = Squeeze(b, turn)\n"
                 "f = Unsqueeze(e, turn)\n g = Transpose<perm = [1, 2, 3, 0]>(f)\n"
                 "output = Conv(input, g)",
             {{"d", {12}}}) == net + "Conv<1, 3, Bias<false>>>");
  CHECK(read(an_image, sizes("ax", "1, 2", 2) + "s = Unsqueeze(c, ax)\n output = Mul(input, s)", all) ==
        net + "LayerScale>");
  CHECK(read(some_features, "h = Constant<value_float = 0.5>()\n a = Mul(input, h)\n output = Relu(a)") ==
        "Network<Features<4>, Formula1, ReLU>");
  CHECK(read(an_image, "to = Constant<value_ints = [0, -1]>()\n output = Reshape(input, to)") == net + "Flatten>");
  refuse(some_features, sizes("to", "5", 1) + "a = Reshape(w, to)\n output = MatMul(input, a)", all,
         "node 1 (\"Reshape\"): its shape has another number of elements");
  refuse(some_features, "q = Constant<value_string = \"a\">()\n output = MatMul(input, q)", all,
         "only constants that are numbers are read");
  // A row of shapes that would have to be read one after the other ends.
  std::string row = sizes("r0", "2, 3", 2);
  for (int i = 0; i < 20'000; ++i) row += "r" + std::to_string(i + 1) + " = Reshape(w, r" + std::to_string(i) + ")\n";
  CHECK_THROWS_WITH(imported(some_features, row + "output = MatMul(input, r20000)", all),
                    Contains("(\"Reshape\"): its input \"w\" is a constant"));
}

TEST_CASE("transposed convolutions, where ours leaves out the same at both ends") {
  std::vector<weights> const all{
      {"k", {4, 3, 2, 2}}, {"k3", {4, 1, 3, 3}}, {"c", {3, 1, 1}}, {"one", {4, 1, 1, 1}, {2}}};
  auto const is = [&](std::string const& nodes) { return read(an_image, nodes, all); };
  CHECK(is("output = ConvTranspose<strides = [2, 2]>(input, k)") ==
        net + "ConvTranspose<2, 3, Stride<2>, Bias<false>>>");
  CHECK(is("a = ConvTranspose<strides = [2, 2]>(input, k)\n output = Add(a, c)") ==
        net + "ConvTranspose<2, 3, Stride<2>>>");
  CHECK(is("output = ConvTranspose<pads = [1, 1, 1, 1], group = 4, dilations = [2, 2]>(input, k3)") ==
        net + "ConvTranspose<3, 4, Padding<1>, Dilation<2>, Groups<4>, Bias<false>>>");
  for (std::string const even : {"pads = [1, 1, 1, 1], output_padding = [1, 1]", "auto_pad = \"SAME_LOWER\"",
                                 "output_shape = [16, 16]", "pads = [1, 1, 0, 0]"}) {
    auto const found = imported(an_image, "output = ConvTranspose<strides = [2, 2], " + even + ">(input, k3)", all);
    CHECK(found.type == net + "ConvTranspose<4, 1, Stride<2>, Bias<false>>>");
    auto const& got = found.tensors.at("0.weight");
    REQUIRE(got.size() == 64);
    CHECK(got[0] != 0);
    CHECK(got[3] == 0);
    CHECK(got[12] == 0);
    REQUIRE(found.remarks.size() == 1);
    CHECK_THAT(found.remarks[0],
               Contains("node 0 (\"ConvTranspose\"): its kernel of size 3 is one of 4, filled with zeros"));
  }
  refuse(an_image, "output = ConvTranspose<pads = [1, 0, 1, 1]>(input, k3)", all, "not equal along both axes");
  refuse(an_image, "output = ConvTranspose<output_padding = [1, 1], dilations = [2, 2]>(input, k3)", all,
         "no multiples");
  refuse(an_image, "output = ConvTranspose<pads = [5, 5, 5, 5]>(input, one)", all, "its padding leaves nothing");
  refuse(an_image, "output = ConvTranspose<group = 3>(input, k3)", all, "do not fit 4 channels");
}

TEST_CASE("images are made larger where the same pixels are taken") {
  std::vector<weights> const all{{"by2", {4}, {1, 1, 2, 2}},    {"by3", {4}, {1, 1, 3, 3}},
                                 {"both", {2}, {2, 2}},         {"ones", {2}, {1, 1}},
                                 {"uneven", {4}, {1, 1, 2, 3}}, {"half", {4}, {1, 1, 0.5f, 0.5f}}};
  auto const is = [&](std::string const& nodes) { return read(a_wide_one, nodes, all); };
  CHECK(is("output = Resize(input, , by3)") == wide + "Upsample<3>>");  // half_pixel, round_prefer_floor
  CHECK(
      is("output = Resize<coordinate_transformation_mode = \"asymmetric\", nearest_mode = \"floor\">(input, , by2)") ==
      wide + "Upsample<2>>");
  CHECK(is("output = Resize<axes = [2, -1]>(input, , both)") == wide + "Upsample<2>>");
  CHECK(is("output = Upsample(input, by2)") == wide + "Upsample<2>>");
  CHECK(is("f = Concat<axis = 0>(ones, both)\n output = Resize(input, , f)") == wide + "Upsample<2>>");
  CHECK(is("output = Resize(input, by2)") == wide + "Upsample<2>>");  // opset 10
  CHECK(is("output = Resize<mode = \"linear\">(input, , by2)") == wide + "Upsample<2, Bilinear>>");
  CHECK(is("output = Resize<mode = \"linear\", coordinate_transformation_mode = \"pytorch_half_pixel\">(input, , , "
           "to)\n" +
           sizes("to", "1, 4, 12, 16", 4)) == wide + "Upsample<2, Bilinear>>");
  CHECK(is("sh = Shape(input)\n" + sizes("z", "0", 1) + sizes("t", "2", 1) + sizes("hw", "12, 16", 2) +
           "nc = Slice(sh, z, t)\n to = Concat<axis = 0>(nc, hw)\n output = Resize(input, , , to)") ==
        wide + "Upsample<2>>");
  std::string const where = "it takes pixels elsewhere than Upsample does";
  refuse(a_wide_one,
         "output = Resize<mode = \"linear\", coordinate_transformation_mode = \"align_corners\">(input, , by2)", all,
         where);
  refuse(a_wide_one, "output = Resize<coordinate_transformation_mode = \"asymmetric\">(input, , by3)", all, where);
  refuse(a_wide_one, "output = Resize<nearest_mode = \"ceil\">(input, , by2)", all, where);
  refuse(a_wide_one, "output = Upsample<mode = \"linear\">(input, by2)", all, where);
  refuse(a_wide_one, "output = Resize<mode = \"cubic\">(input, , by2)", all, "its mode is \"cubic\"");
  refuse(a_wide_one, "output = Resize(input, , uneven)", all, "does not multiply rows and columns");
  refuse(a_wide_one, "output = Resize(input, , half)", all, "does not multiply rows and columns");
  refuse(a_wide_one, "output = Resize(input, , both)", all, "it has not a factor or a size for each axis");
}
