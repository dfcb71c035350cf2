// make_seeds FOLDER: the first files of the corpora, a folder a target: small sound ones of every kind, and what is
// made to do harm. What fuzzers have found lies beside them, as found-….
#include "../unit/image_files.hpp"
#include "model.hpp"

#include <laminate/io/checkpoint.hpp>
#include <laminate/io/npz.hpp>
#include <laminate/io/onnx.hpp>
#include <laminate/train/training_state.hpp>

#include <zlib.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace laminate;
namespace fs = std::filesystem;

namespace {

fs::path root;

void put(std::string const& name, std::string const& content) {
  fs::create_directories((root / name).parent_path());
  write_atomically(root / name, content);
}

std::string content_of(fs::path const& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string packed(std::string const& content) {
  fs::path const file = root / "packed";
  gzFile const stream = ::gzopen(file.c_str(), "wb9");
  ::gzwrite(stream, content.data(), static_cast<unsigned>(content.size()));
  ::gzclose(stream);
  std::string const made = content_of(file);
  fs::remove(file);
  return made;
}

/// Numbers as bytes, the highest first.
std::string big_endian(std::vector<std::uint32_t> const& numbers) {
  std::string text;
  for (std::uint32_t const n : numbers)
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(n >> shift);
  return text;
}

void idx() {
  std::string const images = big_endian({0x803, 2, 2, 3}) + "abcdefghijkl", labels = big_endian({0x801, 3}) + "\1\2\3";
  put("idx/images", images), put("idx/images.gz", packed(images));
  put("idx/labels", labels), put("idx/labels.gz", packed(labels));
  put("idx/huge", big_endian({0x803, 0xffffffff, 0xffffffff, 0xffffffff}));
  put("idx/product", big_endian({0x803, 1 << 16, 1 << 16, 1 << 16}));
  put("idx/promised", big_endian({0x803, 1 << 10, 1 << 10, 1 << 10}) + "few");
  put("idx/little-endian", big_endian({0x03080000, 2 << 24, 2 << 24, 3 << 24}) + "abcdefghijkl");
  put("idx/bomb.gz", packed(big_endian({0x801, 1 << 20}) + std::string(1 << 20, '\0')));
}

void cifar() {
  std::string record(3073, '\x40');
  record[0] = 7;
  put("cifar/one.gz", packed(record));
  put("cifar/two.gz", packed(record + record));
  put("cifar/cut.gz", packed(record + record.substr(0, 3000)));
  put("cifar/label.gz", packed(record + std::string(3073, '\x0a')));
  put("cifar/short", record.substr(0, 200));
}

std::string tensors_of(std::string const& header, std::string const& data) {
  std::uint64_t const length = header.size();
  return std::string(reinterpret_cast<char const*>(&length), 8) + header + data;
}

void safetensors_files() {
  std::vector<float> const f{1, 2, 3, 4};
  std::vector<double> const d{1e300};
  std::vector<std::int64_t> const i{-1};
  fs::create_directories(root / "safetensors");
  write_safetensors(root / "safetensors" / "kinds",
                    {{store_tensor<float>("0.weight", {2, 2}, f), store_tensor<double>("ü", {}, d),
                      store_tensor<std::int64_t>("n", {1}, i), store_tensor<float>("none", {0, 3}, {})},
                     {{"format", "pt"}}});
  write_safetensors(root / "safetensors" / "nothing", {});
  auto const two = [](std::string const& a, std::string const& b) {
    return tensors_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)" + a +
                          R"(},"b":{"dtype":"F32","shape":[2],"data_offsets":)" + b + "}}",
                      std::string(16, '\1'));
  };
  put("safetensors/two", two("[0,8]", "[8,16]"));
  put("safetensors/overlap", two("[0,8]", "[4,12]"));
  put("safetensors/hole", two("[0,8]", "[12,20]"));
  put("safetensors/wrap", two("[0,8]", "[9223372036854775800,9223372036854775807]"));
  put("safetensors/backwards", two("[8,0]", "[8,16]"));
  put("safetensors/twice", tensors_of(R"({"a":{},"a":{}})", ""));
  put("safetensors/long", std::string(8, '\xff'));
  put("safetensors/half", std::string("\0\0\0\0\0\0\0\x80", 8) + "{}");
  put("safetensors/deep", tensors_of("{\"a\":" + std::string(300, '[') + std::string(300, ']') + "}", ""));
  put("safetensors/product",
      tensors_of(R"({"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}})", "1234"));
}

std::string npy(std::string const& dictionary, std::string const& numbers, char version = 1) {
  std::string text = std::string("\x93NUMPY") + version + '\0' + static_cast<char>(dictionary.size()) + '\0';
  return text + (version > 1 ? std::string(2, '\0') : "") + dictionary + numbers;
}

void numpy() {
  std::string const six(24, '\2');
  put("npy/rows", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", six));
  put("npy/columns", npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n", six, 2));
  put("npy/double", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\n", six, 3));
  put("npy/whole", npy("{'shape':(),'fortran_order':False,'descr':\"<i8\"}", six.substr(0, 8)));
  put("npy/big-endian", npy("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }\n", six));
  put("npy/product", npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2147483647, 2147483647, 4), }\n", six));
  put("npy/none", npy("{'descr': '<f4', 'fortran_order': True, 'shape': (0, 2147483647), }\n", ""));
  put("npy/header", std::string("\x93NUMPY\x02\0\xff\xff\xff\xff", 12));
  std::vector<float> const f{1, 2, 3, 4};
  fs::create_directories(root / "npz");
  write_npz(root / "npz" / "two",
            {store_tensor<float>("0.weight", {2, 2}, f), store_tensor<float>("0.bias", {1}, std::span(f).first(1))});
  write_npz(root / "npz" / "nothing", {});
  fuzz::model const net(5, 1);
  save_npz(net, root / "npz" / "model", {{"scaling.mean", {1}}});
  auto large = to_tensors(state_dict(net), {}).tensors;
  large.push_back(store_tensor<double>("extra.large", {1}, std::vector{1e300}));
  write_npz(root / "npz" / "large", large);
  // A sound entry of many zeros, packed by zlib as zip does it: unpacks to a thousand times its size.
  int code = 0;
  zip_t* const archive = ::zip_open((root / "npz" / "bomb").c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  std::string const zeros =
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (50000,), }\n", std::string(200'000, '\0'));
  ::zip_file_add(archive, "a.npy", ::zip_source_buffer(archive, zeros.data(), zeros.size(), 0), 0);
  ::zip_close(archive);
}

void onnx_files() {
  using Net =
      Network<Image<1, 3, 3>, Conv<3, 2>, BN, SiLU, Residual<Conv<1, 2>, PReLU>, MaxPool<2>, GlobalAvgPool, Dense<2>>;
  using Small = Network<Features<2>, Dense<2>, Tanh>;
  fs::create_directories(root / "onnx");
  save_onnx(Model<Net, Reference>{1, 1}, root / "onnx" / "image");
  save_onnx(Model<Net, Reference>{1, 1}, root / "onnx" / "folded", {.fold_batch_norm = true});
  save_onnx(Model<Small, Reference>{1, 1}, root / "onnx" / "features");
  put("onnx/nothing", ""), put("onnx/text", "no model");
}

void images() {
  decoded_image grey{9, 7, 1, {}}, colours{6, 5, 3, {}};
  for (int i = 0; i < 63; ++i) grey.bytes.push_back(static_cast<unsigned char>(4 * i));
  for (int i = 0; i < 90; ++i) colours.bytes.push_back(static_cast<unsigned char>(2 * i));
  put("image/grey.png", tests::png_of(grey));
  put("image/colours.png", tests::png_of(colours));
  put("image/interlaced.png", tests::png_of(colours, {.interlaced = true, .alpha = true}));
  put("image/deep.png", tests::png_of(grey, {.sixteen_bits = true, .alpha = true}));
  put("image/palette.png", tests::png_of(grey, {.palette = true}));
  put("image/grey.jpg", tests::jpeg_of(grey, 50));
  put("image/colours.jpg", tests::jpeg_of(colours, 50));
  put("image/progressive.jpg", tests::jpeg_of(colours, 50, true));
  put("image/cmyk.jpg", tests::jpeg_of({2, 2, 4, std::vector<unsigned char>(16, 9)}, 50));
  put("image/nothing", "");
}

void checkpoints() {
  fuzz::model net(5, 1);
  training_state<float> state{2, 7, 1, 9, "Adam", {{"exp_avg", std::vector<float>(net.parameters().size(), 0.5f)}}};
  fs::create_directories(root / "checkpoint");
  save(net, root / "checkpoint" / "model", {{"scaling.mean", {1}}}, {{"classes", "a\nb"}});
  save_checkpoint(net, state, root / "checkpoint" / "run");
  for (std::string const name : {"model", "run"}) {  // without the checksum, as others write them
    safetensors content = read_safetensors(root / "checkpoint" / name);
    content.metadata.erase(checksum_key);
    write_safetensors(root / "checkpoint" / (name + "-unsealed"), content);
    if (name == "model")  // a number of batches that no integer holds
      for (auto tensors = content; auto& tensor : tensors.tensors)
        if (tensor.name.ends_with("num_batches_tracked")) {
          tensor = store_tensor<double>(tensor.name, {}, std::vector{1e30});
          write_safetensors(root / "checkpoint" / "count", tensors);
        }
    safetensors large = content;  // a number that no float holds: an extra's, and an optimiser's
    large.tensors.push_back(store_tensor<double>("extra.large", {1}, std::vector{1e300}));
    for (auto& tensor : large.tensors)
      if (tensor.name == "optimizer.exp_avg.0.weight")
        tensor = store_tensor<double>(tensor.name, tensor.shape, std::vector<double>(6, 1e300));
    write_safetensors(root / "checkpoint" / (name + "-large"), large);
    content.tensors.pop_back();
    write_safetensors(root / "checkpoint" / (name + "-less"), content);
  }
}

}  // namespace

int main(int, char** arguments) {
  root = arguments[1];
  fs::create_directories(root);
  idx(), cifar(), safetensors_files(), numpy(), onnx_files(), images(), checkpoints();
}
