// What the benchmark calls of ONNX Runtime's C interface. Its npm package has the library without a header; functions
// keep their places in the table that the library hands out, so that a program of an older version runs with a newer
// one (https://onnxruntime.ai/docs/api/c/struct_ort_api.html). Objects are void pointers here, enumerations ints.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

extern "C" {
struct OrtApiBase {
  void* const* (*table)(std::uint32_t version);
  char const* (*version)();
};
OrtApiBase const* OrtGetApiBase() noexcept;
}

namespace bench::ort {

/// A function's place in the table, and what it is.
template<class Function> struct function { int place; };

using failure = void*;  ///< null where all went well
using release = function<void(void*)>;

inline constexpr function<char const*(void const* status)> get_error_message{2};
inline constexpr function<failure(int log_level, char const* name, void** env)> create_env{3};
inline constexpr function<failure(void const* env, void const* model, std::size_t bytes, void const* options, void**)>
    create_session{8};
inline constexpr function<failure(void* session, void const* options, char const* const* inputs, void const* const* x,
                                  std::size_t input_count, char const* const* outputs, std::size_t output_count,
                                  void** y)>
    run{9};
inline constexpr function<failure(void** options)> create_session_options{10};
inline constexpr function<failure(void*options, int threads)> set_intra_op_threads{24}, set_inter_op_threads{25};
inline constexpr function<failure(void const* memory, void* data, std::size_t bytes, std::int64_t const* shape,
                                  std::size_t dimensions, int element, void** tensor)>
    create_tensor{49};
inline constexpr function<failure(void* tensor, void** data)> get_tensor_data{51};
inline constexpr function<failure(void const* shape, std::size_t* count)> get_element_count{64};
inline constexpr function<failure(void const* tensor, void** shape)> get_tensor_shape{65};
inline constexpr function<failure(int allocator, int memory, void** info)> create_cpu_memory_info{69};
inline constexpr release release_env{92}, release_status{93}, release_memory_info{94}, release_session{95},
    release_value{96}, release_tensor_shape{99}, release_session_options{100};

inline constexpr int log_warnings = 2, arena_allocator = 1, default_memory = 0, tensor_of_floats = 1;

/// The first version with all of these; the library has it as long as it keeps to its word.
inline constexpr std::uint32_t interface_version = 8;

inline char const* version() { return OrtGetApiBase()->version(); }

template<class Result, class... Parameters>
Result call_at(function<Result(Parameters...)> f, std::type_identity_t<Parameters>... arguments) {
  static void* const* const table = OrtGetApiBase()->table(interface_version);
  return reinterpret_cast<Result (*)(Parameters...)>(table[f.place])(arguments...);
}

template<auto function, class... Arguments> auto call(Arguments... arguments) {
  return call_at(function, arguments...);
}

}  // namespace bench::ort
