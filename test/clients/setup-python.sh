#!/usr/bin/env bash
# Makes a Python environment with the Kafka clients that the tests use, in $HOUSKA_TEST_CACHE/python
# (~/.cache/houska-test/python when that is not set). Needs python3 with venv. Does nothing when it is there already.
set -euo pipefail
packages="confluent-kafka==2.16.1 kafka-python==3.0.12"

cache=${HOUSKA_TEST_CACHE:-$HOME/.cache/houska-test}
home=$cache/python
[ "$(cat "$home/packages" 2>/dev/null)" != "$packages" ] || exit 0
echo "setup-python: installing $packages into $home" >&2
rm -rf "$home"
mkdir -p "$cache"
python3 -m venv "$home"
# Each word is a package of its own.
"$home/bin/pip" install --quiet --disable-pip-version-check $packages
echo "$packages" >"$home/packages"
