// Images from PNG and JPEG files and from folders: what is read, in which order, and how it is made to fit.
#include "image_files.hpp"
#include "scratch_folder.hpp"

#include <laminate/data/image_folder.hpp>

#include <zlib.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace laminate;
using tests::jpeg_of;
using tests::png_of;
using tests::put;
using tests::scratch_folder;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

/// Values that differ from pixel to pixel, smoothly enough for JPEG.
decoded_image sloping(int width, int height, int channels) {
  decoded_image image{width, height, channels, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c)
        image.bytes.push_back(static_cast<unsigned char>(40 + 100 * x / width + 60 * y / height + 20 * c));
  return image;
}

decoded_image plain(int width, int height, std::vector<unsigned char> colour) {
  decoded_image image{width, height, static_cast<int>(colour.size()), {}};
  for (int i = 0; i < width * height; ++i) image.bytes.insert(image.bytes.end(), colour.begin(), colour.end());
  return image;
}

decoded_image decode(std::string const& file) { return decode_image("image", std::as_bytes(std::span(file))); }

std::string reason_against(std::string const& file) try {
  decode(file);
  return "";
} catch (error const& failure) {
  return failure.what();
}

/// The largest difference of two images in numbers of 0..255.
double difference(std::vector<float> const& a, std::vector<unsigned char> const& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(255.0 * a[i] - b[i]));
  return most;
}

}  // namespace

TEST_CASE("PNGs of every kind are read as their numbers are") {
  for (int const channels : {1, 3}) {
    decoded_image const image = sloping(13, 9, channels);
    for (bool const interlaced : {false, true})
      for (bool const sixteen : {false, true})
        for (bool const alpha : {false, true}) {
          decoded_image const read = decode(png_of(image, {interlaced, sixteen, alpha}));
          CHECK(read.width == 13);
          CHECK(read.height == 9);
          CHECK(read.channels == channels);
          CHECK(read.bytes == image.bytes);
        }
  }
  decoded_image const colours = decode(png_of(plain(2, 2, {200}), {.palette = true}));
  CHECK(colours.bytes == std::vector<unsigned char>{200, 55, 7, 200, 55, 7, 200, 55, 7, 200, 55, 7});
}

TEST_CASE("JPEGs are read, baseline and progressive, grey and coloured") {
  for (int const channels : {1, 3})
    for (bool const progressive : {false, true}) {
      decoded_image const image = sloping(37, 20, channels), read = decode(jpeg_of(image, 98, progressive));
      REQUIRE(read.bytes.size() == image.bytes.size());
      CHECK(read.width == 37);
      int most = 0;
      for (std::size_t i = 0; i < image.bytes.size(); ++i)
        most = std::max(most, std::abs(read.bytes[i] - image.bytes[i]));
      CHECK(most <= 8);
    }
  CHECK_THAT(reason_against(jpeg_of(plain(8, 8, {1, 2, 3, 4}))),
             Contains("expected grey or colours, found 4 channels"));
}

TEST_CASE("an image is resized to cover the sample, and its middle is kept") {
  // As it is, where it fits.
  decoded_image const image = sloping(6, 6, 1);
  CHECK(difference(fit_image(image, {1, 6, 6}), image.bytes) < 1e-4);
  // Three stripes of 10: the outer two fall off.
  decoded_image stripes = plain(30, 10, {0});
  for (int y = 0; y < 10; ++y)
    for (int x = 10; x < 20; ++x) stripes.bytes[static_cast<std::size_t>(30 * y + x)] = 255;
  CHECK(difference(fit_image(stripes, {1, 10, 10}), std::vector<unsigned char>(100, 255)) < 1e-4);
  // A third of the size: bilinear without antialiasing would take the middle one of three columns only.
  decoded_image comb = plain(96, 96, {0});
  for (std::size_t i = 0; i < comb.bytes.size(); i += 3) comb.bytes[i] = 150;
  auto const third = fit_image(comb, {1, 32, 32});
  for (std::size_t i = 1; i < 31; ++i) CHECK(255 * third[32 * 5 + i] == Approx(50));
  // Twice the size, by hand: 1/4 and 3/4 of neighbours.
  auto const twice = fit_image({2, 1, 1, {0, 200}}, {1, 2, 4});
  CHECK(difference(twice, {0, 50, 150, 200, 0, 50, 150, 200}) < 1e-3);
  // Wide and high samples.
  CHECK(fit_image(sloping(50, 20, 3), {3, 7, 33}).size() == 3 * 7 * 33);
  CHECK(fit_image(sloping(20, 50, 3), {3, 33, 7}).size() == 3 * 7 * 33);
  CHECK(fit_image(sloping(1, 1, 3), {3, 4, 5}).size() == 3 * 4 * 5);
  CHECK(fit_image(plain(1, 3000, {9}), {1, 5, 5}).size() == 25);
  // Colours to grey by luminance, and grey to three equal channels, each by itself in memory.
  CHECK(difference(fit_image(plain(2, 2, {255, 0, 0}), {1, 1, 1}), {76}) < 1e-4);
  CHECK(difference(fit_image(plain(2, 2, {0, 255, 0}), {1, 1, 1}), {150}) < 1e-4);
  CHECK(difference(fit_image(plain(1, 1, {9}), {3, 1, 1}), {9, 9, 9}) < 1e-4);
  CHECK(difference(fit_image({2, 1, 3, {1, 2, 3, 4, 5, 6}}, {3, 1, 2}), {1, 4, 2, 5, 3, 6}) < 1e-4);
  CHECK_THROWS_WITH(fit_image(image, {2, 4, 4}), Contains("images of 1 or 3 channels, found one for 2 × 4 × 4"));
  CHECK_THROWS_WITH(fit_image(image, {3, 0, 0}), Contains("images of 1 or 3 channels"));
}

TEST_CASE("a folder of folders is a data set, in the order of ImageFolder") {
  scratch_folder folder;
  auto const add = [&](std::string const& name, unsigned char value) {
    fs::create_directories((folder.path / name).parent_path());
    bool const png = name.ends_with("png") || name.ends_with("PNG");
    put(folder.path / name, png ? png_of(plain(4, 4, {value})) : jpeg_of(plain(8, 8, {value, value, value})));
  };
  add("dog/b.png", 10), add("dog/a.JPG", 20), add("dog/10.jpeg", 30), add("dog/9.png", 40);
  add("Zebra/x.PNG", 50);
  add("cat/deep/0.png", 60), add("cat/z.png", 70), add("cat/deep-b/1.png", 80);
  put(folder.path / "cat" / "notes.txt", "no image");
  put(folder.path / "stray.png", "no image either");
  fs::create_directory_symlink("..", folder.path / "cat" / "deep" / "circle");
  fs::create_symlink("../dog/b.png", folder.path / "Zebra" / "link.png");
  image_folder const read = read_image_folder(folder.path, {3, 4, 4});
  CHECK(read.classes == std::vector<std::string>{"Zebra", "cat", "dog"});
  std::vector<std::string> files;
  for (auto const& file : read.files) files.push_back(file.lexically_relative(folder.path).string());
  CHECK(files == std::vector<std::string>{"Zebra/link.png", "Zebra/x.PNG", "cat/z.png", "cat/deep/0.png",
                                          "cat/deep-b/1.png", "dog/10.jpeg", "dog/9.png", "dog/a.JPG", "dog/b.png"});
  read.data.check();
  CHECK(read.data.classes == 3);
  CHECK(read.data.labels == std::vector<int>{0, 0, 1, 1, 1, 2, 2, 2, 2});
  for (int i : {0, 1, 2, 3, 4, 5, 6, 7, 8})
    CHECK(255 * read.data.image(i)[17] == Approx(std::vector{10, 50, 70, 60, 80, 30, 40, 20, 10}[i]).margin(1.01));
}

TEST_CASE("folders without classes or images, and files that are none, are named") {
  scratch_folder folder;
  auto const refuse = [&](std::string const& at, std::string const& why) {
    CHECK_THROWS_WITH(read_image_folder(folder.path / "root", {1, 2, 2}),
                      StartsWith((folder.path / at).string() + ": ") && Contains(why));
  };
  refuse("root", "is no folder that can be read: No such file");
  put(folder.path / "root", "");
  refuse("root", "is no folder that can be read: Not a directory");
  fs::remove(folder.path / "root");
  fs::create_directory(folder.path / "root");
  put(folder.path / "root" / "a.png", "");
  refuse("root", "has no folder, and each class is one");
  fs::create_directory(folder.path / "root" / "cat");
  put(folder.path / "root" / "cat" / "a.gif", "");
  refuse("root/cat", "has no image: no file .png, .jpg or .jpeg");
  auto const image = folder.path / "root" / "cat" / "a.png";
  put(image, "");
  refuse("root/cat/a.png", "byte 0: expected a PNG or JPEG, found an empty file");
  put(image, "GIF89a");
  refuse("root/cat/a.png", "byte 0: expected a PNG or JPEG, found neither");
  put(image, jpeg_of(plain(4, 4, {1})));  // the content counts, not the name
  CHECK(read_image_folder(folder.path / "root", {1, 2, 2}).files.size() == 1);
  CHECK_THROWS_WITH(read_image("/dev/zero", {1, 2, 2}), Contains("/dev/zero: is not a regular file"));
}

TEST_CASE("images that are cut off anywhere are refused with the byte") {
  decoded_image const grey = sloping(20, 17, 1), colours = sloping(20, 17, 3);
  for (std::string const& whole : {png_of(colours), png_of(grey, {.interlaced = true}), jpeg_of(colours, 90),
                                   jpeg_of(colours, 90, true), jpeg_of(grey, 90)}) {
    CHECK(reason_against(whole).empty());
    for (std::size_t size = 0; size < whole.size(); ++size) {
      std::string const why = reason_against(whole.substr(0, size));
      if (!why.starts_with("image: byte ")) FAIL_CHECK("cut to " << size << " of " << whole.size() << ": " << why);
    }
    CHECK(reason_against(whole + "more").empty());
  }
  std::string const whole = png_of(grey);
  CHECK_THAT(reason_against(whole.substr(0, 60)),
             Contains("byte 60: expected an intact PNG, found the end of the file"));
  std::string const jpeg = jpeg_of(grey);
  CHECK_THAT(reason_against(jpeg.substr(0, jpeg.size() - 10)),
             Contains("byte " + std::to_string(jpeg.size() - 10) + ": expected an intact JPEG, found Premature end"));
}

TEST_CASE("images with any bit flipped are refused or read, and do no harm") {
  decoded_image const image = sloping(11, 9, 3);
  for (std::string whole :
       {png_of(image), png_of(image, {.interlaced = true, .alpha = true}), png_of(plain(9, 9, {3}), {.palette = true}),
        jpeg_of(image, 80), jpeg_of(image, 80, true)}) {
    int refused = 0;
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
      whole[bit / 8] = static_cast<char>(whole[bit / 8] ^ 1 << bit % 8);
      std::string const why = reason_against(whole);  // anything but an `error` fails the test
      refused += !why.empty();
      if (!why.empty() && !why.starts_with("image: byte ")) FAIL_CHECK(why);
      whole[bit / 8] = static_cast<char>(whole[bit / 8] ^ 1 << bit % 8);
    }
    CHECK(refused > 100);
  }
}

TEST_CASE("images that promise too much are refused without the memory for it") {
  std::string png = png_of(plain(8, 8, {1}));
  auto const with_size = [&](std::uint32_t width, std::uint32_t height) {
    std::string bad = png;
    for (int i = 0; i < 4; ++i) {
      bad[16 + static_cast<std::size_t>(i)] = static_cast<char>(width >> (24 - 8 * i));
      bad[20 + static_cast<std::size_t>(i)] = static_cast<char>(height >> (24 - 8 * i));
    }
    auto const sum = ::crc32(0, reinterpret_cast<unsigned char const*>(bad.data()) + 12, 17);
    for (int i = 0; i < 4; ++i) bad[29 + static_cast<std::size_t>(i)] = static_cast<char>(sum >> (24 - 8 * i));
    return bad;
  };
  CHECK(reason_against(with_size(8, 8)).empty());
  CHECK_THAT(reason_against(with_size(20000, 20000)),
             Contains("image: byte 16: expected an image of at most 2^27 pixels that") && Contains("20000 × 20000"));
  CHECK_THAT(reason_against(with_size(1000, 1000)), Contains("bytes can hold, found 1000 × 1000"));
  CHECK_THAT(reason_against(with_size(0xffffffff, 1)), StartsWith("image: byte "));
  CHECK_THAT(reason_against(with_size(0, 8)), StartsWith("image: byte "));
  std::string jpeg = jpeg_of(plain(8, 8, {1}));
  std::size_t const size = jpeg.find("\xff\xc0") + 5;
  for (std::size_t i = 0; i < 4; ++i) jpeg[size + i] = '\xfe';
  CHECK_THAT(reason_against(jpeg), Contains("at most 2^27 pixels, found 65278 × 65278"));
}
