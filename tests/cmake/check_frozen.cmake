# cmake -DPROGRAM=… -DFOLDER=… [-DEMULATOR=…] -P check_frozen.cmake
# The program with a network inside says what the trained model said, and asks for no heap and throws nothing. One for
# an emulator is linked statically: what the system's libraries ask for is in it.
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND ${EMULATOR} ${PROGRAM} INPUT_FILE ${FOLDER}/images OUTPUT_VARIABLE said RESULT_VARIABLE status)
file(READ ${FOLDER}/classes expected)
string(LENGTH "${expected}" length)
if(NOT status EQUAL 0 OR NOT length EQUAL 1000 OR NOT said STREQUAL expected)
  message(FATAL_ERROR "the frozen network differs from the trained one:\n${said}")
endif()
if(EMULATOR)
  return()
endif()

execute_process(COMMAND nm --undefined-only ${PROGRAM} OUTPUT_VARIABLE needed RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR NOT needed MATCHES " read")
  message(FATAL_ERROR "nm did not list what the program needs")
endif()
foreach(forbidden IN ITEMS malloc calloc aligned_alloc _Znw _Zna __cxa_throw __cxa_allocate fopen)
  if(needed MATCHES " ${forbidden}")
    message(FATAL_ERROR "the frozen program uses ${forbidden}")
  endif()
endforeach()
