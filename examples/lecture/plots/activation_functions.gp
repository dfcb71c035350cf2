load "style.gp"
set terminal svg size 860,760 dynamic background rgb "white" font "sans-serif,12"
set multiplot layout 3,3 margins 0.06,0.985,0.07,0.95 spacing 0.055,0.085
set xrange [-6:6]
set xtics 3
set yrange [-2.2:3.2]
set ytics 1
unset key
set xlabel ""
do for [i=1:9] {
  n = word("Identity BinaryStep Logistic Tanh ArcTan ReLU PReLU ELU SoftPlus", i)
  set title (n eq "PReLU" ? "PReLU, α = 0.25" : n) offset 0,-0.6
  if (i == 1) { set key bottom right } else { unset key }
  set xlabel (i > 6 ? "x" : "") offset 0,0.6
  plot csv skip 1 using (strcol(1) eq n ? $2 : NaN):3 with lines ls 1 title "f(x)", \
       csv skip 1 using (strcol(1) eq n ? $2 : NaN):4 with lines ls 2 title "f′(x), derived", \
       csv skip 1 every 6 using (strcol(1) eq n ? $2 : NaN):5 with points lc rgb "black" pt 6 ps 0.5 title "f′(x), table"
}
unset multiplot
