load "style.gp"
set logscale y
set format y "10^{%T}"
set yrange [1e-14:10]
set xrange [0.6:9.4]
set xlabel "factors multiplied so far, from the error back to the first weight"
set ylabel "|product| = |gradient there| (no unit)"
set xtics ("∂E/∂y₄" 1, "σ′(z₄)" 2, "w₄" 3, "σ′(z₃)" 4, "w₃" 5, "σ′(z₂)" 6, "w₂" 7, "σ′(z₁)" 8, "x₁" 9)
set key bottom left
of(w, s, c) = (column(1) == w && column(2) == s && abs(column(c)) > 0) ? abs(column(c)) : NaN
plot for [s=1:3] csv skip 1 using 3:(of(1, s, 6)) with lines ls 1 title (s == 1 ? "product, w of about 1 (3 seeds)" : ""), \
     for [s=1:3] csv skip 1 using 3:(of(4, s, 6)) with lines ls 2 title (s == 1 ? "product, w of about 4" : ""), \
     for [s=1:3] csv skip 1 using 3:(of(16, s, 6)) with lines ls 3 title (s == 1 ? "product, w of about 16" : ""), \
     csv skip 1 using 3:(abs($7)) with points lc rgb "black" pt 6 ps 0.7 title "what backward computes"
