load "style.gp"
set multiplot layout 1,3 margins 0.085,0.985,0.14,0.93 spacing 0.1,0.1
set xlabel "pair of layers"
set xrange [0.5:9.5]
set xtics 2
n(k, e) = (strcol(1) eq k && $3 == e) ? $4 : NaN
set title "distance from the identity" offset 0,-0.6
set ylabel "‖F(x)‖ / ‖x‖"
set yrange [0:1.9]
set key top right noreverse Right
plot csv skip 1 using (n("residual", 0)):5 smooth unique with lines ls 9 title "at first", \
     csv skip 1 using (n("residual", 8)):5 smooth unique with lines ls 1 title "trained", \
     csv skip 1 using (n("residual", 8)):5 with points ls 1 notitle
set title "zeros after the first ReLU" offset 0,-0.6
set ylabel "share of zeros"
set yrange [0.4:0.65]
plot csv skip 1 using (n("plain", 8)):6 smooth unique with lines ls 2 title "plain, trained", \
     csv skip 1 using (n("plain", 8)):6 with points ls 2 notitle, \
     csv skip 1 using (n("residual", 8)):6 smooth unique with lines ls 1 title "residual, trained", \
     csv skip 1 using (n("residual", 8)):6 with points ls 1 notitle
grads = figures."/residual_gradients.csv"
set title "gradients, 56 layers, untrained" offset 0,-0.6
set ylabel "‖∂E/∂x‖ behind the pair"
set xrange [0:28]
set xtics 9
set logscale y
set format y "10^{%T}"
set yrange [1e-19:1e13]
set key top right noopaque
kind(i) = i == 1 ? "residual" : i == 2 ? "plain" : i == 3 ? "residual without BN" : "plain without BN"
plot for [i=1:4] grads skip 1 using (strcol(1) eq kind(i) ? $3 : NaN):4 smooth unique with lines ls i title kind(i)
unset multiplot
