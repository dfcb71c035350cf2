load "style.gp"
set terminal svg size 860,640 dynamic background rgb "white" font "sans-serif,12"
set multiplot layout 2,2 margins 0.075,0.985,0.085,0.95 spacing 0.09,0.15
set xlabel "training steps (batches of 60)" offset 0,0.5
set xrange [0:2000]
set xtics 500
set ylabel "input of one logistic function"
set yrange [-5:5]
of(bn, s) = ($1 == bn && (s == 0 || $2 == s)) ? $3 : NaN
do for [bn=1:0:-1] {
  set title (bn ? "with BN" : "without BN") offset 0,-0.6
  plot csv skip 1 using (of(bn, 1)):4:6 with filledcurves lc rgb (bn ? "#c5dcec" : "#f3cfb3") title "15 to 85 % of the images", \
       csv skip 1 using (of(bn, 1)):5 with lines ls (bn ? 1 : 2) title "median"
}
unset title
set ylabel "shift of medians / first widths"
set logscale y
set yrange [0.002:60]
set format y "%g"
set key bottom right
plot csv skip 1 using (of(0, 0)):7 smooth unique with lines ls 2 title "without BN", \
     csv skip 1 using (of(1, 0)):8 smooth unique with lines ls 3 title "before BN", \
     csv skip 1 using (of(1, 0)):7 smooth unique with lines ls 1 title "with BN"
unset logscale y
set ylabel "training accuracy, epoch so far"
set yrange [0:1]
plot csv skip 1 using (of(0, 0)):9 smooth unique with lines ls 2 title "without BN", \
     csv skip 1 using (of(1, 0)):9 smooth unique with lines ls 1 title "with BN"
unset multiplot
