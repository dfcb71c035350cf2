// Memory of models: aligned, zeros whatever lay there before, in large pages where the system has some.
#include <laminate/support/aligned_buffer.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>

using namespace laminate;

TEST_CASE("a buffer is aligned, and holds zeros where another one lay", "[buffers]") {
  for (std::size_t const size :
       {std::size_t{1}, std::size_t{1000}, std::size_t{524'287}, std::size_t{524'288}, std::size_t{5'000'000}})
    for (int again = 0; again < 3; ++again) {
      aligned_buffer<float> buffer(size);
      CHECK(reinterpret_cast<std::uintptr_t>(buffer.data()) % (size * sizeof(float) < large_page ? 64 : large_page) ==
            0);
      CHECK(std::ranges::all_of(buffer.all(), [](float v) { return v == 0; }));
      std::ranges::fill(buffer.all(), 1.f);
    }
}

#ifdef __linux__
namespace {

/// The flags of the mapping that an address is in, as the system tells them; "" where it does not.
std::string flags_of(void const* memory) {
  auto const address = reinterpret_cast<std::uintptr_t>(memory);
  std::ifstream maps("/proc/self/smaps");
  bool is_in = false;
  for (std::string line; std::getline(maps, line);) {
    std::size_t dash = 0;
    if (line.find_first_not_of("0123456789abcdef") == (dash = line.find('-')) && dash != line.npos)
      is_in = std::stoull(line.substr(0, dash), nullptr, 16) <= address &&
              address < std::stoull(line.substr(dash + 1), nullptr, 16);
    else if (is_in && line.starts_with("VmFlags:"))
      return line + " ";
  }
  return "";
}

}  // namespace

TEST_CASE("large buffers ask for large pages", "[buffers]") {
  aligned_buffer<float>(1'000'000);  // malloc would give its place to the next, touched
  aligned_buffer<float> const large(1'000'000);
  std::string const flags = flags_of(large.data());
  if (flags.empty() || !std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled")) return;  // it has none
  CHECK(flags.find(" hg ") != flags.npos);
}
#endif
