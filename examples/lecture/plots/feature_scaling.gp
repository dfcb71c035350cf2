load "style.gp"
set terminal svg size 860,640 dynamic background rgb "white" font "sans-serif,12"
set multiplot
land = figures."/feature_scaling_landscape.csv"
path = figures."/feature_scaling_path.csv"
set contour base
unset surface
set cntrparam levels discrete 0.02, 0.1, 0.5, 2, 8, 32, 128
do for [s=0:1] {
  set table figures."/landscape".s.".tmp"
  splot land skip 1 using 1:2:(column(3 + s))
  unset table
  set table figures."/path".s.".tmp" separator tab
  plot path skip 1 using ($1 == s ? $3 : NaN):4 with table
  unset table
}
unset contour
set surface
set xrange [-1:2.5]
set yrange [-1.5:2]
set size ratio -1
set xlabel "w₁" offset 0,0.5
set ylabel "w₂"
set palette defined (-2 "#0b3c5d", 2 "#a9cbe0")
unset colorbox
set datafile separator whitespace  # what contours are written with
do for [s=0:1] {
  set origin 0.5*s, 0.4
  set size 0.5, 0.6
  set title (s ? "standardised" : "x₂ ten times as wide as x₁") offset 0,-0.6
  plot figures."/landscape".s.".tmp" using 1:2:(log10($3)) with lines lw 1.3 lc palette notitle, \
       figures."/path".s.".tmp" using 1:2 with linespoints lw 1.2 lc rgb "#d55e00" pt 7 ps 0.35 title "gradient descent"
}
unset colorbox
set datafile separator comma
set size noratio
set origin 0, 0
set size 1, 0.42
unset title
set xrange [0.8:130]
set yrange [1:1e5]
set logscale xy
set format y "10^{%T}"
set xlabel "how many times wider x₂ is than x₁" offset 0,0.5
set ylabel "steps"
set key top left
plot csv skip 1 using ($2 == 0 ? $1 : NaN):5 with points ls 2 ps 0.8 title "features as they are, a point for each seed", \
     csv skip 1 using ($2 == 1 ? $1 : NaN):5 with points ls 1 ps 0.8 title "standardised", \
     [1:100] 2.4*x**2 with lines ls 9 title "proportional to the square of the ratio"
unset multiplot
system("rm -f '".figures."'/*.tmp")
