load "style.gp"
set terminal svg size 760,560 dynamic background rgb "white" font "sans-serif,12"
names = "T-shirt trouser pullover dress coat sandal shirt sneaker bag boot"
unset grid
unset key
set border 15
set palette defined (0 "#ffffff", 20 "#d6e6f2", 100 "#6ea3cc", 600 "#1f5d8c")
set cblabel "test images"
set xlabel "taken for"
set ylabel "is"
set xtics rotate by -35 scale 0
set ytics scale 0
set xrange [-0.5:9.5]
set yrange [9.5:-0.5]
do for [i=0:9] {
  set xtics add (word(names, i + 1) i)
  set ytics add (word(names, i + 1) i)
}
plot csv skip 1 using 2:1:3 with image pixels, \
     csv skip 1 using 2:1:(sprintf("%d", $3)):($3 > 250 ? 0xffffff : 0x222222) with labels tc rgb variable font ",11"
