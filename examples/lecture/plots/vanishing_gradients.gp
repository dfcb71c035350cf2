load "style.gp"
set terminal svg size 860,640 dynamic background rgb "white" font "sans-serif,12"
set multiplot layout 2,3 margins 0.085,0.985,0.085,0.95 spacing 0.02,0.13
set yrange [-66:50]  # logarithms: gnuplot has no tics this far apart
set ytics 20
layers = figures."/".name."_by_layer.csv"
first(i) = word("small Glorot He large", i)
text(i) = word("deviation\\_0.05 Glorot He deviation\\_1", i)
do for [a=1:3] {
  n = word("Logistic Tanh ReLU", a)
  if (a == 1) { set format y "10^{%g}"; set ylabel "‖∂E/∂y‖ of a layer, 64 layers" } else { set format y ""; unset ylabel }
  if (a == 1) { set key top left } else { unset key }
  set title n offset 0,-0.6
  set xrange [0:65]
  set xtics 16
  set xlabel "layer, from the input" offset 0,0.5
  plot for [i=1:4] layers skip 1 using (strcol(1) eq n && strcol(2) eq first(i) && int($4) % 3 == 1 ? $4 : NaN):(log10($5)) with points ls i pt 7 ps 0.35 title (i == 2 || i == 3 ? first(i) : i == 1 ? "deviation 0.05" : "deviation 1")
}
do for [a=1:3] {
  n = word("Logistic Tanh ReLU", a)
  if (a == 1) { set format y "10^{%g}"; set ylabel "first layer's / last layer's" } else { set format y ""; unset ylabel }
  unset key
  if (a == 2) { set key bottom left }
  unset title
  set logscale x 2
  set xrange [3.5:70]
  set xtics (4, 8, 16, 32, 64)
  set xlabel "layers" offset 0,0.5
  plot for [i=1:4] csv skip 1 using (strcol(1) eq n && strcol(2) eq first(i) ? $3 : NaN):(log10($6)) with lines ls i lw 1.2 dt 2 notitle, \
       for [i=1:4] csv skip 1 using (strcol(1) eq n && strcol(2) eq first(i) ? $3 : NaN):(log10($5)) with points ls i pt 7 ps 0.5 notitle, \
       NaN with points lc rgb "#555555" pt 7 ps 0.5 title "measured, 3 seeds", \
       NaN with lines lc rgb "#555555" dt 2 title "predicted bound"
  unset logscale x
}
unset multiplot
