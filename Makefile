# SPDX-License-Identifier: GPL-2.0
#
# The commands people type. Each is one step in scripts/ or a row of them.

# The kernel source tree to work with; none: Debian's linux-source of RELEASE, which
# is 6.12, another one that Debian has, or current, its newest.
KDIR ?=
RELEASE ?=
export KDIR RELEASE

.PHONY: help run test test-matrix test-clients test-distro soak bench shell apply revert series clean

help:
	@scripts/help

run:
	@scripts/run

test:
	@scripts/test

test-matrix:
	@scripts/matrix/test-matrix

test-clients:
	@scripts/clients/test-clients

test-distro:
	@scripts/distro/test-distro

soak:
	@scripts/soak

bench:
	@scripts/bench/bench

shell:
	@scripts/shell

apply:
	@scripts/patch-tree apply "$(or $(KDIR),$(error say where: make apply KDIR=path-of-a-kernel-tree))"

revert:
	@scripts/patch-tree revert "$(or $(KDIR),$(error say where: make revert KDIR=path-of-a-kernel-tree))"

series:
	@scripts/series/series

clean:
	rm -rf "$(or $(BUILD),build)"
