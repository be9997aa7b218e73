# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# the KUnit suite under kunit.py, on UML; a guest runs it on x86-64
packages="test"

part_kunit()
{
	local args=(--kconfig_add CONFIG_KASAN=y --make_options "CC=ccache gcc")
	local what="KUnit on UML with KASAN"

	# The cases for livepatch modules are skipped on UML; the guests run them, with all
	# symbols.
	if [ "$RELEASE" = current ]; then
		args+=(--kconfig_add CONFIG_KALLSYMS_ALL=n)
		what="KUnit on UML with KASAN, text symbols only"
	fi
	cell kunit "$what" kunit "${args[@]}" --build_dir="$top/kunit-uml"
}
