load "style.gp"
set logscale x 2
set xrange [0.9:140]
set yrange [0:1]
set xlabel "samples in a batch"
set ylabel "test accuracy"
set key bottom right
of(n, c) = strcol(1) eq n ? column(c) : NaN
kind(i) = i == 1 ? "dense without BN" : i == 2 ? "dense with BN" : "convolutions with BN"
plot for [i=1:3] csv skip 1 using (of(kind(i), 2)):4 smooth unique with lines ls (i == 1 ? 2 : i == 2 ? 1 : 3) title kind(i), \
     for [i=1:3] csv skip 1 using (of(kind(i), 2)):4 with points ls (i == 1 ? 2 : i == 2 ? 1 : 3) notitle, \
     csv skip 1 using (of(kind(2), 2)):5 with points lc rgb "black" pt 6 ps 0.8 title "dense with BN, statistics of the whole set"
