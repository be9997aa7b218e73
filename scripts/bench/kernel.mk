
# make bench
CFLAGS_kallsyms.o += -Dmodule_address_lookup=bench_module_address_lookup
