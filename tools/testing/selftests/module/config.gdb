# To look at the kernel with gdb: vmtest.sh -g -c config.gdb.
CONFIG_DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=y
# CONFIG_DEBUG_INFO_REDUCED is not set
CONFIG_GDB_SCRIPTS=y
# CONFIG_RANDOMIZE_BASE is not set
