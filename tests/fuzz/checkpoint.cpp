// Checkpoints: a model and the state of its training change as a whole, or not at all.
#include "checkpoint_network.hpp"
#include "fuzz.hpp"

#include <laminate/io/checkpoint.hpp>
#include <laminate/train/training_state.hpp>

#include <algorithm>
#include <cstring>

namespace {

bool equal(fuzz::model const& a, fuzz::model const& b) {
  auto const x = laminate::state_dict(a), y = laminate::state_dict(b);
  return a.random_state() == b.random_state() && std::ranges::equal(x, y, [](auto const& one, auto const& other) {
           return std::memcmp(one.values.data(), other.values.data(), one.values.size() * sizeof(float)) == 0;
         });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace laminate;
  fuzz::memory_file const file(data, size);
  static fuzz::model const kept(3, 1);
  fuzz::model net(3, 1);
  training_state<float> state;
  if (!fuzz::attempt(file.path, [&] { load_checkpoint(net, state, file.path); }))
    fuzz::require(equal(net, kept) && state == training_state<float>{}, "what is refused changes nothing");
  fuzz::model other(3, 1);
  if (!fuzz::attempt(file.path, [&] { load(other, file.path); }))
    fuzz::require(equal(other, kept), "what is refused changes nothing");
  fuzz::attempt(file.path, [&] { read_notes(file.path); });
  return 0;
}
