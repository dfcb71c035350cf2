# jansson has no package for CMake. Its library is found in the consumer's build as well, unless a target is there.
if(NOT TARGET laminate::jansson)
  find_path(LAMINATE_JANSSON_INCLUDE jansson.h REQUIRED)
  find_library(LAMINATE_JANSSON jansson REQUIRED)
  mark_as_advanced(LAMINATE_JANSSON_INCLUDE LAMINATE_JANSSON)
  add_library(laminate::jansson INTERFACE IMPORTED GLOBAL)
  target_include_directories(laminate::jansson INTERFACE ${LAMINATE_JANSSON_INCLUDE})
  target_link_libraries(laminate::jansson INTERFACE ${LAMINATE_JANSSON})
endif()
