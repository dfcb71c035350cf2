// NPY headers and NPZ files: what is written comes back, what NumPy may write is read, and what is damaged is
// refused.
#include "full_disk.hpp"
#include "linear_model.hpp"
#include "scratch_folder.hpp"

#include <laminate/io/npz.hpp>

#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include <cstring>
#include <string>
#include <vector>

using namespace laminate;
using tests::content_of;
using tests::put;
using tests::scratch_folder;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;

namespace {

using model = tests::linear_model<float>;

std::vector<float> const six{1.5f, -0.0f, 3, 4, 5, 6};

/// The content of an NPY array with this dictionary, and numbers after it.
std::string npy(std::string const& header, std::vector<float> const& numbers, char version = 1) {
  std::string text = std::string("\x93NUMPY") + version + '\0' + static_cast<char>(header.size() & 0xff) +
                     static_cast<char>(header.size() >> 8);
  if (version > 1) text += std::string(2, '\0');
  text += header;
  text.append(reinterpret_cast<char const*>(numbers.data()), numbers.size() * sizeof(float));
  return text;
}
stored_tensor read(std::string const& content) {
  auto const bytes = std::as_bytes(std::span(content));
  return tensor_from_npy("f.npz: a.npy", "a", std::vector<std::byte>(bytes.begin(), bytes.end()));
}

}  // namespace

TEST_CASE("NPY headers are read in every spelling of NumPy's") {
  stored_tensor const expected = store_tensor<float>("a", {2, 3}, six);
  CHECK(read(npy_header_of(expected) + std::string(reinterpret_cast<char const*>(six.data()), 24)) == expected);
  CHECK(read(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }  \n", six)) == expected);
  CHECK(read(npy("{\"shape\":(2,3),'fortran_order':False,'descr':\"<f4\"}", six, 2)) == expected);
  CHECK(read(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3,), }\n", six, 3)) == expected);
  CHECK(read(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n", {1.5f, 4, -0.0f, 5, 3, 6})) ==
        expected);
  CHECK(read(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), }\n", {7})).shape.empty());
  CHECK(read(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 7), }\n", {})).shape == std::vector{0, 7});
  // 2 × 3 × 2 with the first index running fastest, against its numbers in order.
  std::vector<float> columns(12), rows(12);
  for (int i = 0, at = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 2; ++k) rows[at] = static_cast<float>(at), columns[i + 2 * j + 6 * k] = rows[at], ++at;
  CHECK(numbers_of<float>(read(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 2), }\n", columns))) ==
        rows);

  for (std::vector<int> const& shape : {std::vector<int>{}, {6}, {1, 2, 3}, {1, 1, 1, 1, 6}}) {
    stored_tensor const tensor{"a", number_type::i64, shape, {}};
    std::string const header = npy_header_of(tensor);
    CHECK(header.size() % 64 == 0);
    npy_header const found = npy_header_reader("f", header).read();
    CHECK(found.shape == shape);
    CHECK(found.type == number_type::i64);
  }
}

TEST_CASE("NPY arrays that break the format are refused with file, entry and byte") {
  auto const refuse = [](std::string const& content, std::string const& why) {
    INFO(content);
    CHECK_THROWS_WITH(read(content), Contains("f.npz: a.npy: byte ") && Contains(why));
  };
  std::string const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
  auto const instead = [&](std::string const& old, std::string const& other) {
    std::string text = good;
    return npy(text.replace(text.find(old), old.size(), other), six);
  };
  CHECK(read(npy(good, six)).shape == std::vector{2, 3});
  refuse("", "byte 0: expected the first six bytes of an NPY array");
  refuse("\x93NUMPX", "byte 0");
  refuse(npy(good, six).substr(0, 9), "byte 9: expected the header");
  refuse(npy(good, six, 2).substr(0, 11), "byte 11: expected the header");
  refuse(npy(good, six, 4), "byte 6: expected version 1, 2 or 3 of the format, found 4");
  refuse(npy(good, six).substr(0, 40), "byte 40: expected a header of 60 bytes, found the end");
  refuse(std::string("\x93NUMPY\x02\0\xff\xff\xff\xff", 12), "a header of at most 10000 bytes, found 4294967295");
  refuse(instead("'<f4'", "'>f4'"), "a descr of '<f4', '<f8' or '<i8', found '>f4'");
  refuse(instead("'<f4'", "[('a', '<f4')]"), "byte 20: expected a text in quotes");
  refuse(instead("'<f4'", "'<f4"), "expected ");
  refuse(instead("False", "Fals"), "True or False");
  refuse(instead("'shape'", "'shapes'"), "once each, found 'shapes'");
  refuse(instead("'fortran_order': False", "'descr': '<f4'"), "once each, found 'descr'");
  refuse(instead("'fortran_order': False, ", ""), "found less");
  refuse(instead("(2, 3)", "(6)"), "expected ','");
  refuse(instead("(2, 3)", "(-2, 3)"), "a size of 0..2^31-1, found \"-2, 3)");
  refuse(instead("(2, 3)", "(2147483648, 3)"), "a size of 0..2^31-1");
  refuse(instead("(2, 3)", "(99999999999999999999, 3)"), "a size of 0..2^31-1");
  refuse(instead("(2, 3)", "(2147483647, 2147483647, 2147483647)"), "a smaller shape");
  refuse(instead("(2, 3)", "(2, 4)"), "expected 32 bytes of numbers, found 24");
  refuse(instead("(2, 3)", "(2, 3"), "expected ");
  refuse(instead("}\n", "}\n\1"), "the end of the header, found \"?\"");
  refuse(instead("}\n", ""), "expected ");
}

TEST_CASE("tensors come back from an NPZ file, which is the same whenever it is written") {
  scratch_folder folder;
  fs::path const path = folder.path / "t.npz", again = folder.path / "again.npz";
  std::vector<stored_tensor> const tensors{
      store_tensor<float>("0.weight", {2, 3}, six),
      store_tensor<double>("scalar \"ü\"", {}, std::vector<double>{1e300}),
      store_tensor<std::int64_t>("count", {1}, std::vector<std::int64_t>{1LL << 62}),
      store_tensor<float>("empty", {0, 7}, {})};
  write_npz(path, tensors);
  CHECK(read_npz(path) == tensors);
  write_npz(again, tensors);
  CHECK(content_of(path) == content_of(again));
  write_npz(path, {});
  CHECK(read_npz(path).empty());
  put(path, "kept");
  CHECK_THROWS_WITH(write_npz(path, {tensors[0], tensors[0]}),
                    Contains(path.string()) && Contains("two tensors \"0.weight\""));
  CHECK_THROWS_WITH(write_npz(path, {store_tensor<float>("\xff", {0}, {})}), Contains(path.string()));
  CHECK(content_of(path) == "kept");
  CHECK_THROWS_WITH(read_npz(path), Contains(path.string() + ": is no sound NPZ file: Not a zip archive"));
  CHECK_THROWS_WITH(read_npz(folder.path / "none"), Contains("none: no such file"));
  CHECK_THROWS_WITH(read_npz("/dev/zero"), Contains("is not a regular file"));
  CHECK_THROWS_WITH(read_npz(again, 160),
                    Contains("entry \"scalar") && Contains("unpacks to 136 bytes, and 8 are left"));
}

TEST_CASE("a model comes back from an NPZ file, whole or not at all") {
  scratch_folder folder;
  fs::path const path = folder.path / "m.npz", damaged = folder.path / "damaged.npz";
  model made(3), other(9);
  made.mean = {1, 2, 3}, made.batches = 5;
  extras const extra{{"scaling.mean", {0.5f, 0.25f}}};
  save_npz(made, path, extra);
  CHECK(load_npz(other, path) == extra);
  CHECK(state_dict(other)[0].values == state_dict(made)[0].values);
  CHECK(other.mean == made.mean);
  CHECK(other.batches == 5);
  tests::linear_model<double> precise;
  load_npz(precise, path);
  CHECK(static_cast<float>(precise.parameters()[0]) == made.parameters()[0]);

  model const before(9);
  auto const same = [](model const& a, model const& b) {
    return std::ranges::equal(const_cast<model&>(a).parameters(), const_cast<model&>(b).parameters()) &&
           a.mean == b.mean && a.batches == b.batches;
  };
  other = before;
  auto tensors = to_tensors(state_dict(made), {}).tensors;
  auto const refuse = [&](std::vector<stored_tensor> const& all, std::string const& why) {
    write_npz(damaged, all);
    CHECK_THROWS_WITH(load_npz(other, damaged), Contains(damaged.string() + ": ") && Contains(why));
    CHECK(same(other, before));
  };
  refuse({tensors.begin() + 1, tensors.end()}, "missing: 0.weight");
  tensors.push_back(store_tensor<float>("7.weight", {1}, std::vector<float>{1}));
  refuse(tensors, "unexpected: 7.weight");
  tensors.back() = store_tensor<double>("extra.mean", {1}, std::vector{1e300});
  refuse(tensors, "tensor extra.mean: number 0 is too large");
  tensors.back() = store_tensor<float>("large", {1 << 23}, std::vector<float>(1 << 23));
  refuse(tensors, "entry \"large.npy\" unpacks to 33554560 bytes");
  tensors.pop_back();
  tensors[0].shape = {3, 2};
  refuse(tensors, "wrong shape: 0.weight");

  // Cut off anywhere, and with any byte changed: refused by name of the file, or read as it was.
  std::string const whole = content_of(path);
  auto const attempt = [&](std::string const& content, std::size_t at) {
    put(damaged, content);
    model read = before;
    try {
      load_npz(read, damaged);
      if (!same(read, made)) FAIL("byte " << at << " changed what was read");
      return true;
    } catch (error const& refused) {
      if (std::string(refused.what()).find(damaged.string() + ": ") != 0) FAIL(refused.what());
      if (!same(read, before)) FAIL("byte " << at << " was refused too late");
      return false;
    }
  };
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(attempt(whole.substr(0, size), size));
  std::size_t accepted = 0, tried = 0;
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (int const bits : {0x01, 0x20, 0x80}) {
      std::string bad = whole;
      bad[at] = static_cast<char>(bad[at] ^ bits);
      accepted += attempt(bad, at), ++tried;
    }
  // Times, attributes, and what local headers repeat of the directory do not matter.
  CHECK(accepted < tried / 4);
}

TEST_CASE("NPY arrays cut off anywhere, or with any bit flipped, are refused or read, and do no harm") {
  std::string const whole = npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n", six);
  auto const attempt = [](std::string const& content) {
    try {
      read(content);
      return true;
    } catch (error const& refused) {
      if (!std::string(refused.what()).starts_with("f.npz: a.npy: byte ")) FAIL(refused.what());
      return false;
    }
  };
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(attempt(whole.substr(0, size)));
  CHECK_FALSE(attempt(whole + ' '));
  int refused = 0;
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string bad = whole;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    refused += !attempt(bad);
  }
  CHECK(refused > 350);  // of its 71 bytes of header
}

TEST_CASE("an entry that is not as long as it says is refused, without the memory for it") {
  scratch_folder folder;
  fs::path const path = folder.path / "t.npz";
  std::vector<float> const zeros(100'000);
  for (bool const packs : {false, true}) {
    write_npz(path, {store_tensor<float>("a", {100'000}, zeros)});
    if (packs) {
      int code = 0;
      zip_t* const archive = ::zip_open(path.c_str(), 0, &code);
      ::zip_set_file_compression(archive, 0, ZIP_CM_DEFLATE, 9);
      REQUIRE(::zip_close(archive) == 0);
      CHECK(fs::file_size(path) < 10'000);
    }
    CHECK(read_npz(path).size() == 1);
    std::string const whole = content_of(path);
    std::size_t const directory = whole.rfind("PK\1\2"), local = whole.find("PK\3\4");
    for (std::uint32_t const size : {0u, 1u, 400'127u, 400'129u, 3'000'000'000u}) {
      std::string bad = whole;
      std::memcpy(bad.data() + directory + 24, &size, 4);
      std::memcpy(bad.data() + local + 22, &size, 4);
      put(path, bad);
      struct rusage before {
      }, after{};
      ::getrusage(RUSAGE_SELF, &before);
      INFO(size << packs);
      CHECK_THROWS_WITH(read_npz(path), Contains(path.string() + ": entry ") && Contains("is damaged: "));
      ::getrusage(RUSAGE_SELF, &after);
      CHECK(after.ru_maxrss - before.ru_maxrss < 64 << 10);  // kilobytes
    }
  }
}

TEST_CASE("NPZ files behind links are read and replaced, and a full disk leaves them as they are") {
  scratch_folder folder;
  fs::path const path = folder.path / "t.npz", link = folder.path / "newest";
  std::vector<stored_tensor> const old{store_tensor<float>("a", {2, 3}, six)};
  std::vector<stored_tensor> const larger{store_tensor<float>("a", {100'000}, std::vector<float>(100'000))};
  write_npz(path, old);
  fs::create_symlink("t.npz", link);
  CHECK(read_npz(link) == old);
  for (rlim_t const most : {0, 4096, 400'000}) {
    tests::full_disk const full(most);
    CHECK_THROWS_WITH(write_npz(link, larger), Contains(path.string() + ": cannot be written: File too large"));
  }
  CHECK(read_npz(link) == old);
  CHECK(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) == 2);
  write_npz(link, larger);
  CHECK(fs::is_symlink(link));
  CHECK(read_npz(path) == larger);
  REQUIRE(::mkfifo((folder.path / "pipe").c_str(), 0600) == 0);
  CHECK_THROWS_WITH(read_npz(folder.path / "pipe"), Contains("pipe: is not a regular file"));
  fs::create_symlink("nothing", folder.path / "dangling");
  CHECK_THROWS_WITH(read_npz(folder.path / "dangling"), Contains("dangling: no such file"));
}
