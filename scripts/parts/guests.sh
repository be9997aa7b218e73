# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# scenarios and /proc/kallsyms in QEMU, stock beside rewrite
packages="test"

# Both kernels, with KUNIT=y, export the same symbols with the same CRCs, and no others, so
# that a module loads into either and reaches nothing more in ours. ("set -e" does nothing
# inside a step, so failures are returned.)
same_symvers()
{
	local stock=$top/test-stock/kernel/Module.symvers
	local ours=$top/test-linux/kernel/vmlinux.symvers

	grep "	vmlinux	" "$stock" | cut -f 1-4 | sort >"$top/symvers.stock"
	cut -f 1-4 "$ours" | sort >"$top/symvers.linux"
	echo "$(wc -l <"$top/symvers.stock") symbols, module_layout among them:"
	grep "	module_layout	" "$top/symvers.stock" || return 1
	diff "$top/symvers.stock" "$top/symvers.linux"
}

# So it is with KUNIT=m: our files export nothing that stock does not.
exports()
{
	local dir=$top/exports args=(CC="ccache gcc" -j "$(nproc)")
	local objects=(kernel/module/{kallsyms,main}.o kernel/kallsyms.o kernel/livepatch/core.o
		kernel/trace/trace_kprobe.o)

	mkdir -p "$dir"
	echo CONFIG_KUNIT=m >"$dir/fragment"
	"$fragments/kconfig.sh" "$top/linux" "$dir" "$fragments"/{config,config.vm,arch/x86_64.config} \
		"$dir/fragment" -- "${args[@]}" &&
	make -C "$top/linux" O="$dir" "${args[@]}" "${objects[@]}" || return
	nm "${objects[@]/#/$dir/}" | sed -n 's/.* __export_symbol_//p' | sort >"$dir/ours"
	cut -f 2 "$top/test-stock/kernel/Module.symvers" | sort >"$dir/stock"
	echo "$(wc -l <"$dir/ours") symbols"
	comm -23 "$dir/ours" "$dir/stock" | tee "$dir/more"
	[ -s "$dir/ours" ] && [ ! -s "$dir/more" ]
}

# The comparison has to see mistakes in what the guest has left.
comparison()
{
	local files

	mapfile -t files < <(find "$top/test-stock/modules" -name '*.ko')
	"$fragments/kallsyms_oracle.py" falsify "$top/test-linux/guest" "${files[@]}"
}

part_guests()
{
	# The .ko files are built once, against stock, and loaded into both.
	cell stock "stock: builds the modules, and a guest" \
		guest "$top/test-stock" -s "$top/stock"
	cell rewrite "rewrite: a guest, stock's modules" \
		guest "$top/test-linux" -m "$top/test-stock" -r "$top/test-stock"
	cell symvers "symbols and CRCs of the two kernels are the same" same_symvers
	cell exports "with KUNIT=m our files export no more" exports
	cell comparison "the comparison sees every kind of mistake" comparison
}
