# cmake -DCHROMIUM=… -DPAGE=….html -DPROBE=probe.js -DSCRATCH=… -P check_page.cmake
# Opens a page in headless Chromium at three widths, with the probe at its end, and reads from the document what it found.
cmake_minimum_required(VERSION 3.25)
if(NOT CHROMIUM)
  message("skipped: there is no Chromium (package chromium)")
  return()
endif()
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})
file(READ ${PAGE} page)
file(READ ${PROBE} probe)
string(REPLACE "</body>" "<script>${probe}</script></body>" probed "${page}")
if(probed STREQUAL page)
  message(FATAL_ERROR "${PAGE} has no end of its body")
endif()
file(WRITE ${SCRATCH}/page.html "${probed}")
# In a frame: the browser's own window is never narrower than 500 pixels.
foreach(width IN ITEMS 1400 768 360)
  file(WRITE ${SCRATCH}/frame.html "<!DOCTYPE html><html><body><script>
    addEventListener('message', e => { document.body.dataset.wrong = e.data; });
    </script><iframe src='page.html' width='${width}' height='800'></iframe></body></html>")
  execute_process(COMMAND ${CHROMIUM} --headless --no-sandbox --disable-gpu --disable-quic --no-first-run
      --disable-background-networking --disable-component-update --disable-sync --user-data-dir=${SCRATCH}/user
      --window-size=1500,900 --virtual-time-budget=60000 --dump-dom file://${SCRATCH}/frame.html
    OUTPUT_VARIABLE document ERROR_VARIABLE said RESULT_VARIABLE status TIMEOUT 200)
  if(NOT document MATCHES "<body data-wrong=\"([^\"]*)\"")
    message(FATAL_ERROR "the page did not run (${status}) at ${width} pixels:\n${said}")
  endif()
  if(NOT CMAKE_MATCH_1 STREQUAL "nothing")
    message(FATAL_ERROR "at ${width} pixels: ${CMAKE_MATCH_1}")
  endif()
endforeach()
file(REMOVE_RECURSE ${SCRATCH})
