# cmake -DCHROMIUM=… -DPAGES=….html;… -DPROBE=probe.js -DSCRATCH=… -P check_pages.cmake
# Opens pages in headless Chromium, each at three widths and with the probe at its end, and reads from the document what
# it found. All in one document: to start the browser takes longer than all pages do.
cmake_minimum_required(VERSION 3.25)
if(NOT CHROMIUM)
  message("skipped: there is no Chromium (package chromium)")
  return()
endif()
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})
file(READ ${PROBE} probe)
# In frames: the browser's own window is never narrower than 500 pixels.
set(frames)
set(uses)
foreach(page IN LISTS PAGES)
  get_filename_component(name ${page} NAME_WE)
  file(READ ${page} text)
  string(REPLACE "</body>" "<script>${probe}</script></body>" probed "${text}")
  if(probed STREQUAL text)
    message(FATAL_ERROR "${page} has no end of its body")
  endif()
  file(WRITE ${SCRATCH}/${name}.html "${probed}")
  foreach(width IN ITEMS 1400 768 360)
    list(APPEND uses "${name} at ${width} pixels")
    string(APPEND frames
      "<iframe title='${name} at ${width} pixels' src='${name}.html' width='${width}' height='800'></iframe>\n")
  endforeach()
endforeach()
file(WRITE ${SCRATCH}/all.html "<!DOCTYPE html><html><body><script>
  addEventListener('message', e => {
    const found = document.createElement('p');
    const frame = [...document.querySelectorAll('iframe')].find(f => f.contentWindow === e.source);
    found.textContent = frame.title + ': ' + e.data + '.';
    document.body.append(found);
  });
  </script>${frames}</body></html>")
execute_process(COMMAND ${CHROMIUM} --headless --no-sandbox --disable-gpu --disable-quic --no-first-run
    --disable-background-networking --disable-component-update --disable-sync --user-data-dir=${SCRATCH}/user
    --window-size=1500,900 --virtual-time-budget=60000 --dump-dom file://${SCRATCH}/all.html
  OUTPUT_VARIABLE document ERROR_VARIABLE said RESULT_VARIABLE status TIMEOUT 200)
set(wrong)
foreach(use IN LISTS uses)
  if(NOT document MATCHES "<p>${use}: ([^<]*)\\.</p>")
    list(APPEND wrong "${use}: the page did not run (${status})")
  elseif(NOT CMAKE_MATCH_1 STREQUAL "nothing")
    list(APPEND wrong "${use}: ${CMAKE_MATCH_1}")
  endif()
endforeach()
if(wrong)
  list(JOIN wrong "\n" wrong)
  message(FATAL_ERROR "${wrong}\n${said}")
endif()
file(REMOVE_RECURSE ${SCRATCH})
