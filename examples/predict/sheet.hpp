// A contact sheet: images with what a network says of them, as one SVG that needs no other file.
#pragma once

#include <laminate/io/html/element.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <vector>

struct judged_image {
  std::string name;
  std::span<std::byte const> file;                     ///< PNG or JPEG
  int width = 0;                                       ///< small images are shown with square pixels
  std::vector<std::pair<std::string, float>> classes;  ///< the likeliest first
};

inline std::string base64(std::span<std::byte const> bytes) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = i; k < i + 3; ++k)
      group = group << 8 | (k < bytes.size() ? std::to_integer<unsigned>(bytes[k]) : 0);
    for (int shift = 18; shift >= 0; shift -= 6) text += digits[group >> shift & 63];
  }
  std::size_t const missing = (3 - bytes.size() % 3) % 3;
  return text.replace(text.size() - missing, missing, std::string(missing, '='));
}

/// At most `most` characters of UTF-8, the last of them an ellipsis where some are left out; no control characters.
inline std::string shortened(std::string const& text, std::size_t most) {
  std::vector<std::string> characters;
  for (char const c : text) {
    bool const continues = (c & 0xc0) == 0x80 && !characters.empty();
    if (continues)
      characters.back() += c;
    else
      characters.emplace_back(1, static_cast<unsigned char>(c) < ' ' ? ' ' : c);
  }
  std::string shown;
  for (std::size_t i = 0; i < std::min(characters.size(), most); ++i) shown += characters[i];
  if (characters.size() > most) shown.erase(shown.size() - characters[most - 1].size()) += "…";
  return shown;
}

/// The part of an image that the network saw, its name, and a bar for each class given.
inline std::string card(judged_image const& image, int x, int y) {
  using laminate::looking::escape;
  bool const png = !image.file.empty() && image.file[0] == std::byte{0x89};
  auto const number = [](double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return std::string(text);
  };
  std::string text = "<g transform=\"translate(" + std::to_string(x) + " " + std::to_string(y) + ")\">\n" +
                     "<rect width=\"200\" height=\"296\" rx=\"6\" fill=\"#fff\" stroke=\"#dedfe2\"/>\n" +
                     "<image x=\"20\" y=\"16\" width=\"160\" height=\"160\" preserveAspectRatio=\"xMidYMid slice\"" +
                     (image.width < 80 ? " style=\"image-rendering:pixelated\"" : "") + " href=\"data:image/" +
                     (png ? "png" : "jpeg") + ";base64," + base64(image.file) + "\"/>\n" +
                     "<text x=\"100\" y=\"196\" text-anchor=\"middle\" fill=\"#62666f\" font-size=\"11\">" +
                     escape(shortened(image.name, 28)) + "</text>\n";
  int line = 206;
  for (auto const& [name, probability] : image.classes) {
    std::string const weight = line == 206 ? " font-weight=\"600\"" : "";
    text += "<rect x=\"20\" y=\"" + std::to_string(line) + "\" width=\"" + number(160.0 * probability) +
            "\" height=\"24\" rx=\"3\" fill=\"" + (line == 206 ? "#bcd2f5" : "#e4e7ec") + "\"/>\n<text x=\"26\" y=\"" +
            std::to_string(line + 16) + "\"" + weight + ">" + escape(shortened(name, 15)) +
            "</text><text x=\"174\" y=\"" + std::to_string(line + 16) + "\" text-anchor=\"end\"" + weight + ">" +
            number(100.0 * probability) + " %</text>\n";
    line += 28;
  }
  return text + "</g>\n";
}

inline std::string contact_sheet(std::span<judged_image const> images) {
  int const count = static_cast<int>(images.size()), columns = std::clamp(count, 1, 5),
            rows = (count + columns - 1) / columns;
  std::string const width = std::to_string(216 * columns + 16), height = std::to_string(312 * rows + 16);
  std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
                     "\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\" font-size=\"13\" fill=\"#1d1f24\">\n" +
                     "<rect width=\"" + width + "\" height=\"" + height + "\" fill=\"#f6f6f4\"/>\n";
  for (int i = 0; i < count; ++i)
    text += card(images[static_cast<std::size_t>(i)], 16 + 216 * (i % columns), 16 + 312 * (i / columns));
  return text + "</svg>\n";
}
