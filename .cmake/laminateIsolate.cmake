# Inline functions and templates are in every object file that uses them, and a program takes one of them, of whichever
# file: code for AVX-512 would run on processors without it. Here an object file's functions become its own, all but
# SHOWN. Groups, by which a linker finds equals, are dissolved first.
#
# cmake -DFROM=from.o -DTO=to.o -DSHOWN=symbol -DLINKER=… -DOBJCOPY=… -DOBJDUMP=… -P laminateIsolate.cmake
cmake_minimum_required(VERSION 3.25)
set(made ${TO}.new)
execute_process(COMMAND ${OBJDUMP} -h ${FROM} OUTPUT_VARIABLE sections COMMAND_ERROR_IS_FATAL ANY)
# With a priority behind the name it is a sanitizer's.
if(sections MATCHES " \\.(init_array|ctors) ")
  message(FATAL_ERROR "${FROM}: something in it runs before main, on whatever processor: <iostream>, or an object with "
                      "a constructor, in the model's HEADER")
endif()
execute_process(COMMAND ${LINKER} -r --force-group-allocation -o ${made} ${FROM} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${OBJCOPY} --keep-global-symbol=${SHOWN} ${made} COMMAND_ERROR_IS_FATAL ANY)
file(RENAME ${made} ${TO})
