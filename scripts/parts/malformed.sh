# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# 10,000 malformed modules, with KASAN and UBSAN
packages="test"
makers=$here/scripts/malformed
cell_scripts+=("$makers")

# The modules that malformed ones are made of. The kernel that loads them has built them.
victims()
{
	local kernel=$top/soak-sanitizers/kernel

	printf '%s\n' "$kernel"/drivers/block/loop.ko \
		"$kernel"/fs/{binfmt_misc,ext2/ext2,fuse/fuse,minix/minix}.ko \
		"$kernel"/fs/{nls/nls_cp437,nls/nls_utf8,overlayfs/overlay,romfs/romfs,udf/udf}.ko \
		"$top"/soak-sanitizers/modules/test_modules/test_kallsyms_{types,trace}.ko
}

sanitizers_vmtest()
{
	"$fragments/vmtest.sh" -n -o "$top/soak-sanitizers" -e "$makers" -c "$makers/config.victims" \
		-c "$makers/config.sanitizers" "$@"
}

malformed()
{
	local seed=$1 count=$2 data=$top/malformed-$1 kernel=$top/soak-sanitizers/kernel

	rm -rf "$data"
	"$makers/make.py" --seed "$seed" --count "$count" \
		--needed "$(find "$kernel/lib" -name crc-itu-t.ko)" \
		--needed "$kernel/fs/exportfs/exportfs.ko" \
		"$data" $(victims) || return 1
	sanitizers_vmtest -d "$data" malformed || return 1
	mv "$top/soak-sanitizers/guest/malformed" "$data/output" &&
	"$makers/check.py" "$data" "$data/output"
}

# The check has to fail on output that was falsified.
blind()
{
	"$makers/check.py" --blind "$top/malformed-$1" "$top/malformed-$1/output"
}

part_malformed()
{
	local seed

	[ -f "$top/soak-sanitizers/kernel/fs/udf/udf.ko" ] ||
		rm -f "$top/cells/malformed-kernel.stamp"
	cell malformed-kernel "the kernel that meets them, and its modules" sanitizers_vmtest -b
	for seed in {1..10}; do
		cell "malformed-$seed" "1,000 malformed modules, seed $seed" \
			malformed "$seed" 1000
	done
	cell malformed-blind "the check of them sees mistakes" blind 10
}
