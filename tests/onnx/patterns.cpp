// What other programs write as several nodes, or in other ways than ours, and what it is here; and what has no word.
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

std::string const an_image = "float[N, 4, 8, 8] input", some_features = "float[N, 4] input";

}  // namespace

TEST_CASE("activations that are written as several nodes are words") {
  std::vector<weights> const all{{"half", {}, {0.5f}},  {"one", {}, {1}},           {"zero", {}, {0}},
                                 {"six", {}, {6}},      {"root", {}, {1.4142135f}}, {"three", {}, {3}},
                                 {"slope", {1}, {0.3f}}};
  auto const is = [&](std::string const& nodes) { return read(some_features, nodes, all); };
  CHECK(is("a = Div(input, root)\n b = Erf(a)\n c = Add(b, one)\n d = Mul(input, c)\n output = Mul(d, half)") ==
        "Network<Features<4>, GELU>");
  CHECK(is("a = Mul(input, half)\n b = Div(input, root)\n c = Erf(b)\n d = Add(one, c)\n output = Mul(a, d)") ==
        "Network<Features<4>, GELU>");
  CHECK(is("a = Sigmoid(input)\n output = Mul(input, a)") == "Network<Features<4>, SiLU>");
  CHECK(is("a = Neg(input)\n b = Exp(a)\n c = Add(one, b)\n output = Div(input, c)") == "Network<Features<4>, SiLU>");
  CHECK(is("a = Exp(input)\n b = Add(a, one)\n output = Log(b)") == "Network<Features<4>, SoftPlus>");
  CHECK(is("output = Clip(input, zero, six)") == "Network<Features<4>, ReLU6>");
  CHECK(is("a = Max(input, zero)\n output = Min(a, six)") == "Network<Features<4>, ReLU6>");
  CHECK(is("output = Clip(input, zero)") == "Network<Features<4>, ReLU>");
  CHECK(is("a = Less(input, zero)\n output = Where(a, zero, one)") == "Network<Features<4>, BinaryStep>");
  CHECK(is("a = GreaterOrEqual(input, zero)\n output = Cast<to = 1>(a)") == "Network<Features<4>, BinaryStep>");
  CHECK(is("output = LeakyRelu<alpha = 0.2>(input)") == "Network<Features<4>, LeakyReLUWith<0.2>>");
  CHECK(is("output = LeakyRelu(input)") == "Network<Features<4>, LeakyReLU>");
  CHECK(is("output = Elu<alpha = 2.0>(input)") == "Network<Features<4>, ELUWith<2.0>>");
  CHECK(is("output = PRelu(input, slope)") == "Network<Features<4>, PReLU>");
  // Words before and after stay words.
  CHECK(is("a = Tanh(input)\n b = Sigmoid(a)\n c = Mul(a, b)\n d = Exp(c)\n e = Add(d, one)\n f = Log(e)\n"
           "output = Relu(f)") == "Network<Features<4>, Tanh, SiLU, SoftPlus, ReLU>");
}

TEST_CASE("what has no word is a formula, and the same formula is the same activation") {
  std::string const hard = "a = HardSwish(input)\n b = Relu(a)\n output = HardSwish(b)";
  auto const found = imported(some_features, hard);
  CHECK(found.type == "Network<Features<4>, Formula1, ReLU, Formula1>");
  CHECK_THAT(found.source, Contains("struct Formula1 : word") && !Contains("Formula2 :"));
  // A number for each channel is a learned parameter.
  auto const scaled = imported(an_image, "a = Mul(scale, input)\n output = Add(a, shift)",
                               {{"scale", {4, 1, 1}}, {"shift", {1, 4, 1, 1}}});
  CHECK(scaled.type == "Network<Image<4, 8, 8>, LayerScale, Formula1>");
  CHECK_THAT(scaled.source, Contains("return x + a;") && Contains("per_channel = true"));
}

TEST_CASE("dense layers are read in every spelling, with the weights turned to ours") {
  std::vector<weights> const all{{"w", {4, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}, {"b", {3}, {1, 2, 3}}};
  for (std::string const nodes : {"a = MatMul(input, w)\n output = Add(a, b)",
                                  "a = MatMul(input, w)\n output = Add(b, a)", "output = Gemm(input, w, b)"}) {
    auto const found = imported(some_features, nodes, all);
    CHECK(found.type == "Network<Features<4>, Dense<3>>");
    CHECK(found.tensors.at("0.weight") == std::vector<float>{1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12});
    CHECK(found.tensors.at("0.bias") == std::vector<float>{1, 2, 3});
  }
  auto const scaled = imported(some_features, "output = Gemm<alpha = 2.0, beta = 0.5, transB = 1>(input, v, one)",
                               {{"v", {2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}}, {"one", {1}, {4}}});
  CHECK(scaled.tensors.at("0.weight") == std::vector<float>{2, 4, 6, 8, 10, 12, 14, 16});
  CHECK(scaled.tensors.at("0.bias") == std::vector<float>{2, 2});
  CHECK(read(some_features, "output = MatMul(input, w)", all) == "Network<Features<4>, Dense<3, Bias<false>>>");
}

TEST_CASE("convolutions, pools and padding say what differs from the defaults") {
  std::vector<weights> const all{
      {"k3", {8, 4, 3, 3}}, {"k1", {4, 4, 1, 1}}, {"d", {4, 1, 3, 3}}, {"b", {8}}, {"c", {4, 1, 1}}};
  auto const is = [&](std::string const& nodes) { return read(an_image, nodes, all); };
  CHECK(is("output = Conv<pads = [1, 1, 1, 1]>(input, k3, b)") == "Network<Image<4, 8, 8>, Conv<3, 8>>");
  CHECK(is("output = Conv(input, k3, b)") == "Network<Image<4, 8, 8>, Conv<3, 8, Padding<0>>>");
  CHECK(is("output = Conv<auto_pad = \"SAME_UPPER\", dilations = [2, 2]>(input, k3)") ==
        "Network<Image<4, 8, 8>, Conv<3, 8, Dilation<2>, Bias<false>>>");
  CHECK(is("output = Conv<pads = [1, 1, 1, 1], strides = [2, 2], group = 4>(input, d)") ==
        "Network<Image<4, 8, 8>, Conv<3, 4, Stride<2>, Groups<4>, Bias<false>>>");
  CHECK(is("a = Conv(input, k1)\n output = Add(a, c)") == "Network<Image<4, 8, 8>, Conv<1, 4>>");
  CHECK(is("output = MaxPool<kernel_shape = [3, 3], strides = [2, 2], pads = [1, 1, 1, 1]>(input)") ==
        "Network<Image<4, 8, 8>, MaxPool<3, Stride<2>, Padding<1>>>");
  CHECK(is("output = AveragePool<kernel_shape = [2, 2], strides = [2, 2], ceil_mode = 1>(input)") ==
        "Network<Image<4, 8, 8>, AvgPool<2>>");
  CHECK(is("output = MaxPool<kernel_shape = [1, 1], strides = [2, 2], ceil_mode = 1>(input)") ==
        "Network<Image<4, 8, 8>, MaxPool<1, Stride<2>>>");  // the next window would be behind the image
  std::string const pad = "p = Constant<value = int64[8] {0, 0, 1, 1, 0, 0, 1, 1}>()\n a = Pad(input, p)\n";
  CHECK(is(pad + "output = AveragePool<kernel_shape = [3, 3], strides = [1, 1]>(a)") ==
        "Network<Image<4, 8, 8>, AvgPool<3, Stride<1>, Padding<1>>>");
  CHECK(is(pad + "output = Conv<strides = [2, 2]>(a, k3)") ==
        "Network<Image<4, 8, 8>, Conv<3, 8, Stride<2>, Bias<false>>>");
  CHECK(is("p = Constant<value = int64[4] {1, 1, 1, 1}>()\n s = Constant<value = int64[2] {2, -1}>()\n"
           "a = Pad(input, p, , s)\n output = Conv(a, k3, b)") == "Network<Image<4, 8, 8>, Conv<3, 8>>");
  refuse(an_image, pad + "output = Relu(a)", {}, "is padded, which only Conv and AveragePool take");
  refuse(an_image, pad + "output = MaxPool<kernel_shape = [3, 3]>(a)", {}, "pads what a Pad has padded");
}

TEST_CASE("a bias before a normalisation is said, and an epsilon that is no power of ten goes into the variances") {
  std::vector<weights> const all{{"w", {4, 4}}, {"b", {4}}, {"m", {4}}, {"v", {4}, {0.5f}}};
  std::string const dense = "a = Gemm(input, w, b)\n";
  CHECK(read(some_features, dense + "output = BatchNormalization(a, b, b, m, v)", all) ==
        "Network<Features<4>, Dense<4, Bias<true>>, BN>");
  CHECK(read(some_features, "a = Gemm(input, w)\n output = BatchNormalization(a, b, b, m, v)", all) ==
        "Network<Features<4>, Dense<4>, BN>");
  auto const other =
      imported(some_features, "output = BatchNormalization<epsilon = 0.002, momentum = 0.75>(input, b, b, m, v)", all);
  CHECK(other.type == "Network<Features<4>, BatchNorm<3, 25>>");
  CHECK(other.tensors.at("0.running_var")[0] == Approx(0.501));
}

TEST_CASE("ways to flatten and to take the mean of each channel") {
  std::vector<weights> const all{{"w", {3, 4}}};
  auto const is = [&](std::string const& nodes) { return read(an_image, nodes, all); };
  std::string const pooled = "Network<Image<4, 8, 8>, GlobalAvgPool>", flat = "Network<Image<4, 8, 8>, Flatten>";
  CHECK(is("a = GlobalAveragePool(input)\n output = Flatten(a)") == pooled);
  CHECK(is("output = ReduceMean<axes = [-1, 2], keepdims = 0>(input)") == pooled);
  CHECK(is("a = ReduceMean<axes = [2, 3]>(input)\n s = Constant<value = int64[2] {2, 3}>()\n output = Squeeze(a, s)") ==
        pooled);
  CHECK(read("float[N, 4, 6, 8] input", "a = AveragePool<kernel_shape = [6, 8]>(input)\n output = Flatten(a)") ==
        "Network<Image<4, 6, 8>, GlobalAvgPool>");
  CHECK(is("output = ReduceMax<axes = [2, 3], keepdims = 0>(input)") == "Network<Image<4, 8, 8>, MaxPool<8>, Flatten>");
  CHECK(is("a = GlobalAveragePool(input)\n output = Relu(a)") == "Network<Image<4, 8, 8>, AvgPool<8>, ReLU>");
  CHECK(is("s = Constant<value = int64[2] {0, -1}>()\n output = Reshape(input, s)") == flat);
  CHECK(is("s = Constant<value = int64[2] {-1, 256}>()\n output = Reshape(input, s)") == flat);
  CHECK(is("a = Shape(input)\n z = Constant<value = int64 {0}>()\n b = Gather(a, z)\n"
           "n = Constant<value = int64[1] {-1}>()\n o = Constant<value = int64[1] {0}>()\n c = Unsqueeze(b, o)\n"
           "s = Concat<axis = 0>(c, n)\n output = Reshape(input, s)") == flat);
  auto const softmax = imported(an_image, "a = Flatten(input)\n output = Softmax(a)");
  CHECK(softmax.type == flat);
  REQUIRE(softmax.remarks.size() == 1);
  CHECK_THAT(softmax.remarks[0], Contains("Softmax at the end is left out"));
}

TEST_CASE("residual blocks and branches in every shape") {
  std::vector<weights> const all{{"w", {4, 4, 1, 1}}, {"v", {4, 4, 3, 3}}};
  auto const is = [&](std::string const& nodes) { return read(an_image, nodes, all); };
  std::string const conv1 = "Conv<1, 4, Bias<false>>", conv3 = "Conv<3, 4, Bias<false>>";
  std::string const net = "Network<Image<4, 8, 8>, ";
  CHECK(is("a = Conv(input, w)\n output = Add(a, input)") == net + "Residual<" + conv1 + ">>");
  CHECK(is("a = Conv(input, w)\n b = Relu(a)\n output = Add(input, b)") == net + "Residual<" + conv1 + ", ReLU>>");
  CHECK(is("a = Conv<pads = [1, 1, 1, 1]>(input, v)\n b = Conv(input, w)\n output = Add(a, b)") ==
        net + "Residual<Shortcut<" + conv1 + ">, " + conv3 + ">>");
  CHECK(is("output = Add(input, input)") == net + "Residual<>>");
  CHECK(is("a = Relu(input)\n output = Add(input, a)") == net + "Residual<ReLU>>");
  CHECK(is("a = Conv(input, w)\n b = Conv(input, w)\n output = Sum(input, a, b)") ==
        net + "Residual<Shortcut<" + conv1 + ">, Residual<" + conv1 + ">>>");
  CHECK(is("a = Conv(input, w)\n b = Relu(a)\n c = Conv(input, w)\n output = Concat<axis = 1>(b, input, c)") ==
        net + "Concat<Sequential<" + conv1 + ", ReLU>, Identity, " + conv1 + ">>");
  // Dense blocks, which join everything anew.
  CHECK(is("a = Relu(input)\n b = Concat<axis = 1>(input, a)\n c = Relu(b)\n output = Concat<axis = 1>(input, a, c)") ==
        net + "Repeat<2, Concat<Identity, ReLU>>>");
  CHECK(is("a = Relu(input)\n b = Conv(a, w)\n c = Relu(b)\n d = Conv(c, w)\n e = Relu(d)\n output = Conv(e, w)") ==
        net + "Repeat<3, ReLU, " + conv1 + ">>");
}

TEST_CASE("a scaling of the input is kept beside the weights") {
  auto const found = imported(an_image, "a = Sub(input, m)\n b = Div(a, s)\n output = Relu(b)",
                              {{"m", {1, 4, 1, 1}, {1, 2, 3, 4}}, {"s", {}, {2}}});
  CHECK(found.type == "Network<Image<4, 8, 8>, ReLU>");
  CHECK(found.tensors.at("extra.scaling.mean") == std::vector<float>{1, 2, 3, 4});
  CHECK(found.tensors.at("extra.scaling.scale") == std::vector<float>{2, 2, 2, 2});
  CHECK(found.remarks.size() == 1);
}

TEST_CASE("what cannot be said is refused with the node and the reason") {
  std::vector<weights> const all{{"w", {4, 4, 1, 1}}, {"tall", {4, 4, 3, 1}}, {"m", {4, 4}}, {"v", {4}}, {"x", {2}}};
  refuse(an_image, "output = LRN<size = 3>(input)", {}, "node 0 (\"LRN\"): no word or formula");
  refuse(an_image, "a = Conv(input, w)\n output = Sub(a, input)", all, "node 1 (\"Sub\"): it puts together results");
  refuse(an_image, "a = Conv(input, w)\n b = Relu(a)\n c = Add(a, b)\n d = Conv(b, w)\n output = Add(c, d)", all,
         "its result is read in more places than Residual and Concat can say");
  refuse(an_image, "output = Conv(input, tall)", all, "expected (O, I, K, K)");
  refuse(an_image, "output = Conv<strides = [1, 2]>(input, w)", all, "its strides are not equal");
  refuse(an_image, "output = Conv<pads = [0, 0, 1, 1]>(input, w)", all, "its pads are not equal");
  refuse(an_image, "output = Conv<group = 3>(input, w)", all, "do not fit 4 channels");
  refuse(an_image, "output = Conv<strides = 2>(input, w)", all, "its attribute strides is of another type");
  refuse(an_image, "output = Conv(input)", all, "its input 1 is missing");
  refuse(an_image, "output = Conv(input, none)", all, "\"none\" is not a constant");
  refuse(an_image, "output = Relu(none)", all, "\"none\" is computed nowhere before it");
  refuse(an_image, "output = Gemm(input, m)", all, "it gets an image, and wants features");
  refuse(some_features, "output = MaxPool<kernel_shape = [2, 2]>(input)", all, "wants an image");
  refuse(an_image, "output = MaxPool<kernel_shape = [9, 9]>(input)", all, "larger than its padded input");
  refuse(
      an_image, "output = MaxPool<kernel_shape = [3, 3], strides = [2, 2], ceil_mode = 1>(input)", all,
      "node 0 (\"MaxPool\"): its ceil_mode gives 4 windows along 8 pixels, the last over the edge; rounding down, as "
      "our pools do, gives 3");
  refuse(an_image, "output = AveragePool<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(input)", all, "count_include_pad");
  refuse(an_image, "output = BatchNormalization(input, v, v, v, x)", all, "has 2 numbers for 4 channels");
  refuse(an_image, "output = Flatten<axis = 2>(input)", all, "its axis is not 1");
  refuse(an_image, "output = Concat<axis = 2>(input, input)", all, "not that of the channels");
  refuse(an_image, "output = Mul(input, m)", all, "neither one number nor one for each channel");
  refuse(some_features, "a = Softmax(input)\n output = Relu(a)", {}, "supported as the last node only");
  refuse(some_features, "output = Softmax<axis = 0>(input)", {}, "not that of the features");
  refuse(some_features, "a = Relu(input)\n a = Tanh(input)\n output = Relu(a)", {}, "two nodes compute \"a\"");
  refuse("float[N, 4] input, float[N, 4] other", "output = Add(input, other)", {}, "expected one input");
  refuse("float[N, 4, 8] input", "output = Relu(input)", {}, "3 dimensions; expected (N, C, H, W) or (N, features)");
  refuse("float[N, C] input", "output = Relu(input)", {}, "no size of 1..2^28 in its dimension 1");
  refuse("int64[N, 4] input", "output = Relu(input)", {}, "no tensor of FLOAT or DOUBLE");
}
