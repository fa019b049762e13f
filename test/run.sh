#!/usr/bin/env bash
# The test command: test/run.sh [bun test arguments]. Installs what is missing, builds dist/houska, runs the tests.
# Needs npm or Bun. The last line it prints is "N passed, N failed", with ", N skipped" where tests were skipped.
set -euo pipefail
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." >/dev/null && pwd)

. "$root/.ci/tools.sh"
make_ready developing
cd "$root"
exec "$bun" test/run.ts "$@"
