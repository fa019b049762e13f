# What your_program.sh, the test command and CI share (bash, sourced): find Bun, install what is missing, build.
# Expects $root, the checkout. Says what it does on standard error, and only when it does something.

# Whether dist/houska is at least as new as all it is built from.
is_built() {
  [ -x "$root/dist/houska" ] && [ -z "$(find "$root/src" "$root/build.ts" "$root/package.json" \
    "$root/package-lock.json" "$root/bunfig.toml" "$root/tsconfig.json" -newer "$root/dist/houska" -print -quit 2>&1)" ]
}

# Installs what is missing for $1, "running" or "developing", and builds. Afterwards $bun is the pinned Bun.
# One process at a time: the others wait here, and then find everything done.
make_ready() {
  mkdir -p "$root/dist" || fail "cannot write to $root/dist"
  # The tools get a folder for temporary files that is sure to be there.
  local usual_tmpdir=${TMPDIR-}
  export TMPDIR=$root/dist/tmp
  lock
  mkdir -p "$TMPDIR"
  if ! is_installed "$1"; then
    install_tools "$1"
    is_installed "$1" || install_tools developing
    is_installed "$1" || fail "the install left out a part of what package.json names, or Bun $(pinned bun) does not run here"
  fi
  is_built || build
  rm -rf "$TMPDIR"
  unlock
  if [ -n "$usual_tmpdir" ]; then TMPDIR=$usual_tmpdir; else unset TMPDIR; fi
}

lock() {
  if command -v flock >/dev/null; then
    exec 9>"$root/dist/lock"
    flock 9
  else
    local holder
    until ln -s $$ "$root/dist/lock.pid" 2>/dev/null; do
      holder=$(readlink "$root/dist/lock.pid") || continue
      kill -0 "$holder" 2>/dev/null || rm -f "$root/dist/lock.pid"
      sleep 0.2
    done
  fi
}

unlock() {
  if command -v flock >/dev/null; then exec 9>&-; else rm -f "$root/dist/lock.pid"; fi
}

# The version that package.json pins for package $1.
pinned() { sed -n "s|^ *\"$1\": \"\([0-9][^\"]*\)\".*|\1|p" "$root/package.json"; }

# Whether the packages that $1 needs and the pinned Bun are there, installed since the lock file last changed.
# Sets $bun.
is_installed() {
  local modules=$root/node_modules name stamp
  for stamp in "$modules/.package-lock.json" "$modules/.installed-by-bun"; do
    [ -e "$stamp" ] && ! [ "$root/package-lock.json" -nt "$stamp" ] && break
    stamp=
  done
  [ -n "$stamp" ] || return 1
  find_bun || return 1
  for name in $(packages "$1"); do
    [ "$name" = bun ] || [ -f "$modules/$name/package.json" ] || return 1
  done
}

# The names of the packages that package.json lists: its dependencies, for developing also its devDependencies.
packages() {
  local sections='"dependencies"'
  [ "$1" = running ] || sections='"d[a-zA-Z]*ependencies"'
  sed -n "/^  $sections: {/,/^  }/s|^    \"\([^\"]*\)\": .*|\1|p" "$root/package.json"
}

# Sets $bun to the first Bun that runs and is of the pinned version. Its package's own script puts it at
# bun/bin; without install scripts it stays in the package of its platform.
find_bun() {
  local version candidate
  version=$(pinned bun)
  for candidate in "$root/node_modules/bun/bin/bun.exe" "$root"/node_modules/@oven/bun-*/bin/bun "$(command -v bun)"; do
    [ -x "$candidate" ] && [ "$("$candidate" --version 2>/dev/null)" = "$version" ] || continue
    bun=$candidate
    return 0
  done
  return 1
}

install_tools() {
  local any_bun
  # A checkout that has the tools for developing keeps them.
  if [ "$1" = developing ] || [ -d "$root/node_modules/typescript" ]; then set -- developing; fi
  if find_bun || ! command -v npm >/dev/null; then
    any_bun=${bun:-$(command -v bun)} || fail "neither npm nor Bun is on the PATH; install one of them"
    say "installing the packages of package.json with Bun"
    # Without the pinned Bun, the one there is has to fetch it along with the tools for developing.
    local production=--production
    if [ "$1" = developing ] || [ -z "${bun:-}" ]; then production=; fi
    quietly "$any_bun" install --cwd "$root" --frozen-lockfile --no-progress $production
    : >"$root/node_modules/.installed-by-bun"
  elif [ "$1" = developing ]; then
    say "installing the packages of package.json with npm"
    quietly npm ci --prefix "$root" --include=dev --include=optional --prefer-offline --no-audit --no-fund
  else
    say "installing Bun $(pinned bun) and the dependencies with npm"
    # Only what the build needs: Bun, though it is listed for developing, as if it were a dependency.
    quietly npm install --prefix "$root" --no-save --save-prod --omit=dev --include=optional --prefer-offline \
      --no-audit --no-fund "bun@$(pinned bun)"
  fi
}

build() {
  say "building dist/houska"
  quietly "$bun" "$root/build.ts"
}

# Runs a command silently; if it fails, shows the end of what it wrote, and stops.
quietly() {
  local output
  output=$("$@" 2>&1 9>&- </dev/null) && return
  printf '%s\n' "$output" | tail -n 20 >&2
  fail "this failed: $*"
}

say() { printf 'houska: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}
