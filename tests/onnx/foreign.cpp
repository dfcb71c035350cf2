#include "foreign.hpp"

#include "model_text.hpp"

#include <laminate/io/atomic_file.hpp>

#include <onnx/onnx_pb.h>

namespace onnx_tests {

namespace {

struct foreign {
  std::string name, input, nodes;
  std::vector<weights> all;
};

std::vector<foreign> const& foreign_models() {
  static std::string const image = "float[N, 4, 6, 8] input";
  static std::vector<weights> const dense{{"w1", {3, 4}}, {"b1", {3}}, {"w2", {4, 3}}, {"b2", {4}}};
  static std::vector<foreign> const all{
      {"excited_by_convolutions",
       image,
       "a = ReduceMean<axes = [2, 3]>(input)\n b = Conv(a, k1, b1)\n c = Relu(b)\n d = Conv(c, k2, b2)\n"
       "s = HardSigmoid<alpha = 0.166667>(d)\n m = Mul(s, input)\n output = Conv<pads = [1, 1, 1, 1]>(m, k3)",
       {{"k1", {3, 4, 1, 1}}, {"b1", {3}}, {"k2", {4, 3, 1, 1}}, {"b2", {4}}, {"k3", {2, 4, 3, 3}}}},
      {"excited_by_views", image,
       "sh = Shape(input)\n z = Constant<value = int64 {0}>()\n one = Constant<value = int64 {1}>()\n"
       "n0 = Gather(sh, z)\n c0 = Gather(sh, one)\n ax = Constant<value = int64[1] {0}>()\n n = Unsqueeze(n0, ax)\n"
       "c = Unsqueeze(c0, ax)\n u = Constant<value = int64[1] {1}>()\n to = Concat<axis = 0>(n, c)\n"
       "a = GlobalAveragePool(input)\n f0 = Reshape(a, to)\n f1 = Gemm<transB = 1>(f0, w1, b1)\n f2 = Relu(f1)\n"
       "f3 = Gemm<transB = 1>(f2, w2, b2)\n s = Sigmoid(f3)\n to2 = Concat<axis = 0>(n, c, u, u)\n"
       "e = Reshape(s, to2)\n x = Expand(e, sh)\n output = Mul(input, x)",
       dense},
      {"next_block",
       image,
       "a = Conv<group = 4, pads = [3, 3, 3, 3]>(input, k, b)\n c = Transpose<perm = [0, 2, 3, 1]>(a)\n"
       "d = LayerNormalization<epsilon = 0.000001>(c, s, b)\n e0 = MatMul(d, w1)\n e = Add(b1, e0)\n f0 = Div(e, "
       "root)\n"
       "f1 = Erf(f0)\n f2 = Add(f1, one)\n f3 = Mul(e, f2)\n f = Mul(f3, half)\n h0 = MatMul(f, w2)\n h = Add(h0, b)\n"
       "i = Mul(gamma, h)\n j = Transpose<perm = [0, 3, 1, 2]>(i)\n r = Add(input, j)\n"
       // channels first
       "m = ReduceMean<axes = [1]>(r)\n d1 = Sub(r, m)\n q = Mul(d1, d1)\n v = ReduceMean<axes = [1]>(q)\n"
       "w = Add(v, e3)\n rt = Sqrt(w)\n h1 = Div(d1, rt)\n h2 = Mul(s1, h1)\n output = Add(h2, t1)",
       {{"k", {4, 1, 7, 7}},
        {"b", {4}},
        {"s", {4}},
        {"w1", {4, 9}},
        {"b1", {9}},
        {"w2", {9, 4}},
        {"gamma", {4}},
        {"s1", {4, 1, 1}},
        {"t1", {1, 4, 1, 1}},
        {"e3", {}, {1e-3f}},
        {"root", {}, {1.4142135f}},
        {"one", {}, {1}},
        {"half", {}, {0.5f}}}},
      {"channels_last",
       image,
       "x = Transpose<perm = [0, 2, 3, 1]>(input)\n m = ReduceMean<axes = [-1]>(x)\n d = Sub(x, m)\n q = Pow(d, two)\n"
       "v = ReduceMean<axes = [-1]>(q)\n w = Add(v, e5)\n rt = Sqrt(w)\n h = Div(d, rt)\n g = Mul(h, s)\n y = Add(g, "
       "t)\n"
       "a = MatMul(y, w1)\n c = Sigmoid(a)\n z = Mul(y, c)\n j = Concat<axis = -1>(z, x)\n"
       "p = ReduceMean<axes = [1, 2], keepdims = 0>(j)\n output = MatMul(p, w2)",
       {{"two", {}, {2}}, {"e5", {}, {1e-5f}}, {"s", {4}}, {"t", {4}}, {"w1", {4, 4}}, {"w2", {8, 3}}}},
      {"transposed_wider",
       "float[N, 2, 3, 4] input",
       "a = ConvTranspose<strides = [2, 2], pads = [1, 1, 1, 1], output_padding = [1, 1]>(input, k, b)\n"
       "c = ConvTranspose<strides = [2, 2], auto_pad = \"SAME_UPPER\">(a, l)\n"
       "output = ConvTranspose<strides = [3, 3], dilations = [2, 2], output_padding = [2, 2], group = 2>(c, g)",
       {{"k", {2, 3, 3, 3}}, {"b", {3}}, {"l", {3, 2, 3, 3}}, {"g", {2, 1, 2, 2}}}},
      {"transposed_uneven",
       "float[N, 2, 3, 4] input",
       "a = ConvTranspose<strides = [2, 2], pads = [1, 1, 0, 0]>(input, k)\n"
       "c = ConvTranspose<strides = [2, 2], auto_pad = \"SAME_LOWER\">(a, l)\n"
       "output = ConvTranspose<strides = [2, 2], output_shape = [24, 32]>(c, k)",
       {{"k", {2, 3, 3, 3}}, {"l", {3, 2, 3, 3}}}},
      {"resized",
       "float[N, 2, 3, 4] input",
       "a = Resize(input, , by3)\n sh = Shape<end = 2>(a)\n hw = Constant<value = int64[2] {18, 24}>()\n"
       "to = Concat<axis = 0>(sh, hw)\n"
       "output = Resize<mode = \"linear\", coordinate_transformation_mode = \"pytorch_half_pixel\">(a, , , to)",
       {{"by3", {4}, {1, 1, 3, 3}}}},
      {"resized_asymmetric",
       "float[N, 2, 3, 4] input",
       "a = Resize<coordinate_transformation_mode = \"asymmetric\">(input, , by2)\n"
       "output = Resize<coordinate_transformation_mode = \"tf_half_pixel_for_nn\", nearest_mode = \"floor\">(a, , by3)",
       {{"by2", {4}, {1, 1, 2, 2}}, {"by3", {4}, {1, 1, 3, 3}}}},
      {"rounded_up",
       "float[N, 2, 8, 8] input",
       "a = MaxPool<kernel_shape = [1, 1], strides = [2, 2], ceil_mode = 1>(input)\n"
       "p = Constant<value = int64[8] {0, 0, 1, 1, 0, 0, 1, 1}>()\n b = Pad(a, p)\n c = Conv(b, k)\n"
       "d = AveragePool<kernel_shape = [2, 2], strides = [2, 2], ceil_mode = 1>(c)\n"
       "output = ReduceMax<axes = [2, 3], keepdims = 0>(d)",
       {{"k", {3, 2, 3, 3}}}}};
  return all;
}

}  // namespace

std::vector<std::string> write_foreign(std::filesystem::path const& folder) {
  std::vector<std::string> names;
  for (auto const& model : foreign_models()) {
    onnx::ModelProto made = model_of(model.input, model.nodes, model.all, -0.7, 0.7);
    made.mutable_graph()->mutable_output(0)->mutable_type()->mutable_tensor_type()->clear_shape();
    laminate::write_atomically(folder / (model.name + ".onnx"), made.SerializeAsString());
    names.push_back(model.name);
  }
  return names;
}

}  // namespace onnx_tests
