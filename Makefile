# SPDX-License-Identifier: GPL-2.0
#
# The commands people type. Each is one step in scripts/ or a row of them.

#> The symbol tables of Linux modules, rewritten: kernel/module/kallsyms.c
#>
#>   make run            build a kernel with it, boot it in QEMU, load modules and
#>                       compare every line of /proc/kallsyms; ends in a verdict
#>   make test           all tests: KUnit, the scenarios, stock against rewrite,
#>                       static checks; ends in "N passed, N failed"
#>   make test-matrix    the tests on other architectures and configurations, coverage,
#>                       faults put into kallsyms.c; hours, goes on where it was
#>   make test-clients   what perf, BPF, gdb, kdb, kmod and the kernel's own suites find,
#>                       stock beside rewrite, in a table
#>   make test-distro    Debian's configuration and Debian's modules as shipped: lines
#>                       compared, and what insmod of the largest costs;
#>                       ARCH=arm64 and ARCH=riscv64, too
#>   make soak           modules that are wrong, races, failing allocations; hours
#>   make bench          what lookups, loads and tables cost in instructions and
#>                       bytes, stock beside rewrite: a table and three plots
#>                       (scripts/bench/bench quick: the rewrite's part again)
#>   make shell          the same guest with a prompt: insmod and look
#>   make apply KDIR=T   put the files into the kernel source tree T
#>   make revert KDIR=T  take them out again
#>   make series         the same as patches to mail, in build/series; tried one by one
#>   make clean          remove build/, where all that is built and fetched is
#>   make help           this
#>
#> KDIR=T works for the others too, but for test-distro; they leave T alone and use
#> a copy. Without it they use Debian's linux-source-6.12, with RELEASE=X.Y that one
#> of Debian's, with RELEASE=current its newest. make test takes 6.12 and the newest,
#> make series the newest. KEEP=y makes what a command prints its file in results/.

# The kernel source tree to work with; none: Debian's linux-source of RELEASE, which
# is 6.12, another one that Debian has, or current, its newest.
KDIR ?=
RELEASE ?=
export KDIR RELEASE

.PHONY: help run test test-matrix test-clients test-distro soak bench shell apply revert series clean

help:
	@sed -n 's/^#> \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

run:
	@scripts/vm

test:
	@scripts/test

test-matrix:
	@scripts/test matrix

test-clients:
	@scripts/clients/test-clients

test-distro:
	@scripts/distro/test-distro

soak:
	@scripts/test soak

bench:
	@scripts/bench/bench

shell:
	@scripts/vm -i

apply:
	@scripts/patch-tree apply "$(or $(KDIR),$(error say where: make apply KDIR=path-of-a-kernel-tree))"

revert:
	@scripts/patch-tree revert "$(or $(KDIR),$(error say where: make revert KDIR=path-of-a-kernel-tree))"

series:
	@scripts/series/series

clean:
	rm -rf "$(or $(BUILD),build)"
