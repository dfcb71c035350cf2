// Keeps a model in a file, alone or with everything that continues its training exactly.
#pragma once

#include <laminate/io/checkpoint/buffers.hpp>
#include <laminate/io/checkpoint/checksum.hpp>
#include <laminate/io/checkpoint/tensors.hpp>
#include <laminate/io/safetensors.hpp>
#include <laminate/model/access.hpp>
#include <laminate/support/error.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace laminate {

namespace detail {

/// Completes what a file says of itself, and writes it.
inline void finish_file(std::filesystem::path const& path, safetensors& content, std::string const& network,
                        extras const& extra, notes const& note) {
  describe(content.metadata, network, extra, note);
  seal(content);
  write_safetensors(path, content);
}

}  // namespace detail

/// Writes parameters and running statistics as a safetensors file with PyTorch's names and layouts, whole or
/// not at all: `safetensors.torch.load_file` reads it. The extras go in as tensors "extra.<name>" and, up to 16
/// numbers of each, as metadata of that name; notes, which are texts for people and programs, as metadata
/// "note.<name>". `names`: those of others to be written instead.
template<class Model>
void save(Model const& model, std::filesystem::path const& path, extras const& extra = {}, notes const& note = {},
          key_map const& names = {}) {
  safetensors content = to_tensors(state_dict(model), extra, names);
  content.metadata = {{"format", "pt"}, {"laminate.kind", "model"}};
  detail::finish_file(path, content, name_of_network<Model>(), extra, note);
}

/// Reads what `save`, `save_checkpoint` or PyTorch has written, and answers with the extras. Numbers of
/// another precision are converted. Throws `error`, which names the file and the byte or tensor, and changes
/// nothing unless all of the file is sound and fits the model. `names`: those of others, such as
/// `torchvision_resnet<Net>()`.
template<class Model> extras load(Model& model, std::filesystem::path const& path, key_map const& names = {}) {
  safetensors const content = read_safetensors(path);
  check_seal(path.string(), content);
  extras extra = extras_of(path.string(), content);
  load_tensors(model, path.string(), content, names);
  return extra;
}

/// The notes of a file: {"classes", "shirt\ntrouser"} of `save(model, path, {}, {{"classes", "shirt\ntrouser"}})`.
inline notes read_notes(std::filesystem::path const& path) {
  notes found;
  for (auto const& [key, text] : read_safetensors(path).metadata)
    if (key.starts_with(note_prefix)) found[key.substr(note_prefix.size())] = text;
  return found;
}

namespace detail {

template<class T, class State>
safetensors to_tensors(stored_access<T> const& model, State const& state, extras const& extra) {
  safetensors content = laminate::to_tensors(model.state_dict(model.model), extra);
  // No `fit` has begun with a state that knows no rule, nor taken over the model's random numbers.
  std::uint64_t const random = state.optimizer.empty() ? model.random_state(model.model) : state.random;
  // Text, because JSON's numbers are doubles to many readers.
  content.metadata = {{"format", "pt"},
                      {"laminate.kind", "checkpoint"},
                      {"laminate.epoch", std::to_string(state.epoch)},
                      {"laminate.step", std::to_string(state.step)},
                      {"laminate.seed", std::to_string(state.seed)},
                      {"laminate.random", std::to_string(random)},
                      {"laminate.optimizer", state.optimizer}};
  std::string names;
  for (auto const& buffer : state.buffers) {
    add_buffer(content, model, buffer.name, buffer.values);
    names += (names.empty() ? "" : ",") + buffer.name;
  }
  content.metadata["laminate.buffers"] = names;
  return content;
}

template<class Model, class State> consteval bool ask_for_state() {
  static_assert(std::is_same_v<typename State::scalar, typename Model::scalar>,
                "a training_state has the scalar of its model: training_state<double> for a Model<Net, Fused, double>");
  return std::is_same_v<typename State::scalar, typename Model::scalar>;
}

/// True, or one compiler error.
template<class Model, class State> inline constexpr bool is_state_of = ask_for_state<Model, State>();

}  // namespace detail

/// `save`, and in the same file where the run stands. `State` is the training_state of train/, which is above
/// this folder: epoch, step, seed, random, optimizer, and buffers of name and values.
template<class Model, class State>
void save_checkpoint(Model& model, State const& state, std::filesystem::path const& path, extras const& extra = {}) {
  if constexpr (detail::is_state_of<Model, State>) {
    safetensors content = detail::to_tensors(access_stored(model), state, extra);
    detail::finish_file(path, content, name_of_network<Model>(), extra, {});
  }
}

namespace detail {

/// Number or text of a checkpoint's metadata.
template<class Value>
void read_metadata(std::string const& file, safetensors const& content, std::string const& key, Value& value) {
  auto const found = content.metadata.find("laminate." + key);
  if (found == content.metadata.end())
    throw error(file, 8, "the " + key + " of a training run in the metadata", "none: it is not a checkpoint");
  std::string const& text = found->second;
  if constexpr (std::is_same_v<Value, std::string>) {
    value = text;
  } else {
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size() || text.starts_with('-'))
      throw error(file, 8, "a number as " + key + " in the metadata", "\"" + text + "\"");
  }
}

template<class State, class T>
State read_state(std::string const& file, safetensors const& content, loading_access<T> const& model) {
  State state;
  read_metadata(file, content, "epoch", state.epoch);
  read_metadata(file, content, "step", state.step);
  read_metadata(file, content, "seed", state.seed);
  read_metadata(file, content, "random", state.random);
  read_metadata(file, content, "optimizer", state.optimizer);
  std::string names;
  read_metadata(file, content, "buffers", names);
  for (std::size_t begin = 0; begin < names.size();) {
    std::size_t const end = std::min(names.find(',', begin), names.size());
    std::string const name = names.substr(begin, end - begin);
    state.buffers.push_back({name, read_buffer(file, content, model, name)});
    begin = end + 1;
  }
  return state;
}

template<class State, class T>
extras load_checkpoint(loading_access<T> const& model, State& state, std::filesystem::path const& path) {
  std::string const file = path.string();
  safetensors const content = read_safetensors(path);
  check_seal(file, content);
  State next = read_state<State>(file, content, model);
  extras extra = extras_of(file, content);
  load_tensors<T>(model.model, model.load_state_dict, file, content);
  model.set_random_state(model.model, next.random);
  state = std::move(next);
  return extra;
}

}  // namespace detail

/// Reads what `save_checkpoint` has written: `state` continues the run with `fit(model, train, options,
/// state)`; the model's random numbers are restored too. Throws `error` and changes neither model nor state
/// unless everything fits.
template<class Model, class State>
extras load_checkpoint(Model& model, State& state, std::filesystem::path const& path) {
  if constexpr (detail::is_state_of<Model, State>)
    return detail::load_checkpoint(access_loading(model), state, path);
  else
    return {};
}

}  // namespace laminate
