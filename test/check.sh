#!/usr/bin/env bash
# What must hold of the sources before any test runs: types, lint and format, and the shape of the house.
set -euo pipefail
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." >/dev/null && pwd)

. "$root/.ci/tools.sh"
make_ready developing
cd "$root"
"$bun" node_modules/typescript/bin/tsc --noEmit
"$bun" node_modules/@biomejs/biome/bin/biome check --error-on-warnings
# A busy machine takes its time over a thousand files.
"$bun" test --timeout=120000 test/structure
