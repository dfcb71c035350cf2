load "style.gp"
set xlabel "block l, of 9"
set ylabel "part of the gradient at x_l"
set xrange [-0.2:8.2]
set yrange [0:1.1]
set key at graph 0.02,0.62 left
set xtics 1
set ylabel "‖part‖ / ‖∂E/∂x_l‖" noenhanced
plot csv skip 1 using 2:6 smooth unique with lines ls 1 title "the 1: straight from x_L" noenhanced, \
     csv skip 1 using 2:6 with points ls 1 notitle, \
     csv skip 1 using 2:7 smooth unique with lines ls 2 title "through the weights of the blocks behind it", \
     csv skip 1 using 2:7 with points ls 2 notitle
