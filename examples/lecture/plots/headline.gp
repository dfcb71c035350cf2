load "style.gp"
set xlabel "epoch"
set ylabel "error"
set logscale y
set yrange [0.01:0.5]
set ytics (0.01, 0.02, 0.055, 0.1, 0.2, 0.5)
set key top right noreverse Right
plot csv skip 1 using 2:(1 - $6) smooth unique with lines ls 1 title "test", \
     csv skip 1 using 2:(1 - $6) with points ls 1 ps 0.4 notitle, \
     csv skip 1 using 2:(1 - $4) smooth unique with lines ls 2 title "training, cropped and flipped", \
     0.055 with lines ls 9 title "94.5 %"
