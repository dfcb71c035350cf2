load "style.gp"
set terminal svg size 860,640 dynamic background rgb "white" font "sans-serif,12"
set multiplot layout 2,2 margins 0.075,0.985,0.085,0.95 spacing 0.09,0.15
of(n) = figures."/".n.".csv"
set logscale x
set yrange [0:1]
set ylabel "accuracy in the fifth epoch"
set xlabel "learning rate" offset 0,0.5
set xrange [0.01:32]
set key bottom left
set title "highest learning rate" offset 0,-0.6
plot of("bn_learning_rate") skip 1 using ($1 == 1 ? $3 : NaN):4 smooth unique with lines ls 1 title "with BN", \
     "" skip 1 using ($1 == 1 ? $3 : NaN):4 with points ls 1 notitle, \
     "" skip 1 using ($1 == 0 ? $3 : NaN):4 smooth unique with lines ls 2 title "without", \
     "" skip 1 using ($1 == 0 ? $3 : NaN):4 with points ls 2 notitle
set xlabel "deviation of the first weights, in He's" offset 0,0.5
set xrange [0.008:12]
set title "first weights, learning rate 0.1" offset 0,-0.6
set key top left Left reverse at graph 0.02,0.6
plot of("bn_initial_weights") skip 1 using ($1 == 1 ? $3 : NaN):4 smooth unique with lines ls 1 title "with BN", \
     "" skip 1 using ($1 == 1 ? $3 : NaN):4 with points ls 1 notitle, \
     "" skip 1 using ($1 == 0 ? $3 : NaN):4 smooth unique with lines ls 2 title "without", \
     "" skip 1 using ($1 == 0 ? $3 : NaN):4 with points ls 2 notitle
unset logscale x
set logscale y
set format y "10^{%T}"
set yrange [1e-3:1e4]
set xrange [0.7:6.3]
set xtics 1
set xlabel "hidden layer, from the input" offset 0,0.5
set ylabel "‖∂E/∂W‖ before the first step"
scale(i) = i == 1 ? 0.5 : i == 2 ? 1 : 2
do for [bn=1:0:-1] {
  set title (bn ? "gradients with BN" : "gradients without") offset 0,-0.6
  if (bn) { set key default; set key bottom left reverse Left samplen 2 } else { unset key }
  plot for [i=1:3] of("bn_gradients") skip 1 using ($1 == bn && $2 == scale(i) ? $4 : NaN):5 smooth unique with lines ls i notitle, \
       for [i=1:3] "" skip 1 using ($1 == bn && $2 == scale(i) ? $4 : NaN):5 with points ls i title sprintf("first weights %g × He’s", scale(i))
}
unset multiplot
