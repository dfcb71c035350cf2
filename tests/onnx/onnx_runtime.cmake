# cmake -DSOURCE=… -DFOLDER=… -DMODULES=… -P onnx_runtime.cmake
# Compares with ONNX Runtime, npm's onnxruntime-node, which is put into MODULES where it is not there yet. What cannot be
# had is said in a line that begins with "skipped:".
find_program(NODE NAMES node nodejs)
find_program(NPM npm)
if(NOT NODE OR NOT NPM)
  message("skipped: there is no node with npm")
  return()
endif()
if(NOT EXISTS ${MODULES}/node_modules/onnxruntime-node)
  file(MAKE_DIRECTORY ${MODULES})
  # Its install script would fetch a library for graphics cards.
  execute_process(COMMAND ${NPM} install --prefix ${MODULES} --ignore-scripts --no-audit --no-fund onnxruntime-node@1
    WORKING_DIRECTORY ${MODULES} RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said TIMEOUT 300)
  if(failed)
    message("skipped: onnxruntime-node could not be installed\n${said}")
    return()
  endif()
endif()
execute_process(COMMAND ${NODE} ${SOURCE}/compare.js ${MODULES}/node_modules ${FOLDER}
  ${FOLDER}/foreign RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "ONNX Runtime does not infer the same")
endif()
