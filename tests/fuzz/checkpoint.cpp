// Checkpoints: a model and the state of its training change as a whole, or not at all.
#include "fuzz.hpp"
#include "model.hpp"

#include <laminate/io/checkpoint.hpp>
#include <laminate/train/training_state.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace laminate;
  fuzz::memory_file const file(data, size);
  static fuzz::model const kept(3, 1);
  fuzz::model net(3, 1);
  training_state<float> state;
  if (!fuzz::attempt(file.path, [&] { load_checkpoint(net, state, file.path); }))
    fuzz::require(fuzz::equal(net, kept) && state == training_state<float>{}, "what is refused changes nothing");
  fuzz::model other(3, 1);
  if (!fuzz::attempt(file.path, [&] { load(other, file.path); }))
    fuzz::require(fuzz::equal(other, kept), "what is refused changes nothing");
  fuzz::attempt(file.path, [&] { read_notes(file.path); });
  return 0;
}
