# cmake -DMODEL=laminateModel.cmake -P haswell.cmake: nothing tells at run time whether a processor is as able as a
# Haswell, so laminate_add_model refuses the name.
cmake_minimum_required(VERSION 3.25)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
include(${MODEL})
laminate_add_model(net TYPE Net HEADER net.hpp ARCH x86-64-v2 haswell)
