# What all figures share. `figures` is the folder with the CSV files, and `name` the figure: examples/lecture/run sets
# them. A white ground with a margin reads in light and in dark.
set terminal svg size 860,430 dynamic background rgb "white" font "sans-serif,13"
set datafile separator comma
set datafile missing NaN  # a row that a plot leaves out does not break its line
set encoding utf8
set border 3 lc rgb "#555555"
set grid lc rgb "#dddddd" lw 0.7
set tics nomirror
set key top left reverse Left samplen 2 opaque
set style line 1 lc rgb "#0072b2" lw 2.2 pt 7 ps 0.55
set style line 2 lc rgb "#d55e00" lw 2.2 pt 5 ps 0.55
set style line 3 lc rgb "#009e73" lw 2.2 pt 9 ps 0.6
set style line 4 lc rgb "#cc79a7" lw 2.2 pt 11 ps 0.6
set style line 5 lc rgb "#e69f00" lw 2.2 pt 13 ps 0.6
set style line 6 lc rgb "#56b4e9" lw 2.2 pt 3 ps 0.6
set style line 9 lc rgb "#888888" lw 1.2 dt 2
set style increment user
csv = figures."/".name.".csv"
set output figures."/".name.".svg"
