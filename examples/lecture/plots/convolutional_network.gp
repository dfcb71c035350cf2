load "style.gp"
set terminal svg size 860,430 dynamic background rgb "white" font "sans-serif,12"
filters = figures."/".name."_filters.csv"
maps = figures."/".name."_maps.csv"
set multiplot
unset key
unset tics
unset grid
unset colorbox
set border 31 lc rgb "#999999" lw 0.5
set size ratio 1
# Tiles of about 50 pixels: a row for each kind of layer.
tile(x, y, s) = sprintf("set lmargin at screen %f; set rmargin at screen %f; set bmargin at screen %f; set tmargin at screen %f", x, x + s/860.0, 1 - (y + s)/430.0, 1 - y/430.0)
left = 0.185
step = 0.05
row(i) = i == 0 ? 12 : i == 1 ? 108 : i == 2 ? 176 : i == 3 ? 244 : i == 4 ? 312 : 370
label(n, text) = sprintf("set label %d '%s' at screen 0.01, screen %f left", n, text, 1 - (row(n-1) + 25)/430.0)
set xrange [-0.5:27.5]
set yrange [27.5:-0.5]
eval label(1, "an ankle boot")
eval label(2, "filters 5×5")
eval label(3, "maps 28×28, ReLU")
eval label(4, "pooled 14×14")
eval label(5, "maps 14×14, ReLU")
eval label(6, "pooled 7×7")
set palette defined (0 "#ffffff", 1 "#10344d")
eval tile(left, row(0), 80)
plot maps skip 1 index 0 using 2:1:3 with image
unset label
set palette defined (-1 "#b2182b", 0 "#ffffff", 1 "#2166ac")
set xrange [-0.5:4.5]
set yrange [4.5:-0.5]
set cbrange [-0.6:0.6]
do for [c=0:7] {
  eval tile(left + c*step*2, row(1), 50)
  plot filters skip 1 index c using 2:1:3 with image
}
set palette defined (0 "#ffffff", 1 "#10344d")
set autoscale cb
set xrange [-0.5:27.5]
set yrange [27.5:-0.5]
do for [c=0:7] {
  eval tile(left + c*step*2, row(2), 50)
  plot maps skip 1 index (1 + c) using 2:1:3 with image
}
set xrange [-0.5:13.5]
set yrange [13.5:-0.5]
do for [c=0:7] {
  eval tile(left + c*step*2, row(3), 50)
  plot maps skip 1 index (9 + c) using 2:1:3 with image
}
do for [c=0:15] {
  eval tile(left + c*step, row(4), 40)
  plot maps skip 1 index (17 + c) using 2:1:3 with image
}
set xrange [-0.5:6.5]
set yrange [6.5:-0.5]
do for [c=0:15] {
  eval tile(left + c*step, row(5), 40)
  plot maps skip 1 index (33 + c) using 2:1:3 with image
}
unset multiplot
