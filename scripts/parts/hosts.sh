# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# make run and make test in bare roots of Debian 13 and 12, as root; who is not root is
# told what is missing
packages=matrix
hosts=$build/hosts
mkdir -p "$hosts"

# make_host CODENAME: a root of that Debian, which has what README's "Try it" asks for, and a
# clone of this repository. The system's apt says where packages come from.
make_host()
{
	local root=$hosts/$1 apt=$hosts archive key

	# What mmdebstrap mounts must not outlive it, nor be removed with the root.
	rm -rf --one-file-system "$root.new"
	look_at_archive Debian &&
	unshare --mount --propagation private mmdebstrap --variant=minbase --include=git,make \
		"$1" "$root.new" "$archive" || return
	(key='' && printf 'deb %s %s main\n' "$archive" "$1" "$archive" "$1-updates" &&
		security_suite "$1-security") >"$root.new/etc/apt/sources.list" &&
	apt-config dump Acquire >"$root.new/etc/apt/apt.conf.d/99host" &&
	chroot "$root.new" useradd --create-home somebody &&
	git clone -q "$here" "$root.new/home/somebody/module-kallsyms" &&
	chroot "$root.new" chown -R somebody: /home/somebody || return
	rm -rf --one-file-system "$root"
	mv "$root.new" "$root"
}

# in_host CODENAME USER COMMAND...: run it there, in the clone. All of its processes end with it.
in_host()
{
	unshare --mount --pid --fork --kill-child --propagation private bash -euc '
		mount -t proc proc "$0/proc"
		mount --rbind /sys "$0/sys"
		mount --rbind /dev "$0/dev"
		cp -L /etc/resolv.conf "$0/etc/"
		exec chroot "$0" su - "$1" -c "cd /home/somebody/module-kallsyms && ${*:2}"' \
		"$hosts/$1" "${@:2}"
}

host_tells_what_is_missing()
{
	local said

	! said=$(in_host "$1" somebody make run 2>&1) || return
	printf '%s\n' "$said"
	[ "$(grep -c 'please install: .*gcc.*qemu-system-x86' <<<"$said")" = 1 ]
}

host_runs()
{
	in_host "$1" root git config --global --add safe.directory "'*'" &&
	in_host "$@" && echo "count 1 commands in a bare Debian"
}

part_hosts()
{
	local codename

	[ "$(id -u)" = 0 ] || die "hosts: who is not root can't enter another root"
	for codename in trixie bookworm; do
		[ -d "$hosts/$codename" ] || rm -f "$top/cells/host-$codename.stamp"
		cell "host-$codename" "a bare Debian, $codename" make_host $codename
		[ -d "$hosts/$codename" ] || continue
		cell "host-$codename-user" "$codename: make run, without root" \
			host_tells_what_is_missing $codename
		cell "host-$codename-run" "$codename: make run RELEASE=current" \
			host_runs $codename root make run RELEASE=current
		cell "host-$codename-test" "$codename: make test" \
			host_runs $codename root make test
	done
}
