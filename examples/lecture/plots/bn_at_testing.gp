load "style.gp"
set logscale x 2
set xrange [0.9:2200]
set yrange [0:1]
set xlabel "training steps (batches of 32)"
set ylabel "test accuracy"
set key outside bottom center horizontal noopaque
set bmargin 8
kind(i) = i == 1 ? "moving averages" : i == 2 ? "whole training set" : i == 3 ? "test batch of 32" : i == 4 ? "test batch of 8" : i == 5 ? "test batch of 2" : "test batch of 32 of one class"
plot for [i=1:6] csv skip 1 using (strcol(1) eq kind(i) ? $3 : NaN):4 smooth unique with lines ls i title kind(i), \
     for [i=1:6] csv skip 1 using (strcol(1) eq kind(i) ? $3 : NaN):4 with points ls i ps 0.4 notitle
