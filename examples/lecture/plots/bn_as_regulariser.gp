load "style.gp"
set multiplot layout 1,2 margins 0.09,0.985,0.14,0.92 spacing 0.09,0.1
set xlabel "epoch"
set xrange [0:61]
kind(i) = word("neither BN dropout both", i)
n(i, c) = strcol(1) eq kind(i) ? column(c) : NaN
set ylabel "test loss, nats"
set yrange [0.4:1]
set key top left
plot for [i=1:4] csv skip 1 using (n(i, 3)):6 smooth unique with lines ls i title kind(i)
set ylabel "accuracy"
set yrange [0.7:1.0]
set key bottom right
plot for [i=1:4] csv skip 1 using (n(i, 3)):7 smooth unique with lines ls i title kind(i).", test", \
     for [i=1:4] csv skip 1 using (n(i, 3)):5 smooth unique with lines ls i lw 1 dt 2 title (i == 1 ? "training" : "")
unset multiplot
