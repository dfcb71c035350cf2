// laminate_import net.onnx FOLDER NAME: for laminate_import_onnx.
#include <iostream>
#include <laminate/io/onnx/import.hpp>

int main(int, char** a) try {
  for (auto const& remark : laminate::import_onnx(a[1], a[2], a[3]).remarks)
    std::cout << a[1] << ": " << remark << '\n';
} catch (laminate::error const& failure) {
  std::cerr << failure.what() << '\n';
  return 1;
}
