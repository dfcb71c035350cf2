// Files that are cut off, bent, or made to do harm: each is refused with the file and the reason, or read as it was.
#include "imports.hpp"
#include "unit/full_disk.hpp"
#include "unit/scratch_folder.hpp"

#include <laminate/io/onnx.hpp>
#include <laminate/layers.hpp>
#include <laminate/model/reference_model.hpp>

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

using namespace laminate;
using namespace onnx_tests;
using Catch::Matchers::Contains;
using tests::content_of;
using tests::put;
using tests::scratch_folder;

namespace {

using Net = Network<Image<1, 4, 4>, Conv<3, 2>, BN, SiLU, Residual<Conv<1, 2>, PReLU>, MaxPool<2>,
                    Concat<GELU, Conv<1, 1>>, GlobalAvgPool, Dense<2>>;

/// Why a file is refused; "" where it is read.
std::string reason_against(std::filesystem::path const& file, std::string* source = nullptr) try {
  import_result const read = imported_file(file);
  if (source) *source = read.source;
  return "";
} catch (error const& failure) {
  return failure.what();
}

}  // namespace

TEST_CASE("an ONNX file that is cut off anywhere is refused, or has lost nothing but its metadata") {
  scratch_folder folder;
  auto const path = folder.path / "net.onnx";
  Model<Net, Reference> model{1, 1};
  save_onnx(model, path, {.metadata = {{"classes", "one\ntwo"}}});
  std::string const whole = content_of(path), expected = imported_file(path).source;
  int sound = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    put(path, whole.substr(0, size));
    std::string source;
    std::string const why = reason_against(path, &source);
    INFO(size);
    if (why.empty()) {
      CHECK(source == expected);
      ++sound;
    } else if (why.find(path.string()) != 0) {
      FAIL_CHECK(why);
    }
  }
  CHECK(sound <= 3);  // the ends of fields after the graph
}

namespace {

/// Flips each bit before `end`; anything but an `error`, or one that does not name the file, fails the test.
int refused_with_flips(std::filesystem::path const& path, std::size_t end) {
  std::string content = content_of(path);
  int refused = 0;
  for (std::size_t byte = 0; byte < end; ++byte)
    for (int bit = 0; bit < 8; ++bit) {
      content[byte] = static_cast<char>(content[byte] ^ 1 << bit);
      put(path, content);
      std::string const why = reason_against(path);
      if (!why.empty() && why.find(path.string()) != 0) FAIL_CHECK(why);
      refused += !why.empty();
      content[byte] = static_cast<char>(content[byte] ^ 1 << bit);
    }
  return refused;
}

}  // namespace

TEST_CASE("an ONNX file with any bit flipped is refused or read, and does no harm") {
  scratch_folder folder;
  auto const path = folder.path / "net.onnx";
  Model<Net, Reference> model{1, 1};
  save_onnx(model, path);
  std::size_t const end = content_of(path).find("laminate.network");  // text that nothing depends on
  CHECK(refused_with_flips(path, end) > static_cast<int>(end));
}

TEST_CASE("so is one with the operators that only others write") {
  std::string const nodes =
      "x = Transpose<perm=[0,2,3,1]>(input)\n m = ReduceMean<axes=[-1]>(x)\n d = Sub(x,m)\n q = Mul(d,d)\n"
      "v = ReduceMean<axes=[-1]>(q)\n w = Add(v,e)\n r = Sqrt(w)\n h = Div(d,r)\n g = Mul(h,s)\n y = Add(g,s)\n"
      "z = Transpose<perm=[0,3,1,2]>(y)\n u = ConvTranspose<strides=[2,2],pads=[1,1,0,0]>(z,k)\n t = Shape(u)\n"
      "a = GlobalAveragePool(u)\n c = Constant<value_ints=[0,-1,1,1]>()\n b = Reshape(a,c)\n f = Expand(b,t)\n"
      "j = Mul(u,f)\n output = Resize(j,,l)";
  auto const model = model_of("float[N,2,3,4] input", nodes,
                              {{"e", {}, {1e-5f}}, {"s", {2}}, {"k", {2, 1, 3, 3}}, {"l", {4}, {1, 1, 2, 2}}});
  scratch_folder folder;
  auto const path = folder.path / "net.onnx";
  put(path, model.SerializeAsString());
  CHECK(imported_file(path).type ==
        "Network<Image<2, 3, 4>, LayerNorm, ConvTranspose<4, 1, Stride<2>, Bias<false>>, Scale<GlobalAvgPool>, "
        "Upsample<2>>");
  std::size_t const size = content_of(path).size();
  CHECK(refused_with_flips(path, size) > static_cast<int>(size));
}

TEST_CASE("numbers of weights are what their shape says, and in the file") {
  auto const refuse = [](auto change, std::string const& why) {
    auto model = model_of("float[N, 4] input", "output = Gemm(input, w)", {{"w", {4, 3}}});
    change(*model.mutable_graph()->mutable_initializer(0));
    CHECK_THROWS_WITH(imported(model), Contains("node 0 (\"Gemm\"): its constant \"w\" ") && Contains(why));
  };
  refuse([](auto& w) { w.set_dims(0, 5); }, "has 48 bytes, and its shape says 60");
  refuse([](auto& w) { w.set_dims(0, -4); }, "has no sound shape");
  refuse([](auto& w) { w.set_dims(0, 1L << 40); }, "has no sound shape");
  refuse([](auto& w) { w.set_dims(0, 1 << 30), w.set_dims(1, 1 << 30); }, "has no sound shape");
  refuse([](auto& w) { w.set_raw_data("123"); }, "has 3 bytes");
  refuse([](auto& w) { w.set_data_type(onnx::TensorProto::FLOAT16); }, "has numbers of type FLOAT16");
  refuse([](auto& w) { w.set_data_type(99); }, "has numbers of type 99");
  refuse([](auto& w) { w.set_data_location(onnx::TensorProto::EXTERNAL); }, "in another file");
}

TEST_CASE("networks that are too deep, too large or too long to be written are refused") {
  // x + f(x), eleven times inside one another
  std::string nodes = "a0 = Relu(input)\n";
  for (int i = 0; i < 12; ++i) {
    std::string const n = std::to_string(i), next = std::to_string(i + 1);
    nodes += "b" + n + " = Conv(a" + n + ", w)\n a" + next + " = Tanh(b" + n + ")\n";
  }
  nodes += "s12 = Add(a12, a11)\n";
  for (int i = 11; i > 0; --i)
    nodes += "c" + std::to_string(i) + " = Relu(s" + std::to_string(i + 1) + ")\n s" + std::to_string(i) + " = Add(c" +
             std::to_string(i) + ", a" + std::to_string(i - 1) + ")\n";
  nodes += "output = Relu(s1)\n";
  CHECK_THROWS_WITH(imported("float[N, 1, 2, 2] input", nodes, {{"w", {1, 1, 1, 1}}}),
                    Contains("blocks are nested too deeply"));

  std::string doubling = "a0 = Exp(input)\n";  // 2^40 operations, written out
  for (int i = 0; i < 40; ++i)
    doubling += "a" + std::to_string(i + 1) + " = Mul(a" + std::to_string(i) + ", a" + std::to_string(i) + ")\n";
  auto const read = imported("float[N, 2] input", doubling + "output = Relu(a40)\n");
  CHECK(read.source.size() < 10'000);

  CHECK_THROWS_WITH(imported("float[N, 10000, 10000, 10000] input", "output = Relu(input)"),
                    Contains("has over 2^28 numbers"));
  std::string padding =
      "p = Constant<value = int64[8] {0, 0, 65535, 65535, 0, 0, 65535, 65535}>()\n a = Pad(input, p)\n"
      "output = Conv(a, w)\n";
  CHECK_THROWS_WITH(imported("float[N, 1, 2, 2] input", padding, {{"w", {1, 1, 1, 1}}}),
                    Contains("has over 2^28 numbers"));

  std::string lines = "a0 = Relu(input)\n";  // a chain of 20,000 layers ends, and in time
  for (int i = 0; i < 20'000; ++i)
    lines += "a" + std::to_string(i + 1) + " = " + (i % 2 ? "Relu" : "Tanh") + "(a" + std::to_string(i) + ")\n";
  CHECK(onnx_tests::read("float[N, 2] input", lines + "output = Relu(a20000)\n").size() < 100);
}

TEST_CASE("a file's name is no way into the header") {
  scratch_folder folder;
  auto const path = folder.path / "net.onnx\nstruct trap {};\\";
  save_onnx(Model<Net, Reference>{1, 1}, path);
  imported_file(path, "net");
  CHECK(content_of(folder.path / "net.hpp").find("\nstruct trap") == std::string::npos);
}

TEST_CASE("other files and names are refused") {
  scratch_folder folder;
  CHECK_THAT(reason_against(folder.path / "none.onnx"), Contains("none.onnx: no such file"));
  CHECK_THAT(reason_against(folder.path), Contains("is not a regular file"));
  put(folder.path / "empty.onnx", "");
  CHECK_THAT(reason_against(folder.path / "empty.onnx"), Contains("empty.onnx: is no ONNX model, or cut off"));
  put(folder.path / "text.onnx", "this is no model");
  CHECK_THAT(reason_against(folder.path / "text.onnx"), Contains("text.onnx: is no ONNX model"));
  for (std::string const name : {"", "1st", "a-b", "a/b", "ä"})
    CHECK_THROWS_WITH(imported_file(folder.path / "empty.onnx", name), Contains("is no name for a header"));
}

TEST_CASE("links are followed, and a full disk leaves files as they are") {
  scratch_folder folder;
  auto const path = folder.path / "net.onnx", link = folder.path / "newest";
  Model<Net, Reference> model{1, 1};
  save_onnx(model, path);
  std::filesystem::create_symlink("net.onnx", link);
  CHECK(reason_against(link).empty());
  std::string const before = content_of(path);
  for (rlim_t const most : {0, 1000}) {
    tests::full_disk const full(most);
    CHECK_THROWS_WITH(save_onnx(model, link, {.fold_batch_norm = true}),
                      Contains(path.string() + ": cannot be written: File too large"));
    CHECK_THROWS_WITH(imported_file(link, "net"), Contains("net.safetensors: cannot be written"));
  }
  CHECK(content_of(path) == before);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 2);
}
