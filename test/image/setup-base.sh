#!/usr/bin/env bash
# Makes the base that the image is built on, from Debian's packages, in $HOUSKA_TEST_CACHE/debian-trixie
# (~/.cache/houska-test/debian-trixie when that is not set). Needs mmdebstrap. Does nothing when it is there already,
# or when containers can't be run here, so that nobody needs it: only root can, where it may mount and make devices.
set -euo pipefail
suite=trixie

cache=${HOUSKA_TEST_CACHE:-$HOME/.cache/houska-test}
home=$cache/debian-$suite
version="$suite, script $(cksum <"${BASH_SOURCE[0]}")"
[ "$(cat "$home/version" 2>/dev/null)" != "$version" ] || exit 0
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
mkdir "$new/a" "$new/b" "$new/c" "$new/d"
mounting='cd "$0" && mount -t overlay o -o lowerdir=a,upperdir=b,workdir=c d && mknod e c 1 3'
if [ "$(id -u)" != 0 ] || ! unshare --mount --pid --net --uts --ipc --fork sh -c "$mounting" "$new" 2>/dev/null; then
  echo "setup-base: containers can't be run here" >&2
  exit 0
fi
command -v mmdebstrap >/dev/null || { echo "setup-base: mmdebstrap is not on the PATH" >&2; exit 1; }
echo "setup-base: unpacking Debian $suite into $home" >&2
mkdir -p "$cache"
rm -rf "$new"
new=$(mktemp -d "$cache/debian.new.XXXXXX")
mmdebstrap --quiet --variant=minbase "$suite" "$new/root" >"$new/log" 2>&1 ||
  { tail -n 20 "$new/log" >&2; exit 1; }
rm "$new/log"
chmod 755 "$new"
echo "$version" >"$new/version"
rm -rf "$home"
mv "$new" "$home"
