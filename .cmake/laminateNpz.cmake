# laminate::npz is laminate::laminate with libzip, where that is found. libzip's own config wants its programs installed.
find_path(LAMINATE_LIBZIP_INCLUDE zip.h)
find_library(LAMINATE_LIBZIP zip)
mark_as_advanced(LAMINATE_LIBZIP_INCLUDE LAMINATE_LIBZIP)
if(LAMINATE_LIBZIP_INCLUDE AND LAMINATE_LIBZIP AND NOT TARGET laminate::npz)
  add_library(laminate::npz INTERFACE IMPORTED GLOBAL)
  target_include_directories(laminate::npz INTERFACE ${LAMINATE_LIBZIP_INCLUDE})
  target_link_libraries(laminate::npz INTERFACE laminate::laminate ${LAMINATE_LIBZIP})
endif()
