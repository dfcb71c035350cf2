# What users meet of the library: files, pages, packages, refusals, architectures; and rules about the tree.

find_program(LAMINATE_CLANG clang++-19)

# python/: weights to NumPy and from it, by the examples in examples/python.
# Debian's python3-numpy is for Debian's Python, whichever comes first in PATH.
foreach(candidate IN ITEMS /usr/bin/python3 python3)
  if(NOT LAMINATE_PYTHON)
    execute_process(COMMAND ${candidate} -c "import numpy" RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
    if(failed EQUAL 0)
      set(LAMINATE_PYTHON ${candidate} CACHE FILEPATH "A Python with NumPy")
    endif()
  endif()
endforeach()
if(LAMINATE_PYTHON)
  add_executable(python_exchange python/exchange.cpp)
  target_link_libraries(python_exchange PRIVATE laminate::laminate laminate_strict laminate_processor
    $<TARGET_NAME_IF_EXISTS:laminate::npz>)
  compile_fast(python_exchange)
  set(python_folder ${CMAKE_CURRENT_BINARY_DIR}/python)
  file(MAKE_DIRECTORY ${python_folder})
  set(formats safetensors)
  if(TARGET laminate::npz)
    list(APPEND formats npz)
  endif()
  function(add_python_test name)
    add_test(NAME python.${name} COMMAND ${ARGN})
    set_tests_properties(python.${name} PROPERTIES LABELS python ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
  endfunction()
  add_python_test(write python_exchange write ${python_folder})
  set_tests_properties(python.write PROPERTIES FIXTURES_SETUP files_for_python)
  foreach(format IN LISTS formats)
    add_python_test(${format} ${LAMINATE_PYTHON} ${PROJECT_SOURCE_DIR}/examples/python/forward.py
      ${python_folder}/laminate.${format})
    set_tests_properties(python.${format} PROPERTIES FIXTURES_REQUIRED files_for_python)
  endforeach()
  add_python_test(from_python ${LAMINATE_PYTHON} ${PROJECT_SOURCE_DIR}/examples/python/write.py ${python_folder})
  set_tests_properties(python.from_python PROPERTIES FIXTURES_SETUP files_from_python)
  add_python_test(read python_exchange read ${python_folder})
  set_tests_properties(python.read PROPERTIES FIXTURES_REQUIRED files_from_python)
endif()

# networks/: that the search for networks which compute something wrong can be started; it is made by hand.
if(LAMINATE_PYTHON)
  add_test(NAME networks.drawn COMMAND ${LAMINATE_PYTHON} ${PROJECT_SOURCE_DIR}/tests/networks/run --seed 1 --count 2
    --compiler $<IF:$<BOOL:${LAMINATE_CLANG}>,clang,g++>)
  set_tests_properties(networks.drawn PROPERTIES LABELS networks ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
endif()

# html/: pages of networks, in a browser where there is one.
add_subdirectory(html)

# architectures/: kernels for several processors, and for ARM.
add_subdirectory(architectures)

# conformance/: the same networks in libtorch.
if(LAMINATE_BUILD_CONFORMANCE)
  add_subdirectory(conformance)
endif()

# Rules about the tree, read from its files.
function(add_tree_test name script)
  add_test(NAME tree.${name} COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR}
    -DCLANG_FORMAT=${LAMINATE_CLANG_FORMAT} -P ${script})
  set_tests_properties(tree.${name} PROPERTIES LABELS tree)
endfunction()
add_tree_test(layering ${CMAKE_CURRENT_SOURCE_DIR}/layering/check_layering.cmake)
add_tree_test(problems ${CMAKE_CURRENT_SOURCE_DIR}/cmake/check_problems.cmake)
add_tree_test(lessons ${CMAKE_CURRENT_SOURCE_DIR}/cmake/check_lessons.cmake)
find_program(LAMINATE_CLANG_FORMAT clang-format-14)
if(LAMINATE_CLANG_FORMAT)
  add_tree_test(format ${CMAKE_CURRENT_SOURCE_DIR}/cmake/check_format.cmake)
endif()

# What compiling costs, in numbers that do not depend on the machine.
if(LAMINATE_CLANG)
  add_test(NAME compile_budget COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -DCLANG=${LAMINATE_CLANG}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/check_compile_budget.cmake)
  set_tests_properties(compile_budget PROPERTIES COST 60)  # seconds: the longest begin first
endif()

# The version is written in two places.
file(STRINGS ${PROJECT_SOURCE_DIR}/include/laminate/support/version.hpp version REGEX "\"${laminate_VERSION}\"")
if(NOT version)
  message(SEND_ERROR "include/laminate/support/version.hpp does not say ${laminate_VERSION}")
endif()

# What a compiler for another processor refuses is the same, and projects of consumers are not asked to cross-compile.
if(NOT CMAKE_CROSSCOMPILING)
  include(cmake/refusals.cmake)
  set(ways find_package add_subdirectory FetchContent)
endif()

# package/: a consumer project of its own.
foreach(way IN LISTS ways)
  set(compiler ${CMAKE_CXX_COMPILER})
  if(NOT way STREQUAL "find_package" AND LAMINATE_CLANG)  # which takes half the time
    set(compiler ${LAMINATE_CLANG})
  endif()
  add_test(NAME package.${way} COMMAND ${CMAKE_COMMAND}
    -DWAY=${way} -DLAMINATE_SOURCE=${PROJECT_SOURCE_DIR} -DLAMINATE_BUILD=${PROJECT_BINARY_DIR} -DNETWORKS=${LAMINATE_NETWORKS}
    -DSCRATCH=${CMAKE_CURRENT_BINARY_DIR}/package/${way}
    -DGENERATOR=${CMAKE_GENERATOR} -DCOMPILER=${compiler}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/package/consume.cmake)
  set_tests_properties(package.${way} PROPERTIES LABELS package COST 70)
endforeach()

# Examples on these pages are programs: README's first, and all of one on extending.
file(GLOB readme CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/README.md)
function(add_page_program name page)
  set(extract ${CMAKE_CURRENT_SOURCE_DIR}/cmake/extract_example.cmake)
  set(blocks ${CMAKE_CURRENT_SOURCE_DIR}/cmake/cpp_blocks.cmake)
  add_custom_command(OUTPUT ${name}.cpp
    COMMAND ${CMAKE_COMMAND} -DPAGE=${page} -DPROGRAM=${name}.cpp ${ARGN} -P ${extract}
    DEPENDS ${page} ${extract} ${blocks} VERBATIM)
  add_executable(${name} ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE laminate::laminate laminate_strict laminate_processor)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS docs)
endfunction()
if(readme)
  add_page_program(readme_example ${readme})
  if(TARGET precompiled_laminate)
    reuse_precompiled(readme_example precompiled_laminate)
  endif()
endif()
add_page_program(docs_extend ${PROJECT_SOURCE_DIR}/docs/07_extend.md -DALL=ON)
compile_fast(docs_extend)
