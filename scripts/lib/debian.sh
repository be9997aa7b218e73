# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# Packages of another suite of Debian, or of another architecture if $debian_arch is set, by
# apt with lists and a cache of its own in $apt; the system's stay as they are. The archive's
# address and keyring are those that the system's sources name. Sourced after common.sh, with
# $apt set.

own_apt()
{
	apt-get -q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" \
		${debian_arch:+-o APT::Architecture="$debian_arch" -o APT::Architectures="$debian_arch"} \
		"$@"
}

# keyring FILE:NUMBER: print the keyring of that entry of a sources.list or .sources file.
keyring()
{
	local file=${1%:*} number=${1##*:}

	case $file in
	*.sources)
		awk -v RS= -v number="$number" -F '\n' 'NR == number {
			for (i = 1; i <= NF; i++)
				if (sub(/^Signed-By: */, "", $i))
					print $i
		}' <(sed '/^#/d' "$file")
		;;
	*)
		sed -nE "${number}s/.*signed-by=([^] ]*).*/\1/p" "$file"
		;;
	esac
}

# suite NAME...: make a list of these suites.
suite()
{
	local name

	for name; do
		printf 'deb %s%s %s main\n' "${key:+[signed-by=$key] }" "$archive" "$name"
	done >"$apt/sources.list"
}

# look_at_archive LABEL: set $archive and $key to what the system's apt has of it.
look_at_archive()
{
	local entry

	read -r archive entry < <(apt-get indextargets \
		--format '$(REPO_URI) $(SOURCESENTRY)' 'Created-By: Packages' 'Origin: Debian' \
		"Label: $1" 2>/dev/null | sort -u) || return
	key=$(keyring "$entry")
}

# find_archive: set $archive and $key. It fails if the system's apt has no lists of Debian.
find_archive()
{
	mkdir -p "$apt"/{lists,cache}/partial "$apt/cache/archives/partial"
	look_at_archive Debian
}

# security_suite NAME: print a line for it, if the system's apt has security updates.
security_suite()
{
	local archive key

	look_at_archive Debian-Security || return 0
	printf 'deb %s%s %s main\n' "${key:+[signed-by=$key] }" "$archive" "$1"
}

# Get the lists of all suites that have kernels: Debian's stable release with its security
# updates and backports, unstable, and the security updates of the system's own release.
kernel_lists()
{
	local codename name

	suite stable &&
	own_apt -o Acquire::IndexTargets::deb::Packages::DefaultEnabled=false update || return
	codename=$(sed -n 's/^Codename: //p' "$apt"/lists/*_dists_stable_InRelease)
	[ -n "$codename" ] || return
	suite stable "$codename-backports" unstable
	for name in "$codename" "$(. /etc/os-release && echo "${VERSION_CODENAME:-$codename}")"; do
		security_suite "$name-security"
	done | sort -u >>"$apt/sources.list"
	own_apt update
}

# on_offer PATTERN: print lines "VERSION PACKAGE=VERSION" of all packages in the lists whose
# names match, the newest one last.
on_offer()
{
	awk -v pattern="$1" '/^Package: / { package = $2 }
		/^Version: / && package ~ pattern { print $2, package "=" $2 }' \
		< <(own_apt indextargets --format '$(FILENAME)' 'Created-By: Packages' |
			xargs /usr/lib/apt/apt-helper cat-file) | sort -uV
}
