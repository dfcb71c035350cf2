# cmake -DOBJECT=… -DNM=… -P check_isolated.cmake
# A program can take one function of the object file, the one that makes the model, and nothing that others have too.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND ${NM} --defined-only --extern-only ${OBJECT} OUTPUT_VARIABLE shown COMMAND_ERROR_IS_FATAL ANY)
string(STRIP "${shown}" shown)
if(NOT shown MATCHES "^[0-9a-f]+ T make_[a-z0-9_]+$")
  message(FATAL_ERROR "expected one function, found\n${shown}")
endif()
# Code of the model and of the library behind it is still there.
execute_process(COMMAND ${NM} --defined-only ${OBJECT} OUTPUT_VARIABLE all COMMAND_ERROR_IS_FATAL ANY)
if(NOT all MATCHES " t [^\n]*laminate[^\n]*convol")
  message(FATAL_ERROR "${OBJECT} has no kernels")
endif()
