// Safetensors files and checkpoints: what is written comes back, and what is damaged is refused, byte by
// byte.
#include "../laws/same_bits.hpp"
#include "linear_model.hpp"
#include "scratch_folder.hpp"

#include <laminate/io/checkpoint.hpp>
#include <laminate/io/freeze.hpp>
#include <laminate/io/safetensors.hpp>
#include <laminate/train/fit.hpp>
#include <laminate/train/optimizer/adam.hpp>

#include <catch2/catch.hpp>

#include <cstring>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

using namespace laminate;
using tests::content_of;
using tests::put;
using tests::scratch_folder;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;

namespace {

/// A file of this header, and so many bytes after it.
std::string file_of(std::string const& header, std::size_t data) {
  std::uint64_t const size = header.size();
  std::string length(8, '\0');
  std::memcpy(length.data(), &size, 8);
  return length + header + std::string(data, '\1');
}

using model = tests::linear_model<float>;

struct run {
  model net{3};
  training_state<float> state;
  bool operator==(run const& other) const {
    return state_equal(other) && net.random_state() == other.net.random_state() && net.batches == other.net.batches &&
           net.mean == other.net.mean && laws::same_bits(values(), other.values());
  }
  std::span<float> values() const { return const_cast<model&>(net).parameters(); }
  bool state_equal(run const& other) const { return state == other.state; }
};

dataset small_set() {
  dataset data{{3, 0, 0}, 2, {}, {}};
  generator random(1);
  for (int i = 0; i < 20; ++i) {
    for (int k = 0; k < 3; ++k) data.images.push_back(static_cast<float>(random.uniform(-1, 1)));
    data.labels.push_back(i % 2);
  }
  return data;
}

auto options(int until) {
  return fit_options{.epochs = 3, .until = until, .batch = 8, .seed = 0xfedcba9876543210, .optimizer = Adam{.lr = 0.1}};
}

run trained(int epochs) {
  run made;
  made.net.noise = 0.2;
  fit(made.net, small_set(), options(epochs), made.state);
  return made;
}

}  // namespace

TEST_CASE("safetensors come back as they were written") {
  scratch_folder folder;
  fs::path const path = folder.path / "t.safetensors";
  std::vector<float> const f{1.5f, -0.0f, std::numeric_limits<float>::denorm_min(), 3, 4, 5};
  std::vector<double> const d{1e300};
  std::vector<std::int64_t> const i{-5, 1LL << 62};
  safetensors content;
  content.tensors = {store_tensor<std::int64_t>("count", {2}, i), store_tensor<double>("scalar \"ü\"", {}, d),
                     store_tensor<float>("0.weight", {2, 3}, f), store_tensor<float>("empty", {0, 7}, {})};
  content.metadata = {{"format", "pt"}, {"key", "text with \"quotes\"\n"}};
  write_safetensors(path, content);
  CHECK(read_safetensors(path) == content);
  CHECK(numbers_of<float>(content.tensors[2]) == f);
  CHECK(numbers_of<double>(content.tensors[0]) == std::vector<double>{-5, 0x1p62});
  CHECK_THROWS_WITH(numbers_of<float>(content.tensors[1]), Contains("tensor scalar") && Contains("too large"));
  std::uint64_t header = 0;
  std::memcpy(&header, content_of(path).data(), 8);
  CHECK(header % 8 == 0);
  write_safetensors(path, {});
  CHECK(read_safetensors(path) == safetensors{});
}

TEST_CASE("safetensors are not written where they could not be read") {
  scratch_folder folder;
  fs::path const path = folder.path / "t.safetensors";
  put(path, "kept");
  auto const refuse = [&](std::vector<stored_tensor> tensors, std::string const& why) {
    CHECK_THROWS_WITH(write_safetensors(path, {std::move(tensors), {}}), Contains(path.string()) && Contains(why));
    CHECK(content_of(path) == "kept");
  };
  auto const one = [](std::string name) { return store_tensor<float>(std::move(name), {1}, std::vector<float>{1}); };
  auto small = one("a");
  small.shape = {2};
  refuse({one("a"), one("a")}, "two tensors \"a\"");
  refuse({one("__metadata__")}, "__metadata__");
  refuse({small}, "tensor \"a\"");
  refuse({one("\xff")}, "UTF-8");
  refuse({one(std::string("a\0b", 3))}, "UTF-8");
}

TEST_CASE("safetensors that break the format are refused with file, byte and tensor") {
  scratch_folder folder;
  fs::path const path = folder.path / "bad.safetensors";
  auto const refuse = [&](std::string const& content, std::string const& why) {
    put(path, content);
    INFO(content);
    CHECK_THROWS_WITH(read_safetensors(path), Contains(path.string() + ": byte ") && Contains(why));
  };
  auto const tensor = [](std::string const& name, std::string const& begin, std::string const& end) {
    return "\"" + name + R"(":{"dtype":"F32","shape":[2],"data_offsets":[)" + begin + "," + end + "]}";
  };
  std::string const a = tensor("a", "0", "8");
  put(path, file_of("{" + a + "}  ", 8));
  CHECK(read_safetensors(path).tensors.size() == 1);

  refuse("", "byte 0: expected 8 bytes of header length");
  refuse(std::string(8, '\xff'), "byte 0: expected a header of at most 100000000 bytes, found 18446744073709551615");
  refuse(std::string("PK\x03\x04\x14\0\0\0", 8),
         "byte 0: expected the length of a safetensors header, found a zip archive");
  refuse(std::string("\0\0\0\x05\0\0\0\0", 8), "byte 8: expected a header of 83886080 bytes");
  refuse(file_of("", 0), "byte 8: expected '{'");
  refuse(file_of(" {}", 0), "byte 8: expected '{'");
  refuse(file_of("{\"a\":]}", 0), "byte 13: expected a header in JSON");
  refuse(file_of("{" + a + "}x", 8), "a header in JSON");
  refuse(file_of("{\"a\":" + std::string(5000, '[') + std::string(5000, ']') + "}", 0), "maximum parsing depth");
  refuse(file_of("{\"a\xff\":1}", 0), "a header in JSON");
  refuse(file_of("{" + a + "," + tensor("b", "12", "20") + "}", 20),
         "tensor \"b\" to follow here without hole or overlap");
  refuse(file_of("{" + a + "," + tensor("b", "4", "12") + "}", 12), "tensor \"b\" to follow here");
  refuse(file_of("{" + tensor("a", "8", "16") + "}", 16), "its offset 8 instead of 0");
  refuse(file_of("{" + a + "}", 9), "the end of the file after the last tensor, found 1 bytes more");
  refuse(file_of("{" + a + "}", 7), "8 bytes of tensor \"a\", found the end of the file after 7");
  refuse(file_of("{" + a + "," + a + "}", 8), "duplicate object key near '\"a\"'");
  refuse(file_of("{" + tensor("a", "0", "9") + "}", 9), "offsets that are 8 bytes apart for tensor \"a\"");
  refuse(file_of("{" + tensor("a", "8", "0") + "}", 8), "tensor \"a\"");
  refuse(file_of("{" + tensor("a", "-8", "0") + "}", 8), "two offsets for tensor \"a\"");
  refuse(file_of("{" + tensor("a", "9223372036854775800", "9223372036854775808") + "}", 8), "too big integer");
  refuse(file_of("{" + tensor("a", "9223372036854775799", "9223372036854775807") + "}", 8), "tensor \"a\"");
  refuse(file_of(R"({"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}})", 4),
         "a dtype of F32, F64 or I64 for tensor \"a\", found \"BF16\"");
  refuse(file_of(R"({"a":{"dtype":"F32","shape":[2147483648],"data_offsets":[0,4]}})", 4), "sizes of 0..2^31-1");
  refuse(file_of(R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", 4),
         "sizes of 0..2^31-1 for tensor \"a\", found 1.0");
  refuse(file_of(R"({"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}})", 4),
         "a smaller shape");
  refuse(file_of(R"({"a":{"dtype":"F32","shape":[1]}})", 4), "an object of dtype, shape and data_offsets");
  refuse(file_of(R"({"a":7})", 4), "tensor \"a\"");
  refuse(file_of(R"({"__metadata__":{"a":7}})", 0), "text for \"a\"");
  refuse(file_of(R"({"__metadata__":[]})", 0), "an object");

  CHECK_THROWS_WITH(read_safetensors(folder.path / "none"), Contains("none: no such file"));
  CHECK_THROWS_WITH(read_safetensors(folder.path), Contains("is not a regular file"));
  CHECK_THROWS_WITH(read_safetensors("/dev/zero"), Contains("is not a regular file"));
}

TEST_CASE("a model saved and loaded is the same model, and so are its extras") {
  scratch_folder folder;
  fs::path const path = folder.path / "m.safetensors";
  run made = trained(1);
  extras const extra{
      {"inputs", std::vector<float>(17)}, {"scaling.mean", {0.28604063f, -0.25f}}, {"scaling.scale", {2}}};
  save(std::as_const(made.net), path, extra);
  model other(9);
  CHECK(load(other, path) == extra);
  CHECK(std::ranges::equal(other.parameters(), made.net.parameters()));
  CHECK(other.mean == made.net.mean);
  CHECK(other.batches == 3);

  auto const content = read_safetensors(path);
  CHECK(content.tensors[0].name == "1.num_batches_tracked");
  CHECK(content.tensors[0].type == number_type::i64);
  CHECK(content.tensors[1].name == "0.weight");
  CHECK(content.tensors[1].shape == std::vector<int>{2, 3});
  CHECK(content.metadata.at("format") == "pt");
  CHECK(content.metadata.at("extra.scaling.mean") == "0.28604063,-0.25");
  CHECK(content.metadata.at("extra.scaling.scale") == "2");
  CHECK_FALSE(content.metadata.contains("extra.inputs"));

  tests::linear_model<double> precise;
  load(precise, path);
  CHECK(static_cast<float>(precise.parameters()[0]) == made.net.parameters()[0]);
  CHECK_THROWS_WITH(load_checkpoint(other, made.state, path), Contains(path.string()) && Contains("not a checkpoint"));
  CHECK_THROWS_WITH(save(made.net, ""), Contains("its path is empty"));
  tests::linear_model<float, 3, 4> wider;
  CHECK_THROWS_WITH(load(wider, path), Contains(path.string() + ": load_state_dict: wrong shape: 0.weight"));
}

TEST_CASE("a run that goes through a file continues bitwise") {
  scratch_folder folder;
  fs::path const path = folder.path / "run.safetensors";
  run const whole = trained(3);
  run part = trained(1);
  run const before = part;
  save_checkpoint(part.net, part.state, path, {{"scaling.mean", {1}}});
  CHECK(part == before);
  run resumed{model(77), {}};
  resumed.net.noise = 0.2;
  CHECK(load_checkpoint(resumed.net, resumed.state, path) == extras{{"scaling.mean", {1}}});
  CHECK(resumed == part);
  fit(resumed.net, small_set(), options(0), resumed.state);
  CHECK(resumed == whole);
  CHECK_FALSE(resumed == part);

  auto const content = read_safetensors(path);
  auto const buffer = std::ranges::find(content.tensors, "optimizer.exp_avg_sq.0.weight", &stored_tensor::name);
  REQUIRE(buffer != content.tensors.end());
  CHECK(buffer->shape == std::vector<int>{2, 3});
  model plain;
  load(plain, path);
  CHECK(std::ranges::equal(plain.parameters(), part.net.parameters()));
}

TEST_CASE("a run that goes through a file before it begins is the same") {
  scratch_folder folder;
  run start;
  start.net.noise = 0.2;
  save_checkpoint(start.net, start.state, folder.path / "run.safetensors");
  run resumed{model(77), {}};
  resumed.net.noise = 0.2;
  load_checkpoint(resumed.net, resumed.state, folder.path / "run.safetensors");
  CHECK(resumed.net.random_state() == start.net.random_state());
  fit(resumed.net, small_set(), options(0), resumed.state);
  CHECK(resumed == trained(3));
}

TEST_CASE("a damaged checkpoint is refused, and changes nothing") {
  scratch_folder folder;
  fs::path const path = folder.path / "run.safetensors", damaged = folder.path / "damaged.safetensors";
  run part = trained(1);
  save_checkpoint(part.net, part.state, path);
  std::string const whole = content_of(path);
  run other = trained(2);
  run const before = other;
  std::uint64_t header = 0;
  std::memcpy(&header, whole.data(), 8);

  SECTION("cut off anywhere") {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      put(damaged, whole.substr(0, size));
      try {
        load_checkpoint(other.net, other.state, damaged);
        FAIL("accepted " << size << " bytes");
      } catch (error const& refused) {
        if (std::string(refused.what()).find(damaged.string() + ": byte ") != 0) FAIL(refused.what());
      }
    }
    CHECK(other == before);
  }
  SECTION("one byte more") {
    put(damaged, whole + ' ');
    CHECK_THROWS_WITH(load_checkpoint(other.net, other.state, damaged), Contains("1 bytes more"));
    CHECK(other == before);
  }
  SECTION("any byte changed") {
    int accepted = 0;
    for (std::size_t at = 0; at < whole.size(); ++at)
      for (int const bits : {0x01, 0x20, 0x80}) {
        std::string bad = whole;
        bad[at] = static_cast<char>(bad[at] ^ bits);
        put(damaged, bad);
        run read = before;
        try {
          load_checkpoint(read.net, read.state, damaged);
          if (!(read == part)) FAIL("byte " << at << " changed what was read");
          ++accepted;
        } catch (error const& refused) {
          if (std::string(refused.what()).find(damaged.string() + ": ") != 0) FAIL(refused.what());
          if (!(read == before)) FAIL("byte " << at << " was refused too late");
        }
      }
    // Padding, the checksum's own key, and notes nobody reads are all that does not matter.
    CHECK(accepted < 100);
  }
  SECTION("a number that no float holds") {
    safetensors const sound = read_safetensors(path);
    std::string const file = damaged.string() + ": tensor ";
    for (std::string const name : {"0.weight", "optimizer.exp_avg.0.weight", "extra.scaling.mean"}) {
      safetensors content = sound;
      content.metadata.erase(checksum_key);
      std::erase_if(content.tensors, [&](stored_tensor const& tensor) { return tensor.name == name; });
      content.tensors.push_back(store_tensor<double>(name, {2, 3}, std::vector<double>(6, 1e300)));
      write_safetensors(damaged, content);
      CHECK_THROWS_WITH(load_checkpoint(other.net, other.state, damaged), Contains(file + name));
      CHECK(other == before);
      if (name.starts_with("optimizer")) continue;
      CHECK_THROWS_WITH(load(other.net, damaged), Contains(file + name));
      CHECK_THROWS_WITH(freeze(damaged, folder.path, "net"), Contains(file + name));
      CHECK(other == before);
    }
  }
  SECTION("sound, but of another model or optimiser") {
    tests::linear_model<float, 4, 2> wider;
    auto const kept = state_dict(wider);
    training_state<float> state;
    CHECK_THROWS_WITH(load_checkpoint(wider, state, path), Contains(path.string()) && Contains("0.weight"));
    CHECK(state == training_state<float>{});
    CHECK(state_dict(wider)[0].values == kept[0].values);
    auto const sgd = fit_options{.epochs = 3, .batch = 8, .seed = options(0).seed};
    load_checkpoint(other.net, other.state, path);
    CHECK_THROWS_WITH(fit(other.net, small_set(), sgd, other.state), Contains("found that of Adam"));
  }
}
