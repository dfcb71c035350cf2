// laminate_freeze net.safetensors FOLDER NAME: for laminate_embed_weights.
#include <iostream>
#include <laminate/io/freeze.hpp>

int main(int, char** a) try { laminate::freeze(a[1], a[2], a[3]); } catch (laminate::error const& failure) {
  std::cerr << failure.what() << '\n';
  return 1;
}
