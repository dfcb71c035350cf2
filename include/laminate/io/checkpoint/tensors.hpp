// A model's state dict, and numbers kept with it, as tensors of a file and back.
#pragma once

#include <laminate/io/key_map.hpp>
#include <laminate/io/safetensors.hpp>
#include <laminate/model/state_dict.hpp>
#include <laminate/support/error.hpp>
#include <laminate/support/type_name.hpp>
#include <laminate/support/version.hpp>

#include <charconv>
#include <cstdint>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace laminate {

/// Numbers to keep with a model that are not its own, by name: `{{"scaling.mean", scaling.mean}, …}`.
using extras = std::map<std::string, std::vector<float>>;

/// Texts to keep with a model, by name: `{{"classes", "shirt\ntrouser"}}`.
using notes = std::map<std::string, std::string>;

inline constexpr std::string_view extra_prefix = "extra.", optimizer_prefix = "optimizer.", note_prefix = "note.";

/// A template of U: it is compiled where it is called, and not wherever this is included.
template<class U, class T>
stored_tensor store_as(std::string const& name, std::vector<int> const& shape, std::vector<T> const& values) {
  std::vector<U> const converted(values.begin(), values.end());
  return store_tensor<U>(name, shape, converted);
}

/// PyTorch counts batches in 64-bit integers.
template<class T>
stored_tensor to_stored(std::string const& name, std::vector<int> const& shape, std::vector<T> const& values) {
  if (!name.ends_with("num_batches_tracked")) return store_tensor<T>(name, shape, values);
  return store_as<std::int64_t>(name, shape, values);
}

template<class T>
safetensors to_tensors(std::vector<named_tensor<T>> const& dictionary, extras const& extra, key_map const& names = {}) {
  safetensors content;
  for (auto const& tensor : dictionary)
    content.tensors.push_back(to_stored(names.theirs(tensor.name), tensor.shape, tensor.values));
  for (auto const& [name, values] : extra)
    content.tensors.push_back(store_tensor<float>(std::string(extra_prefix) + name, {static_cast<int>(values.size())},
                                                  {values.data(), values.size()}));
  return content;
}

/// `numbers_of` a tensor of `file`, whose errors name the file as well.
template<class T> std::vector<T> numbers_of(std::string const& file, stored_tensor const& tensor) try {
  return numbers_of<T>(tensor);
} catch (error const& failure) {
  throw error(file, failure.what());
}

inline extras extras_of(std::string const& file, safetensors const& content) {
  extras found;
  for (auto const& tensor : content.tensors)
    if (tensor.name.starts_with(extra_prefix))
      found[tensor.name.substr(extra_prefix.size())] = numbers_of<float>(file, tensor);
  return found;
}

/// Numbers as text that reads back as the same numbers: "0.28604063,0.5".
inline std::string text_of(std::vector<float> const& values) {
  std::string text;
  for (float const value : values) {
    char digits[32];
    text.append(text.empty() ? "" : ",").append(digits, std::to_chars(digits, std::end(digits), value).ptr);
  }
  return text;
}

/// The network's type as its compiler spells it; empty for a model that chooses its network at run time.
template<class Model> std::string name_of_network() {
  if constexpr (requires { typename Model::network; })
    return full_type_name<typename Model::network>();
  else
    return {};
}

/// What a file says about itself: the version that wrote it and its network; the extras that are short, such as an
/// input's scaling, for those who read nothing else. None of it is asked for when the file is read. And the user's
/// notes.
inline void describe(notes& metadata, std::string const& network, extras const& extra, notes const& note) {
  metadata["laminate.version"] = version;
  if (!network.empty()) metadata["laminate.network"] = network;
  for (auto const& [name, values] : extra)
    if (values.size() <= 16) metadata[std::string(extra_prefix) + name] = text_of(values);
  for (auto const& [name, text] : note) metadata[std::string(note_prefix) + name] = text;
}

/// A file's tensors as load_state_dict takes them. Everything that is neither an extra nor an optimiser's is the
/// model's.
template<class T> class stored_dictionary {
 public:
  stored_dictionary(safetensors const& content, key_map const& names) {
    for (auto const& tensor : content.tensors) {
      if (tensor.name.starts_with(extra_prefix) || tensor.name.starts_with(optimizer_prefix)) continue;
      auto values = numbers_in_place<T>(tensor);
      if (!values) values = converted_.emplace_back(numbers_of<T>(tensor));
      tensors_.push_back({names.ours(tensor.name), tensor.shape, *values});
    }
  }
  std::vector<tensor_view<T>> const& tensors() const { return tensors_; }

 private:
  std::vector<tensor_view<T>> tensors_;
  std::vector<std::vector<T>> converted_;  // what cannot be copied from where it lies
};

/// `load_state_dict` is called as `load(model, tensors)`. Changes the model as a whole, or not at all.
template<class T>
void load_tensors(void* model, void (*load)(void* model, std::vector<tensor_view<T>> const&), std::string const& file,
                  safetensors const& content, key_map const& names = {}) try {
  load(model, stored_dictionary<T>(content, names).tensors());
} catch (error const& failure) {
  throw error(file, failure.what());
}
template<class Model, class T = typename Model::scalar>
void load_tensors(Model& model, std::string const& file, safetensors const& content, key_map const& names = {}) {
  auto const load = [](void* into, std::vector<tensor_view<T>> const& tensors) {
    load_state_dict(*static_cast<Model*>(into), tensors);
  };
  load_tensors<T>(&model, load, file, content, names);
}

}  // namespace laminate
