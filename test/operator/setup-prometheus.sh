#!/usr/bin/env bash
# Unpacks Debian's Prometheus into $HOUSKA_TEST_CACHE/prometheus (~/.cache/houska-test/prometheus when that is not set).
# Unpacked and not installed: installing it would make a user and start it as a service. Does nothing when it is there.
set -euo pipefail
cache=${HOUSKA_TEST_CACHE:-$HOME/.cache/houska-test}
home=$cache/prometheus
[ ! -x "$home/usr/bin/promtool" ] || exit 0
for command in apt-get dpkg-deb; do
  command -v "$command" >/dev/null || { echo "setup-prometheus: $command is not on the PATH" >&2; exit 1; }
done
echo "setup-prometheus: unpacking Debian's prometheus into $home" >&2
download=$(mktemp -d)
trap 'rm -rf "$download"' EXIT
(cd "$download" && apt-get download -q prometheus >/dev/null 2>&1) || {
  # The lists of packages may be missing, or name one that has been replaced.
  if [ "$(id -u)" = 0 ]; then apt-get update -q >/dev/null; else sudo -n apt-get update -q >/dev/null; fi
  (cd "$download" && apt-get download -q prometheus >/dev/null)
}
rm -rf "$home"
mkdir -p "$cache"
dpkg-deb --extract "$download"/prometheus_*.deb "$home"
