// Weights that go to Python and come from it: `write` makes what examples/python/forward.py reads, `read`
// checks what examples/python/write.py made.
#include <laminate/laminate.hpp>
#if __has_include(<zip.h>)
#include <laminate/io/npz.hpp>
#endif

#include <cstdio>
#include <string>

using namespace laminate;

using Net = Network<Image<2, 8, 8>, Conv<3, 6, Stride<2>>, BN, ReLU, Residual<Conv<3, 6>, BN>, ReLU, MaxPool<2>,
                    Flatten, Dense<3>>;
using model = Model<Net, Reference>;

constexpr int samples = 4;

void write(std::filesystem::path const& folder) {
  model made{1, samples};
  generator random{2};
  std::vector<float> x(samples * model::in.size()), y(samples * model::out.size());
  for (int i = 0; i < 3; ++i) {  // running statistics that are not the first ones
    for (float& v : x) v = static_cast<float>(random.normal());
    made.forward(x, y);
  }
  made.infer(x, y);
  save(made, folder / "laminate.safetensors", {{"x", x}, {"y", y}});
#if __has_include(<zip.h>)
  save_npz(made, folder / "laminate.npz", {{"x", x}, {"y", y}});
#endif
}

bool outputs_are_those(model& read, extras const& kept) {
  std::vector<float> y(samples * model::out.size());
  read.infer(kept.at("x"), y);
  float apart = 0, most = 0;
  for (std::size_t i = 0; i < y.size(); ++i)
    apart = std::max(apart, std::abs(y[i] - kept.at("y")[i])), most = std::max(most, std::abs(y[i]));
  std::printf("outputs apart by at most %.1e of %.1e\n", apart, most);
  return apart <= 1e-5f * most;
}

bool read(std::filesystem::path const& folder) {
  model from_safetensors{3, samples};
  bool right = outputs_are_those(from_safetensors, load(from_safetensors, folder / "python.safetensors"));
#if __has_include(<zip.h>)
  model from_npz{4, samples};
  right = outputs_are_those(from_npz, load_npz(from_npz, folder / "python.npz")) && right;
#endif
  return right;
}

int main(int, char** arguments) {
  if (arguments[1] == std::string("write")) return write(arguments[2]), 0;
  return read(arguments[2]) ? 0 : 1;
}
