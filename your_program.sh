#!/usr/bin/env bash
# Starts the broker: your_program.sh [server.properties] [--override key=value ...]
# Installs the tools and builds dist/houska first where that is due; otherwise it adds a few milliseconds.
set -euo pipefail

script=${BASH_SOURCE[0]}
while [ -L "$script" ]; do
  target=$(readlink "$script")
  case $target in /*) script=$target ;; *) script=$(dirname "$script")/$target ;; esac
done
root=$(cd -P -- "$(dirname -- "$script")" >/dev/null && pwd)

. "$root/.ci/tools.sh"
is_built || make_ready running
exec "$root/dist/houska" "$@"
