# xsimd 8.1 or newer. Its package calls a version compatible with those of its major number only; what is used here has
# been the same from 8 to 14.
find_package(xsimd REQUIRED)
if(xsimd_VERSION VERSION_LESS 8.1)
  message(FATAL_ERROR "laminate needs xsimd 8.1 or newer, found ${xsimd_VERSION} in ${xsimd_DIR}")
endif()
