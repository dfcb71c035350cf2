# Builds and runs the consumer project in SCRATCH, through an installed copy, the sources, or an archive of them.
# cmake -DWAY=find_package|add_subdirectory|FetchContent -DLAMINATE_SOURCE=… -DLAMINATE_BUILD=… -DNETWORKS=… -DSCRATCH=… -DGENERATOR=…
#       -DCOMPILER=… -P consume.cmake
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT status EQUAL 0)
    list(JOIN ARGV " " command)
    message("${said}")
    message(FATAL_ERROR "failed: ${command}")
  endif()
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
if(WAY STREQUAL "find_package")
  run(${CMAKE_COMMAND} --install ${LAMINATE_BUILD} --prefix ${SCRATCH}/prefix)
  set(where -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix -DFURTHER=ON)
  set(checkpoint ${LAMINATE_BUILD}/examples/frozen/lenet.safetensors)  # where the examples are built
  if(EXISTS ${checkpoint})
    list(APPEND where -DFROZEN=${LAMINATE_SOURCE}/examples/frozen -DCHECKPOINT=${checkpoint})
  endif()
  set(imported ${NETWORKS}/lenet5.onnx)  # where ONNX's library is
  if(EXISTS ${imported})
    list(APPEND where -DIMPORTED=${imported})
  endif()
elseif(WAY STREQUAL "FetchContent")
  file(MAKE_DIRECTORY ${SCRATCH})
  execute_process(COMMAND ${CMAKE_COMMAND} -E tar czf ${SCRATCH}/laminate.tar.gz CMakeLists.txt .cmake include
                  WORKING_DIRECTORY ${LAMINATE_SOURCE} COMMAND_ERROR_IS_FATAL ANY)
  set(where -DLAMINATE_ARCHIVE=${SCRATCH}/laminate.tar.gz)
else()
  set(where -DLAMINATE_SOURCE=${LAMINATE_SOURCE})
endif()
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${SCRATCH}/build -G ${GENERATOR}
    -DCMAKE_CXX_COMPILER=${COMPILER} ${where})
run(${CMAKE_COMMAND} --build ${SCRATCH}/build)
run(${SCRATCH}/build/consumer)
if(EXISTS ${SCRATCH}/build/frozen)
  run(${CMAKE_COMMAND} -DPROGRAM=${SCRATCH}/build/frozen -DFOLDER=${LAMINATE_BUILD}/examples/frozen
      -P ${LAMINATE_SOURCE}/tests/cmake/check_frozen.cmake)
endif()
if(EXISTS ${SCRATCH}/build/imported)
  run(${SCRATCH}/build/imported ${SCRATCH}/build/imported_networks/lenet5.safetensors)
endif()
