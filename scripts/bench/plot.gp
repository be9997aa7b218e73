# SPDX-License-Identifier: GPL-2.0
#
# gnuplot -e "form='svg'" plot.gp: lookup.svg, load.svg and read.svg from report.py's data

if (form eq "svg") {
	set terminal svg size 800,560 font "sans,13" background "white"
} else {
	set terminal pngcairo size 800,560 font "sans,11" background "white"
}
set datafile missing "?"
set logscale xy
set grid
set key top left Left reverse
set xlabel "symbols in the module's table"
set format x "%.0f"
set format y "10^{%T}"
set ylabel "instructions"

set output "lookup.".form
set title "Cost of a lookup"
plot "lookup.dat" using 1:2 with linespoints lc 1 dt 2 pt 4 title "address, stock", \
	"" using 1:3 with linespoints lc 1 pt 5 title "address, rewrite", \
	"" using 1:4 with linespoints lc 2 dt 2 pt 6 title "name, stock", \
	"" using 1:5 with linespoints lc 2 pt 7 title "name, rewrite", \
	"" using 1:6 with linespoints lc 3 dt 2 pt 8 title "name not there, stock", \
	"" using 1:7 with linespoints lc 3 pt 9 title "name not there, rewrite", \
	"" using 1:8 with lines lc "black" title "vmlinux: kallsyms\\_lookup()"

set output "load.".form
set title "Cost of init\\_module()"
plot "load.dat" using 1:2 with linespoints lc 1 dt 2 pt 4 title "ftrace off, stock", \
	"" using 1:3 with linespoints lc 1 pt 5 title "ftrace off, rewrite", \
	"" using 1:4 with linespoints lc 2 dt 2 pt 6 title "ftrace on, stock", \
	"" using 1:5 with linespoints lc 2 pt 7 title "ftrace on, rewrite", \
	"" using 1:6 with lines lc "black" title "as many kallsyms\\_lookup() of vmlinux as ftrace does"

unset logscale
set format y "%.1s %c"
set yrange [0:*]
set xlabel "modules of 711 symbols"
set output "read.".form
set title "A whole read of /proc/kallsyms"
plot "read.dat" using 1:2 with linespoints lc 1 dt 2 pt 4 title "stock", \
	"" using 1:3 with linespoints lc 1 pt 5 title "rewrite"
