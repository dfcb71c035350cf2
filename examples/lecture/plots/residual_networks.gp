load "style.gp"
set multiplot layout 1,2 margins 0.09,0.985,0.14,0.95 spacing 0.09,0.1
set xlabel "epoch"
set xrange [0.5:16.5]
kind(i) = i == 1 ? "plain 20" : i == 2 ? "residual 20" : i == 3 ? "plain 56" : "residual 56"
n(i, c) = strcol(1) eq kind(i) ? column(c) : NaN
style(i) = i % 2 ? 2 : 1
dash(i) = i > 2 ? 1 : 2
set ylabel "training loss, nats"
set yrange [0:2.4]
set key top right noreverse Right
plot for [i=1:4] csv skip 1 using (n(i, 3)):4 smooth unique with lines ls style(i) dt dash(i) title kind(i), \
     for [i=1:4] csv skip 1 using (n(i, 3)):4 with points ls style(i) ps 0.35 notitle
set ylabel "test error"
set yrange [0:1]
plot for [i=1:4] csv skip 1 using (n(i, 3)):(1 - $6) smooth unique with lines ls style(i) dt dash(i) title kind(i), \
     for [i=1:4] csv skip 1 using (n(i, 3)):(1 - $6) with points ls style(i) ps 0.35 notitle
unset multiplot
