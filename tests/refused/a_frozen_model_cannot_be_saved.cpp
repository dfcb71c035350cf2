// Its parameters are no longer those of state_dict: normalisations are folded into them.
// expect: a frozen model only infers: save, load and state_dict take the Model that it was made of
#include <laminate/laminate.hpp>

using namespace laminate;

using Net = Network<Image<1, 28, 28>, Conv<3, 8>, BN, ReLU, Flatten, Dense<10>>;

int main() {
  Model<Net> model{1, 10};
  auto frozen = freeze(model);
#ifdef REFUSED
  auto& kept = frozen;
#else
  auto& kept = model;
#endif
  save(kept, "net.safetensors");
  load(kept, "net.safetensors");
  return state_dict(kept).empty();
}
