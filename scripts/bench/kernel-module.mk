
# make bench
obj-y += kallsyms_bench.o
CFLAGS_main.o += -Dlayout_symtab=bench_layout_symtab -Dadd_kallsyms=bench_add_kallsyms
