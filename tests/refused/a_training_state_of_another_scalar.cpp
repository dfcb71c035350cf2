// A model of double continues with buffers of double.
// expect: a training_state has the scalar of its model: training_state<double> for a Model<Net, Fused, double>
#include <laminate/laminate.hpp>

using namespace laminate;

using Net = Network<Image<1, 28, 28>, Conv<3, 8>, BN, ReLU, Flatten, Dense<10>>;

int main() {
  Model<Net, Fused, double> model{1, 10};
#ifdef REFUSED
  training_state<float> state;
#else
  training_state<double> state;
#endif
  load_checkpoint(model, state, "run.safetensors");
}
