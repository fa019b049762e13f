#!/usr/bin/env bash
# Makes the base that the image is built on, from Debian's packages, in $HOUSKA_TEST_CACHE/debian-trixie
# (~/.cache/houska-test/debian-trixie when that is not set). Needs root and debootstrap. Does nothing when it is there
# already.
set -euo pipefail
suite=trixie

cache=${HOUSKA_TEST_CACHE:-$HOME/.cache/houska-test}
home=$cache/debian-$suite
version="$suite, script $(cksum <"${BASH_SOURCE[0]}")"
[ "$(cat "$home/version" 2>/dev/null)" != "$version" ] || exit 0
[ "$(id -u)" = 0 ] || { echo "setup-base: only root can do this" >&2; exit 1; }
echo "setup-base: unpacking Debian $suite into $home" >&2
mkdir -p "$cache"
new=$(mktemp -d "$cache/debian.new.XXXXXX")
trap 'rm -rf "$new"' EXIT
debootstrap --variant=minbase "$suite" "$new/root" >"$new/log" 2>&1 || { tail -n 20 "$new/log" >&2; exit 1; }
rm -rf "$new/log" "$new"/root/var/cache/apt/archives/*.deb
chmod 755 "$new"
echo "$version" >"$new/version"
rm -rf "$home"
mv "$new" "$home"
