// NPZ, NumPy's zip of arrays: models to and from numpy.savez and numpy.load. The one header that needs
// libzip: link laminate::npz.
#pragma once

#include <laminate/io/atomic_file.hpp>
#include <laminate/io/checkpoint/tensors.hpp>
#include <laminate/io/npy.hpp>
#include <laminate/io/safetensors.hpp>
#include <laminate/support/error.hpp>
#include <laminate/support/input_file.hpp>

#include <zip.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace laminate {

namespace detail {

/// libzip's errors as ours.
class zip_failure {
 public:
  explicit zip_failure(int code = 0) { ::zip_error_init_with_code(&error_, code); }
  zip_failure(zip_failure const&) = delete;
  ~zip_failure() { ::zip_error_fini(&error_); }
  zip_error_t* get() { return &error_; }
  std::string text() { return ::zip_error_strerror(&error_); }

 private:
  zip_error_t error_;
};

struct zip_discarder {
  void operator()(zip_t* archive) const { ::zip_discard(archive); }
};
struct zip_file_closer {
  void operator()(zip_file_t* entry) const { ::zip_fclose(entry); }
};
struct zip_source_freer {
  void operator()(zip_source_t* source) const { ::zip_source_free(source); }
};
using zip_archive = std::unique_ptr<zip_t, zip_discarder>;
using zip_source = std::unique_ptr<zip_source_t, zip_source_freer>;

inline zip_archive open_npz(std::filesystem::path const& path) {
  std::error_code ignored;  // a zip file is read from its end, which a pipe has not
  if (std::filesystem::is_fifo(path, ignored)) throw error(path.string(), "is not a regular file");
  input_file const checked(path);  // for its errors
  int code = 0;
  zip_archive archive(::zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!archive) throw error(path.string(), "is no sound NPZ file: " + zip_failure(code).text());
  return archive;
}

/// An entry's unpacked bytes, whose number is checked against `room` before any memory is taken; and memory is taken
/// for what is really there. libzip compares their CRC-32.
inline std::vector<std::byte> read_entry(std::string const& file, zip_t* archive, zip_uint64_t index, std::string& name,
                                         std::uint64_t& room) {
  zip_stat_t about;
  if (::zip_stat_index(archive, index, 0, &about) != 0 || !(about.valid & ZIP_STAT_SIZE) ||
      !(about.valid & ZIP_STAT_NAME))
    throw error(file, "entry " + std::to_string(index) + " cannot be read: " + ::zip_strerror(archive));
  name = about.name;
  if (about.size > room)
    throw error(file, "entry \"" + name + "\" unpacks to " + std::to_string(about.size) + " bytes, and " +
                          std::to_string(room) + " are left of what is expected in all");
  room -= about.size;
  std::unique_ptr<zip_file_t, zip_file_closer> const entry(::zip_fopen_index(archive, index, 0));
  if (!entry) throw error(file, "entry \"" + name + "\" cannot be read: " + ::zip_strerror(archive));
  constexpr zip_uint64_t chunk = 1 << 20;
  std::vector<std::byte> bytes;
  zip_int64_t got = 1;
  // One more byte than there should be: the checksum is compared where the end is seen.
  while (got > 0 && bytes.size() <= about.size) {
    std::size_t const had = bytes.size();
    bytes.resize(had + static_cast<std::size_t>(std::min(about.size - had + 1, chunk)));
    got = ::zip_fread(entry.get(), bytes.data() + had, bytes.size() - had);
    bytes.resize(had + static_cast<std::size_t>(std::max<zip_int64_t>(got, 0)));
  }
  if (got < 0) throw error(file, "entry \"" + name + "\" is damaged: " + ::zip_file_strerror(entry.get()));
  if (bytes.size() != about.size) throw error(file, "entry \"" + name + "\" is damaged: it is not as long as it says");
  return bytes;
}

/// The whole archive in memory: numbers as they are, not packed, like numpy.savez.
inline std::vector<std::byte> pack_npz(std::string const& file, std::vector<stored_tensor> const& tensors) {
  // libzip makes no archive of nothing; this is one, the end of a directory without entries.
  if (tensors.empty()) {
    std::vector<std::byte> nothing(22);
    for (std::size_t i = 0; i < 4; ++i) nothing[i] = static_cast<std::byte>("PK\5\6"[i]);
    return nothing;
  }
  std::vector<std::vector<std::byte>> arrays;
  for (auto const& tensor : tensors) {
    std::string const header = npy_header_of(tensor);
    auto const start = std::as_bytes(std::span(header));
    arrays.emplace_back(start.begin(), start.end())
        .insert(arrays.back().end(), tensor.bytes.begin(), tensor.bytes.end());
  }
  zip_failure failure;
  auto const check = [&](bool done) {
    if (!done) throw error(file, "cannot be packed: " + failure.text());
  };
  zip_source const whole(::zip_source_buffer_create(nullptr, 0, 0, failure.get()));
  check(whole != nullptr);
  ::zip_source_keep(whole.get());  // the archive owns one reference, and gives it up when it is closed
  zip_archive archive(::zip_open_from_source(whole.get(), ZIP_TRUNCATE, failure.get()));
  if (!archive) ::zip_source_free(whole.get());
  check(archive != nullptr);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    zip_source_t* const array = ::zip_source_buffer(archive.get(), arrays[i].data(), arrays[i].size(), 0);
    std::string const name = tensors[i].name + ".npy";
    zip_int64_t const index = ::zip_file_add(archive.get(), name.c_str(), array, ZIP_FL_ENC_UTF_8);
    if (index < 0) ::zip_source_free(array);
    auto const at = static_cast<zip_uint64_t>(index);
    // Always the same time, the first that zip knows: equal models are equal files.
    if (index < 0 || ::zip_set_file_compression(archive.get(), at, ZIP_CM_STORE, 0) != 0 ||
        ::zip_file_set_dostime(archive.get(), at, 0, 1 << 5 | 1, 0) != 0)
      throw error(file, "cannot hold a tensor \"" + tensors[i].name + "\": " + ::zip_strerror(archive.get()));
  }
  if (::zip_close(archive.get()) != 0)
    throw error(file, std::string("cannot be packed: ") + ::zip_strerror(archive.get()));
  archive.release();
  std::vector<std::byte> content;
  zip_stat_t about;
  if (::zip_source_stat(whole.get(), &about) != 0 || ::zip_source_open(whole.get()) != 0)
    throw error(file, "cannot be packed");
  content.resize(static_cast<std::size_t>(about.size));
  zip_int64_t const got = ::zip_source_read(whole.get(), content.data(), content.size());
  ::zip_source_close(whole.get());
  if (got != static_cast<zip_int64_t>(content.size())) throw error(file, "cannot be packed");
  return content;
}

}  // namespace detail

/// The arrays of an NPZ file, packed or not, by their names without ".npy", in the order of the file. Throws
/// `error`, which names the file, the entry and what is wrong with it, also where all of them unpack to more
/// than `most_bytes`.
inline std::vector<stored_tensor> read_npz(std::filesystem::path const& path,
                                           std::uint64_t most_bytes = std::uint64_t{1} << 36) {
  std::string const file = path.string();
  detail::zip_archive const archive = detail::open_npz(path);
  std::vector<stored_tensor> tensors;
  std::set<std::string> names;
  zip_int64_t const count = ::zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    std::string entry;
    auto bytes = detail::read_entry(file, archive.get(), static_cast<zip_uint64_t>(i), entry, most_bytes);
    if (!entry.ends_with(".npy") || !names.insert(entry).second)
      throw error(file, "expected arrays of different names that end in .npy, found \"" + entry + "\"");
    tensors.push_back(tensor_from_npy(file + ": " + entry, entry.substr(0, entry.size() - 4), std::move(bytes)));
  }
  return tensors;
}

/// Replaces `path` once everything is on disk; numpy.load reads it. Throws `error` and leaves `path` as it
/// was where two tensors have one name or a size is not that of its shape, and where the disk fails.
inline void write_npz(std::filesystem::path const& path, std::vector<stored_tensor> const& tensors) {
  detail::check_tensors(path.string(), tensors);
  write_atomically(path, detail::pack_npz(path.string(), tensors));
}

/// `save` as NPZ: parameters and running statistics by the names of state_dict, extras as "extra.<name>".
template<class Model>
void save_npz(Model const& model, std::filesystem::path const& path, extras const& extra = {},
              key_map const& names = {}) {
  write_npz(path, to_tensors(state_dict(model), extra, names).tensors);
}

/// `load` from NPZ: what `save_npz` or numpy.savez has written, numbers of another precision converted.
/// Throws `error` and changes nothing unless all of the file is sound and fits the model.
template<class Model> extras load_npz(Model& model, std::filesystem::path const& path, key_map const& names = {}) {
  // Headers, extras and double instead of float are allowed for; what unpacks to more than that is no file of
  // this model.
  std::uint64_t room = std::uint64_t{1} << 24;
  for (auto const& tensor : state_dict(model)) room += 8 * tensor.values.size() + 2 * npy_most_header_bytes;
  safetensors const content{read_npz(path, room), {}};
  extras extra = extras_of(path.string(), content);
  load_tensors(model, path.string(), content, names);
  return extra;
}

}  // namespace laminate
