# laminate_add_model(NAME TYPE "Net" HEADER net.hpp ARCH x86-64-v2 x86-64-v3 … [POLICY Fused] [SCALAR float]): a library
# NAME, and NAME.hpp with make_NAME(), which returns the model for the best of these architectures that the processor
# has. Each is an object file that shows others one function only: docs/decisions/020-one-object-file-per-architecture.md.
function(laminate_add_model name)
  set(isolate ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/laminateIsolate.cmake)
  if(NOT name MATCHES "^[A-Za-z_][A-Za-z_0-9]*$")
    message(FATAL_ERROR "laminate_add_model(${name}): expected a name of letters, digits and _, as make_${name} is a function")
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TYPE;HEADER;POLICY;SCALAR" "ARCH")
  if(NOT arg_TYPE OR NOT arg_HEADER OR NOT arg_ARCH OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "laminate_add_model(${name}): expected TYPE \"Net\" HEADER file.hpp ARCH architecture…")
  endif()
  if(NOT arg_POLICY)
    set(arg_POLICY laminate::Fused)
  endif()
  if(NOT arg_SCALAR)
    set(arg_SCALAR float)
  endif()
  cmake_path(ABSOLUTE_PATH arg_HEADER)
  list(LENGTH arg_ARCH count)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    set(order x86-64-v4 x86-64-v3 x86-64-v2 x86-64)  # the best first, whatever the order given
    if(count EQUAL 1)
      list(APPEND order native)
    endif()
  elseif(count EQUAL 1)
    set(order ${arg_ARCH})
  else()
    message(FATAL_ERROR "laminate_add_model(${name}): expected one ARCH for ${CMAKE_SYSTEM_PROCESSOR}, found ${arg_ARCH}")
  endif()
  foreach(arch IN LISTS arg_ARCH)
    if(NOT arch IN_LIST order)
      list(JOIN order ", " known)
      message(FATAL_ERROR "laminate_add_model(${name}): expected an ARCH of ${known}, found ${arch}")
    endif()
  endforeach()
  # LLVM's linker, which CMake prefers for clang, dissolves no groups.
  set(linker ${CMAKE_LINKER})
  if(linker MATCHES "lld")
    find_program(LAMINATE_GNU_LINKER NAMES ld.bfd ld REQUIRED)
    mark_as_advanced(LAMINATE_GNU_LINKER)
    set(linker ${LAMINATE_GNU_LINKER})
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name}_model)
  set(model "laminate::CompiledModel<${arg_TYPE}, ${arg_SCALAR}>")
  set(common "// Made by laminate_add_model.\n#include <laminate/layers.hpp>\n#include \"${arg_HEADER}\"\n")
  set(declarations "")
  set(choices "")
  set(names "")
  set(objects "")
  foreach(arch IN LISTS order)
    if(NOT arch IN_LIST arg_ARCH)
      continue()
    endif()
    string(MAKE_C_IDENTIFIER "make_${name}_${arch}" make)
    string(APPEND declarations "extern \"C\" ${model}* ${make}(laminate::compiled_options const&);\n")
    string(APPEND choices "    {\"${arch}\", &${make}},\n")
    list(APPEND names "\"${arch}\"")
    file(CONFIGURE OUTPUT ${folder}/${arch}.cpp @ONLY CONTENT "${common}\
#include <laminate/model/compiled_here.hpp>

extern \"C\" ${model}* ${make}(laminate::compiled_options const& options) {
  return new laminate::compiled_here<${arg_TYPE}, ${arg_POLICY}, ${arg_SCALAR}>(\"${arch}\", options);
}
")
    add_library(${name}_${arch} OBJECT ${folder}/${arch}.cpp)
    target_link_libraries(${name}_${arch} PRIVATE laminate::laminate)
    set_target_properties(${name}_${arch} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
    set(march -march=${arch})
    if(arch STREQUAL "native" AND CMAKE_CROSSCOMPILING)
      set(march "")  # a compiler for another processor knows no native one: its baseline
    endif()
    target_compile_options(${name}_${arch} PRIVATE ${march} -fno-lto
      $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique> $<$<CXX_COMPILER_ID:Clang>:-fno-addrsig>)
    add_custom_command(OUTPUT ${folder}/${arch}.o
      COMMAND ${CMAKE_COMMAND} -DFROM=$<TARGET_OBJECTS:${name}_${arch}> -DTO=${folder}/${arch}.o -DSHOWN=${make}
        -DLINKER=${linker} -DOBJCOPY=${CMAKE_OBJCOPY} -DOBJDUMP=${CMAKE_OBJDUMP} -P ${isolate}
      DEPENDS $<TARGET_OBJECTS:${name}_${arch}> ${isolate} VERBATIM)
    list(APPEND objects ${folder}/${arch}.o)
  endforeach()
  set_source_files_properties(${objects} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  list(LENGTH names count)
  list(JOIN names ", " names)
  file(CONFIGURE OUTPUT ${folder}/${name}.hpp @ONLY CONTENT "#pragma once
${common}\
#include <array>
#include <laminate/model/compiled_model.hpp>
#include <memory>
#include <string_view>

/// What it is compiled for; the best comes first.
inline constexpr std::array<std::string_view, ${count}> ${name}_architectures{${names}};

/// ${arg_TYPE} with the kernels of the best of these that the processor has, or of options.architecture. Throws
/// laminate::error where the processor has none, or not that one.
std::unique_ptr<${model}> make_${name}(laminate::compiled_options const& options = {});
")
  file(CONFIGURE OUTPUT ${folder}/${name}.cpp @ONLY CONTENT "\
#include \"${name}.hpp\"

${declarations}
std::unique_ptr<${model}> make_${name}(laminate::compiled_options const& options) {
  static constexpr laminate::compiled_choice<${arg_TYPE}, ${arg_SCALAR}> choices[] = {
${choices}  };
  return laminate::make_compiled<${arg_TYPE}, ${arg_SCALAR}>(\"${name}\", choices, options);
}
")
  add_library(${name} STATIC ${folder}/${name}.cpp ${folder}/${name}.hpp ${objects})
  target_include_directories(${name} PUBLIC ${folder})
  target_link_libraries(${name} PUBLIC laminate::laminate)
endfunction()
